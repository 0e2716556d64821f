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

export function insertInto<Row>(table: string, columns: readonly Column<Row>[]): Statement {
  return {
    name: `insert_${table}`,
    text: `INSERT INTO flow_credits.${table} (${namesOf(columns)}) SELECT * FROM ${unnestOf(columns)}`,
  };
}

/** Updates by the first `keys` columns. */
export function updateOf<Row>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  keys: number,
): Statement {
  const set = columns.slice(keys).map((column) => `${column.name} = v.${column.name}`);
  const where = columns.slice(0, keys).map((column) => `t.${column.name} = v.${column.name}`);
  return {
    name,
    text:
      `UPDATE flow_credits.${table} AS t SET ${set.join(', ')} ` +
      `FROM ${unnestOf(columns)} AS v (${namesOf(columns)}) WHERE ${where.join(' AND ')}`,
  };
}

/** A list of columns to select, of a table by its alias. */
export function selectOf<Row>(columns: readonly Column<Row>[], alias: string): string {
  return columns.map(({ name }) => `${alias}.${name}`).join(', ');
}
