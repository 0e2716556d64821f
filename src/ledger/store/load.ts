import { type Instant } from '../../contracts/time';
import { chargeKey } from '../core';
import { type Grant, type PastCharge, type RequestRecord, type Run } from '../core/types';
import { LoadedBooks } from './books';
import { textArray, type Statement } from './columns';
import { type Connection } from './connection';
import * as sql from './load-sql';
import { type RawRow } from './rows/cells';
import { chargeFrom } from './rows/entries';
import { grantFrom } from './rows/grants';
import { requestFrom } from './rows/requests';
import { runFrom } from './rows/runs';
import { versionedTeamFrom, type VersionedTeam } from './rows/teams';
import { type Keys, type Wanted } from './wanted';

/** What was found of one team. */
export class Found {
  row: VersionedTeam | null = null;
  readonly grants = new Map<number, Grant>();
  readonly runs = new Map<string, Run>();
  readonly line: string[] = [];
  readonly ahead = new Map<string, number>();
  readonly charges = new Map<string, PastCharge>();
  readonly requests = new Map<string, RequestRecord>();
}

export interface Loaded {
  readonly now: Instant;
  readonly found: ReadonlyMap<string, Found>;
}

/**
 * Reads what is wanted: one round trip, and a dozen statements at most, whatever the number of operations (but for one
 * a filter of waiting runs). With `lock` it
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
  const { runs, ahead, lines, charges, chargesWithGrants, chargesOfRuns, requests, sameFlow } = wanted;
  const some = wanted.teams.size > 0;
  const answers = connection.together(
    () =>
      [
        lock === 'lock' ? connection.command('BEGIN') : null,
        some ? connection.query(lock === 'lock' ? sql.LOCK_TEAMS : sql.TEAMS, [teams]) : NOTHING,
        connection.query(sql.TIME_AND_CHARGES, [charges.teams, charges.first, charges.second].map(textArray)),
        some ? connection.query(sql.GRANTS, [teams]) : NOTHING,
        ask(sql.RUNS, runs, runs.first),
        ask(sql.LINE, lines, lines.first),
        ask(sql.AHEAD, ahead, ahead.first),
        ask(sql.GRANTS_OF_CHARGES, chargesWithGrants, chargesWithGrants.first, chargesWithGrants.second),
        ask(sql.REQUESTS, requests, requests.first),
        ask(sql.CHARGES_OF_RUNS, chargesOfRuns, chargesOfRuns.first),
        ask(sql.GRANTS_OF_RUNS, chargesOfRuns, chargesOfRuns.first),
        waitingRuns(
          connection,
          wanted,
          ask(sql.SAME_FLOW, sameFlow, sameFlow.first, sameFlow.second, [...wanted.newBacklogs]),
        ),
      ] as const,
  );
  const [
    ,
    teamRows,
    chargeRows,
    grantRows,
    runRows,
    lineRows,
    aheadRows,
    moreGrants,
    requestRows,
    ...others
  ] = await allOrFirstError(answers);
  const [chargesOfRunRows, grantsOfRunRows, otherRuns] = others;

  const found = new Map<string, Found>();
  const of = (team: string): Found => {
    const known = found.get(team);
    if (known !== undefined) return known;
    const made = new Found();
    found.set(team, made);
    return made;
  };
  for (const row of teamRows.map(versionedTeamFrom)) of(row.team.team).row = row;
  for (const row of grantRows) addGrant(of, row);
  for (const row of moreGrants) addGrant(of, row);
  for (const row of grantsOfRunRows) addGrant(of, row);
  for (const rows of [runRows, ...otherRuns]) {
    for (const { team, run } of rows.map(runFrom)) of(team).runs.set(run.runId, run);
  }
  for (const { team, run } of lineRows.map(runFrom)) {
    of(team).runs.set(run.runId, run);
    of(team).line.push(run.runId);
  }
  for (const [team, run, count] of aheadRows) of(team ?? '').ahead.set(run ?? '', Number(count));
  for (const [, ...row] of chargeRows) if (row[0] !== null) addCharge(of, row); // else only the time
  for (const row of chargesOfRunRows) addCharge(of, row);
  for (const { team, request } of requestRows.map(requestFrom))
    of(team).requests.set(request.requestId, request);
  return { now: connection.timeOf(Number(chargeRows[0]?.[0])), found };
}

/** Waiting runs that an admission may put out of the line, those that a filter means, and those unheard of. */
function waitingRuns(
  connection: Connection,
  { matching, starting }: Wanted,
  sameFlow: Promise<readonly RawRow[]>,
): Promise<readonly (readonly RawRow[])[]> {
  const filtered = matching.map(({ team, filter: { flow, trigger, before, runIds, most } }) =>
    connection.query(sql.MATCHING, [
      team,
      flow,
      trigger,
      before,
      runIds === null ? null : textArray(runIds),
      most,
    ]),
  );
  const unheard = starting.size === 0 ? NOTHING : connection.query(sql.STARTING, [textArray([...starting])]);
  return allOrFirstError([sameFlow, unheard, ...filtered]);
}

function addCharge(of: (team: string) => Found, row: RawRow): void {
  const { team, charge } = chargeFrom(row);
  of(team).charges.set(chargeKey(charge.runId, charge.key), charge);
}

function addGrant(of: (team: string) => Found, row: RawRow): void {
  const { team, grant } = grantFrom(row);
  of(team).grants.set(grant.id, grant);
}

/** The books of the teams that exist, of what was found alone. */
export function booksOf({ found }: Loaded): ReadonlyMap<string, LoadedBooks> {
  const all = new Map<string, LoadedBooks>();
  for (const [team, { row, grants, runs, line, ahead, charges, requests }] of found) {
    if (row === null) continue;
    const books = new LoadedBooks(row.team, row.version, grants);
    for (const [id, run] of runs) books.runs.set(id, run);
    books.line.push(...line);
    for (const [id, count] of ahead) books.ahead.set(id, count);
    for (const [key, charge] of charges) books.charges.set(key, charge);
    for (const [id, request] of requests) books.requests.set(id, request);
    all.set(team, books);
  }
  return all;
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
