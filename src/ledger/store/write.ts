import { type BatchOutcome, type Books, type TeamChanges } from '../core/types';
import { arrayOf, insertInto, updateOf, type Column, type Placed, type Statement } from './columns';
import { type Connection } from './connection';
import { ENTRY_COLUMNS } from './rows/entries';
import { GRANT_COLUMNS, GRANT_KEYS } from './rows/grants';
import { REQUEST_COLUMNS } from './rows/requests';
import { RUN_CHANGES, RUN_COLUMNS, RUN_KEYS } from './rows/runs';
import { STATEMENT_COLUMNS } from './rows/statements';
import { TEAM_COLUMNS } from './rows/teams';

const INSERT_TEAMS = insertInto('teams', TEAM_COLUMNS);
const UPDATE_TEAMS = updateOf('update_teams', 'teams', TEAM_COLUMNS, 1);
const INSERT_GRANTS = insertInto('grants', GRANT_COLUMNS);
const UPDATE_GRANTS = updateOf('update_grants', 'grants', GRANT_COLUMNS, GRANT_KEYS);
const INSERT_RUNS = insertInto('runs', RUN_COLUMNS);
const UPDATE_RUNS = updateOf('update_runs', 'runs', RUN_CHANGES, RUN_KEYS);
const INSERT_ENTRIES = insertInto('entries', ENTRY_COLUMNS);
const INSERT_STATEMENTS = insertInto('statements', STATEMENT_COLUMNS);
const INSERT_REQUESTS = insertInto('requests', REQUEST_COLUMNS);

/** A statement ready to be sent. */
export interface Write {
  readonly statement: Statement;
  readonly values: readonly string[];
}

/**
 * What a batch changed, as at most nine statements. A row is new iff it was not loaded: every row that a batch changes
 * was, under its team's lock. (`reversed` needs no write: the reversal's entry names the charge.)
 */
export function writesOf(
  changes: BatchOutcome['changes'],
  books: ReadonlyMap<string, Books>,
): readonly Write[] {
  const rows = rowsOf(changes, books);
  const writes: Write[] = [];
  const add = <Row>(
    statement: Statement,
    columns: readonly Column<Row>[],
    placed: readonly Placed<Row>[],
  ): void => {
    if (placed.length === 0) return;
    writes.push({ statement, values: columns.map((column) => arrayOf(column, placed)) });
  };
  add(INSERT_TEAMS, TEAM_COLUMNS, rows.newTeams);
  add(UPDATE_TEAMS, TEAM_COLUMNS, rows.teams);
  add(INSERT_GRANTS, GRANT_COLUMNS, rows.newGrants);
  add(UPDATE_GRANTS, GRANT_COLUMNS, rows.grants);
  add(INSERT_RUNS, RUN_COLUMNS, rows.newRuns);
  add(UPDATE_RUNS, RUN_CHANGES, rows.runs);
  add(INSERT_ENTRIES, ENTRY_COLUMNS, rows.entries);
  add(INSERT_STATEMENTS, STATEMENT_COLUMNS, rows.statements);
  add(INSERT_REQUESTS, REQUEST_COLUMNS, rows.requests);
  return writes;
}

/** Sends the writes and `COMMIT` in one piece. */
export function sendWrites(connection: Connection, writes: readonly Write[]): readonly Promise<unknown>[] {
  return writes.map(({ statement, values }) => connection.query(statement, values));
}

type Placing<Rows> = Rows extends readonly (infer Row)[] ? Placed<Row>[] : never;

function rowsOf(changes: BatchOutcome['changes'], books: ReadonlyMap<string, Books>) {
  const newTeams: Placed<NonNullable<TeamChanges['team']>>[] = [];
  const teams: typeof newTeams = [];
  const newGrants: Placing<TeamChanges['grants']> = [];
  const grants: typeof newGrants = [];
  const newRuns: Placing<TeamChanges['runs']> = [];
  const runs: typeof newRuns = [];
  const entries: Placing<TeamChanges['entries']> = [];
  const statements: Placing<TeamChanges['statements']> = [];
  const requests: Placing<TeamChanges['requests']> = [];
  for (const [team, changed] of changes) {
    const known = books.get(team);
    if (changed.team !== null) (changed.created ? newTeams : teams).push({ team, row: changed.team });
    for (const row of changed.grants) (known?.grants.has(row.id) ? grants : newGrants).push({ team, row });
    for (const row of changed.runs) (known?.runs.has(row.runId) ? runs : newRuns).push({ team, row });
    for (const row of changed.entries) entries.push({ team, row });
    for (const row of changed.statements) statements.push({ team, row });
    for (const row of changed.requests) requests.push({ team, row });
  }
  return { newTeams, teams, newGrants, grants, newRuns, runs, entries, statements, requests };
}
