import { type Instant } from '../../contracts/time';
import { chargeKey } from '../core';
import { LoadedBooks } from './books';
import { textArray, type Statement } from './columns';
import { type Connection } from './connection';
import * as sql from './load-sql';
import { type RawRow } from './rows/cells';
import { chargeFrom } from './rows/entries';
import { grantFrom } from './rows/grants';
import { requestFrom } from './rows/requests';
import { runFrom } from './rows/runs';
import { versionedTeamFrom } from './rows/teams';
import { type Keys, type Wanted } from './wanted';

export interface Loaded {
  readonly now: Instant;
  /** Of the teams that exist. */
  readonly books: Map<string, LoadedBooks>;
  /** Rows of runs and charges of teams that were not asked for: somebody remembers their books. */
  readonly loose: {
    readonly runs: readonly ReturnType<typeof runFrom>[];
    readonly charges: readonly ReturnType<typeof chargeFrom>[];
  };
}

/**
 * Reads what is wanted: one round trip, and at most ten statements whatever the number of operations. With `lock` it
 * begins a transaction and locks the teams, in order, before it reads anything else.
 */
export async function load(
  connection: Connection,
  wanted: Wanted,
  lock: 'lock' | 'no lock',
): Promise<Loaded> {
  const teams = textArray([...wanted.teams]);
  const ask = (
    statement: Statement,
    keys: Keys,
    ...lists: readonly (readonly string[])[]
  ): Promise<readonly RawRow[]> =>
    keys.empty ? NOTHING : connection.query(statement, [textArray(keys.teams), ...lists.map(textArray)]);
  const { runs, ahead, lines, charges, chargesWithGrants, requests } = wanted;
  const some = wanted.teams.size > 0;
  const answers = connection.together(
    () =>
      [
        lock === 'lock' ? connection.command('BEGIN') : null,
        some ? connection.query(lock === 'lock' ? sql.LOCK_TEAMS : sql.TEAMS, [teams]) : NOTHING,
        connection.query(sql.TIME, []),
        some ? connection.query(sql.GRANTS, [teams]) : NOTHING,
        ask(sql.RUNS, runs, runs.first),
        ask(sql.LINE, lines, lines.first),
        ask(sql.AHEAD, ahead, ahead.first),
        ask(sql.CHARGES, charges, charges.first, charges.second),
        ask(sql.GRANTS_OF_CHARGES, chargesWithGrants, chargesWithGrants.first, chargesWithGrants.second),
        ask(sql.REQUESTS, requests, requests.first),
      ] as const,
  );
  const [, teamRows, time, grantRows, runRows, lineRows, aheadRows, chargeRows, moreGrants, requestRows] =
    await allOrFirstError(answers);

  const books = new Map<string, LoadedBooks>();
  for (const row of teamRows) {
    const { team, version } = versionedTeamFrom(row);
    books.set(team.team, new LoadedBooks(team, version));
  }
  for (const { team, grant } of [...grantRows, ...moreGrants].map(grantFrom)) {
    books.get(team)?.grants.set(grant.id, grant);
  }
  const loose: { runs: ReturnType<typeof runFrom>[]; charges: ReturnType<typeof chargeFrom>[] } = {
    runs: [],
    charges: [],
  };
  for (const found of runRows.map(runFrom)) {
    const to = books.get(found.team);
    if (to === undefined) loose.runs.push(found);
    else to.runs.set(found.run.runId, found.run);
  }
  for (const { team, run } of lineRows.map(runFrom)) books.get(team)?.addToLine(run);
  for (const [team, run, count] of aheadRows) books.get(team ?? '')?.ahead.set(run ?? '', Number(count));
  for (const found of chargeRows.map(chargeFrom)) {
    const to = books.get(found.team);
    const { charge } = found;
    if (to === undefined) loose.charges.push(found);
    else to.charges.set(chargeKey(charge.runId, charge.key), charge);
  }
  for (const { team, request } of requestRows.map(requestFrom)) {
    books.get(team)?.requests.set(request.requestId, request);
  }
  return { now: Number(time[0]?.[0]), books, loose };
}

const NOTHING: Promise<readonly RawRow[]> = Promise.resolve([]);

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
