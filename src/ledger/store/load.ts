import { type Instant } from '../../contracts/time';
import { chargeKey, needs } from '../core';
import { type Operation } from '../core/operations';
import {
  type Books,
  type Grant,
  type PastCharge,
  type RequestRecord,
  type Run,
  type Team,
} from '../core/types';
import { textArray, type Statement } from './columns';
import { type Connection } from './connection';
import * as sql from './load-sql';
import { amountFrom } from './json';
import { type RawRow } from './rows/cells';
import { chargeFrom } from './rows/entries';
import { grantFrom } from './rows/grants';
import { requestFrom } from './rows/requests';
import { runFrom } from './rows/runs';
import { teamFrom } from './rows/teams';

export interface Loaded {
  readonly now: Instant;
  /** Of the teams that exist. */
  readonly books: ReadonlyMap<string, Books>;
}

/** Pairs, or triples, of keys as parallel lists. */
class Keys {
  readonly teams: string[] = [];
  readonly first: string[] = [];
  readonly second: string[] = [];

  add(team: string, first: string, second = ''): void {
    this.teams.push(team);
    this.first.push(first);
    this.second.push(second);
  }

  get empty(): boolean {
    return this.teams.length === 0;
  }
}

/**
 * Sends `BEGIN`, locks the teams of the operations in order, and loads what the core needs of them: one round trip, and
 * at most nine statements whatever the number of operations. What is loaded is read after the locks were taken.
 */
export async function lockAndLoad(connection: Connection, operations: readonly Operation[]): Promise<Loaded> {
  const wanted = whatIsNeeded(operations);
  const teams = textArray(wanted.teams);
  const answers = connection.together(() => {
    const ask = (
      statement: Statement,
      keys: Keys,
      ...lists: readonly (readonly string[])[]
    ): Promise<readonly RawRow[]> =>
      keys.empty
        ? Promise.resolve([])
        : connection.query(statement, [textArray(keys.teams), ...lists.map(textArray)]);
    const { runs, ahead, lines, charges, chargesWithGrants, requests } = wanted;
    return [
      connection.command('BEGIN'),
      connection.query(sql.LOCK_TEAMS, [teams]),
      connection.query(sql.TIME_AND_GRANTS, [teams]),
      ask(sql.RUNS, runs, runs.first),
      ask(sql.LINE, lines, lines.first),
      ask(sql.AHEAD, ahead, ahead.first),
      ask(sql.CHARGES, charges, charges.first, charges.second),
      ask(sql.GRANTS_OF_CHARGES, chargesWithGrants, chargesWithGrants.first, chargesWithGrants.second),
      ask(sql.REQUESTS, requests, requests.first),
    ] as const;
  });
  const [, teamRows, grantRows, runRows, lineRows, aheadRows, chargeRows, moreGrants, requestRows] =
    await allOrFirstError(answers);

  const books = new Map(teamRows.map(teamFrom).map((team) => [team.team, new LoadedBooks(team)]));
  for (const [, ...row] of grantRows) {
    if (row[0] !== null) place(books, grantFrom(row), (to, { grant }) => to.grants.set(grant.id, grant));
  }
  for (const row of moreGrants)
    place(books, grantFrom(row), (to, { grant }) => to.grants.set(grant.id, grant));
  for (const row of runRows) place(books, runFrom(row), (to, { run }) => to.runs.set(run.runId, run));
  for (const row of lineRows)
    place(books, runFrom(row), (to, { run }) => {
      to.addToLine(run);
    });
  for (const [team, run, count] of aheadRows) books.get(team ?? '')?.ahead.set(run ?? '', Number(count));
  for (const row of chargeRows) {
    place(books, chargeFrom(row), (to, { charge }) =>
      to.charges.set(chargeKey(charge.runId, charge.key), charge),
    );
  }
  for (const row of requestRows) {
    place(books, requestFrom(row), (to, { request }) => to.requests.set(request.requestId, request));
  }
  return { now: Number(amountFrom(grantRows[0]?.[0] ?? '')), books };
}

/** Waits for all, so that no answer comes after the transaction was given up; throws the first error. */
export async function allOrFirstError<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(promises);
  } catch (error) {
    await Promise.allSettled(promises);
    throw error;
  }
}

function place<T extends { readonly team: string }>(
  books: ReadonlyMap<string, LoadedBooks>,
  row: T,
  put: (to: LoadedBooks, row: T) => void,
): void {
  const to = books.get(row.team);
  if (to !== undefined) put(to, row);
}

class LoadedBooks implements Books {
  readonly grants = new Map<number, Grant>();
  readonly runs = new Map<string, Run>();
  readonly line: string[] = [];
  readonly ahead = new Map<string, number>();
  readonly charges = new Map<string, PastCharge>();
  readonly requests = new Map<string, RequestRecord>();

  constructor(readonly team: Team) {}

  addToLine(run: Run): void {
    this.runs.set(run.runId, run);
    this.line.push(run.runId);
  }
}

function whatIsNeeded(operations: readonly Operation[]): {
  readonly teams: readonly string[];
  readonly runs: Keys;
  readonly ahead: Keys;
  readonly lines: Keys;
  readonly charges: Keys;
  readonly chargesWithGrants: Keys;
  readonly requests: Keys;
} {
  const teams = new Set<string>();
  const seen = new Set<string>();
  const lineLengths = new Map<string, number>();
  const keys = {
    runs: new Keys(),
    ahead: new Keys(),
    lines: new Keys(),
    charges: new Keys(),
    chargesWithGrants: new Keys(),
    requests: new Keys(),
  };
  const add = (list: Exclude<keyof typeof keys, 'lines'>, team: string, first: string, second = ''): void => {
    const id = `${list}\n${team}\n${first}\n${second}`;
    if (seen.has(id)) return;
    seen.add(id);
    keys[list].add(team, first, second);
  };
  for (const operation of operations) {
    const { team, runs, ahead, line, charges, grantsOfCharges, requests } = needs(operation);
    teams.add(team);
    for (const runId of runs) add('runs', team, runId);
    for (const runId of ahead) add('ahead', team, runId);
    for (const { runId, key } of charges) {
      add('charges', team, runId, key);
      if (grantsOfCharges) add('chargesWithGrants', team, runId, key);
    }
    for (const requestId of requests) add('requests', team, requestId);
    // Releases within one batch follow one another along the line.
    if (line > 0) lineLengths.set(team, (lineLengths.get(team) ?? 0) + line);
  }
  for (const [team, length] of lineLengths) keys.lines.add(team, String(length));
  return { teams: [...teams], ...keys };
}
