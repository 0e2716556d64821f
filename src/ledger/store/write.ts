import { type BatchOutcome, type TeamChanges } from '../core/types';
import { type LoadedBooks } from './books';
import {
  arrayOf,
  CHECK_TEAMS,
  insertInto,
  insertTeams,
  parametersOf,
  textArray,
  updateOf,
  updateTeams,
  type Column,
  type Placed,
  type Statement,
} from './columns';
import { ENTRY_COLUMNS } from './rows/entries';
import { EVENT_COLUMNS } from './rows/events';
import { GRANT_COLUMNS } from './rows/grants';
import { REQUEST_COLUMNS } from './rows/requests';
import { RUN_CHANGES, RUN_COLUMNS, RUN_POOL, sameLife } from './rows/runs';
import { STATEMENT_COLUMNS } from './rows/statements';
import { sameSettings, TEAM_BALANCES, TEAM_COLUMNS, type Version } from './rows/teams';
import { statementOf, type Part } from './write-sql';

const UPDATE_BALANCES = updateTeams('balances', TEAM_BALANCES);
const UPDATE_TEAMS = updateTeams('teams', TEAM_COLUMNS);
const INSERT_TEAMS = insertTeams('new_teams', TEAM_COLUMNS);
const INSERT_GRANTS = insertInto('new_grants', 'grants', GRANT_COLUMNS);
const UPDATE_GRANTS = updateOf('grants', 'grants', GRANT_COLUMNS);
const INSERT_RUNS = insertInto('new_runs', 'runs', RUN_COLUMNS);
const UPDATE_RUNS = updateOf('runs', 'runs', RUN_CHANGES);
const UPDATE_POOLS = updateOf('pools', 'runs', RUN_POOL);
const INSERT_ENTRIES = insertInto('entries', 'entries', ENTRY_COLUMNS);
const INSERT_STATEMENTS = insertInto('statements', 'statements', STATEMENT_COLUMNS);
const INSERT_EVENTS = insertInto('events', 'events', EVENT_COLUMNS);
const INSERT_REQUESTS = insertInto('requests', 'requests', REQUEST_COLUMNS);

/** A statement ready to be sent. */
export interface Write {
  readonly statement: Statement;
  readonly values: readonly (string | number | null)[];
}

/** A team whose row must be at this version, changed or not. */
type AtVersion<Row> = Placed<Row> & { readonly version: Version };

/**
 * What a batch changed, as one statement, which fails if a team was changed by somebody else since its books were read.
 * A row is new iff it was not loaded. `writer` signs the versions that it makes. Null if there is nothing to write or to
 * check.
 */
export function writeOf(
  changes: BatchOutcome['changes'],
  books: ReadonlyMap<string, LoadedBooks>,
  writer: number,
): Write | null {
  const rows = rowsOf(changes, books);
  const parts: Part[] = [];
  const values: (string | number | null)[] = [];
  let checked = 0;
  const add = <Row>(part: Part, columns: readonly Column<Row>[], placed: readonly Placed<Row>[]): void => {
    const [first] = placed;
    if (first === undefined) return;
    if (placed.length === 1 && part.one !== undefined) {
      parts.push(part.one);
      values.push(...parametersOf(columns, first));
      return;
    }
    parts.push(part);
    for (const column of columns) values.push(arrayOf(column, placed));
  };
  const addTeams = <Row>(
    part: Part,
    columns: readonly Column<Row>[],
    placed: readonly AtVersion<Row>[],
  ): void => {
    const [first] = placed;
    if (first === undefined) return;
    add(part, columns, placed);
    const { count, writer: signed } = first.version;
    values.push(...(placed.length === 1 ? [count, signed] : versionsOf(placed)), writer);
    checked += placed.length;
  };
  addTeams(UPDATE_BALANCES, TEAM_BALANCES, rows.balances);
  addTeams(UPDATE_TEAMS, TEAM_COLUMNS, rows.teams);
  if (rows.unchanged.length > 0) {
    parts.push(CHECK_TEAMS);
    values.push(textArray(rows.unchanged.map(({ team }) => team)), ...versionsOf(rows.unchanged));
    checked += rows.unchanged.length;
  }
  add(INSERT_TEAMS, TEAM_COLUMNS, rows.newTeams);
  checked += rows.newTeams.length;
  add(INSERT_GRANTS, GRANT_COLUMNS, rows.newGrants);
  add(UPDATE_GRANTS, GRANT_COLUMNS, rows.grants);
  add(INSERT_RUNS, RUN_COLUMNS, rows.newRuns);
  add(UPDATE_RUNS, RUN_CHANGES, rows.runs);
  add(UPDATE_POOLS, RUN_POOL, rows.pools);
  add(INSERT_ENTRIES, ENTRY_COLUMNS, rows.entries);
  add(INSERT_STATEMENTS, STATEMENT_COLUMNS, rows.statements);
  add(INSERT_REQUESTS, REQUEST_COLUMNS, rows.requests);
  add(INSERT_EVENTS, EVENT_COLUMNS, rows.events);
  if (parts.length === 0) return null;
  return { statement: statementOf(parts), values: [...values, checked] };
}

function versionsOf(placed: readonly { readonly version: Version }[]): [string, string] {
  return [
    `{${placed.map(({ version }) => version.count).join(',')}}`,
    `{${placed.map(({ version }) => version.writer).join(',')}}`,
  ];
}

type Rows<List> = List extends readonly (infer Row)[] ? Placed<Row>[] : never;

interface RowsToWrite {
  readonly newTeams: Placed<NonNullable<TeamChanges['team']>>[];
  readonly teams: AtVersion<NonNullable<TeamChanges['team']>>[];
  readonly balances: AtVersion<NonNullable<TeamChanges['team']>>[];
  readonly unchanged: AtVersion<null>[];
  readonly newGrants: Rows<TeamChanges['grants']>;
  readonly grants: Rows<TeamChanges['grants']>;
  readonly newRuns: Rows<TeamChanges['runs']>;
  readonly runs: Rows<TeamChanges['runs']>;
  readonly pools: Rows<TeamChanges['runs']>;
  readonly entries: Rows<TeamChanges['entries']>;
  readonly statements: Rows<TeamChanges['statements']>;
  readonly requests: Rows<TeamChanges['requests']>;
  readonly events: Rows<TeamChanges['events']>;
}

function rowsOf(changes: BatchOutcome['changes'], books: ReadonlyMap<string, LoadedBooks>): RowsToWrite {
  const rows: RowsToWrite = {
    newTeams: [],
    teams: [],
    balances: [],
    unchanged: [],
    newGrants: [],
    grants: [],
    newRuns: [],
    runs: [],
    pools: [],
    entries: [],
    statements: [],
    requests: [],
    events: [],
  };
  // In order of the key: two transactions that change the same teams never wait for each other in a circle.
  for (const team of [...new Set([...books.keys(), ...changes.keys()])].sort()) {
    const known = books.get(team);
    const changed = changes.get(team);
    if (changed === undefined) {
      if (known !== undefined) rows.unchanged.push({ team, row: null, version: known.version });
      continue;
    }
    const row = changed.team ?? known?.team;
    if (row === undefined) throw new Error(`team "${team}" changed, but it is not there`);
    if (known === undefined) rows.newTeams.push({ team, row });
    else
      (sameSettings(row, known.team) ? rows.balances : rows.teams).push({
        team,
        row,
        version: known.version,
      });
    for (const grant of changed.grants) {
      (known?.grants.has(grant.id) ? rows.grants : rows.newGrants).push({ team, row: grant });
    }
    for (const run of changed.runs) {
      const before = known?.runs.get(run.runId);
      if (before === undefined) rows.newRuns.push({ team, row: run });
      else (sameLife(run, before) ? rows.pools : rows.runs).push({ team, row: run });
    }
    for (const entry of changed.entries) rows.entries.push({ team, row: entry });
    for (const statement of changed.statements) rows.statements.push({ team, row: statement });
    for (const request of changed.requests) rows.requests.push({ team, row: request });
    for (const event of changed.events) rows.events.push({ team, row: event });
  }
  return rows;
}
