import { type Part } from './write-sql';

/** How rows become parameters: one array per column, in Postgres's text form, so that one statement writes any number. */

export type Cell = bigint | number | string | boolean | null;
export type SqlType = 'bigint' | 'integer' | 'text' | 'boolean' | 'json' | 'jsonb';

/** A row and the team it belongs to. */
export interface Placed<Row> {
  readonly team: string;
  readonly row: Row;
}

export interface Column<Row> {
  readonly name: string;
  readonly type: SqlType;
  readonly of: (row: Row, team: string) => Cell;
  /** The text is JSON: it has no control characters to look for. */
  readonly json?: true;
}

export interface Statement {
  /** Prepared under this name on each connection. */
  readonly name: string;
  readonly text: string;
}

/** `{1,2,NULL}` or `{"a","b"}`. */
export function arrayOf<Row>(column: Column<Row>, rows: readonly Placed<Row>[]): string {
  const { type, of, json } = column;
  const cells: (string | Exclude<Cell, string | null>)[] = [];
  if (type === 'bigint' || type === 'integer' || type === 'boolean') {
    for (const { row, team } of rows) cells.push(of(row, team) ?? 'NULL');
  } else {
    for (const { row, team } of rows) {
      const cell = of(row, team);
      if (cell === null) cells.push('NULL');
      else cells.push(json ? JSON.stringify(cell) : quote(String(cell)));
    }
  }
  return `{${cells.join(',')}}`;
}

export function textArray(values: readonly string[]): string {
  return `{${values.map(quote).join(',')}}`;
}

const CONTROL = /\p{Cc}/u;

/** `JSON.stringify` is by far the fastest there is, and right where nothing but `"` and `\` has to be escaped. */
function quote(value: string): string {
  return CONTROL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : JSON.stringify(value);
}

/** `unnest($1::text[], $2::bigint[])`. */
export function unnestOf<Row>(columns: readonly Column<Row>[]): string {
  return `unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')})`;
}

function namesOf<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ name }) => name).join(', ');
}

/** Inserts rows that are not there. */
export function insertInto<Row>(code: string, table: string, columns: readonly Column<Row>[]): Part {
  return {
    code,
    parameters: columns.length,
    text:
      `INSERT INTO flow_credits.${table} (${namesOf(columns)}) ` +
      `SELECT * FROM ${unnestOf(columns)} WHERE :gate`,
  };
}

/** Updates rows by the first two columns. */
export function updateOf<Row>(code: string, table: string, columns: readonly Column<Row>[]): Part {
  return {
    code,
    parameters: columns.length,
    text:
      `UPDATE flow_credits.${table} AS t SET ${assignments(columns.slice(2))} ` +
      `FROM ${unnestOf(columns)} AS v (${namesOf(columns)}) ` +
      `WHERE ${columns
        .slice(0, 2)
        .map(({ name }) => `t.${name} = v.${name}`)
        .join(' AND ')} AND :gate`,
  };
}

/** Updates teams that are at the version given last, and counts it up. Locks them in the order they are given in. */
export function updateTeams<Row>(code: string, columns: readonly Column<Row>[]): Part {
  return {
    code,
    checks: true,
    parameters: columns.length + 1,
    text:
      `UPDATE flow_credits.teams AS t SET ${assignments(columns.slice(1))}, version = t.version + 1 ` +
      `FROM ${unnestOf([...columns, EXPECTED])} AS v (${namesOf(columns)}, expected) ` +
      `WHERE t.team_id = v.team_id AND t.version = v.expected RETURNING 1`,
  };
}

/** Only finds teams that are at these versions. */
export const CHECK_TEAMS: Part = {
  code: 'same',
  checks: true,
  parameters: 2,
  text:
    'SELECT 1 FROM unnest($1::text[], $2::bigint[]) AS v (team_id, expected) ' +
    'JOIN flow_credits.teams t ON t.team_id = v.team_id AND t.version = v.expected',
};

const EXPECTED: Column<unknown> = { name: 'expected', type: 'bigint', of: () => null };

function assignments<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ name }) => `${name} = v.${name}`).join(', ');
}

/** A list of columns to select, of a table by its alias. */
export function selectOf<Row>(columns: readonly Column<Row>[], alias: string): string {
  return columns.map(({ name }) => `${alias}.${name}`).join(', ');
}
