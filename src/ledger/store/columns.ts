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
}

export interface Statement {
  /** Prepared under this name on each connection. */
  readonly name: string;
  readonly text: string;
}

/** `{1,2,NULL}` or `{"a","b"}`. */
export function arrayOf<Row>({ type, of }: Column<Row>, rows: readonly Placed<Row>[]): string {
  const quoted = type === 'text' || type === 'json' || type === 'jsonb';
  let text = '{';
  for (let index = 0; index < rows.length; index += 1) {
    const placed = rows[index];
    if (placed === undefined) break;
    const cell = of(placed.row, placed.team);
    if (index > 0) text += ',';
    if (cell === null) text += 'NULL';
    else if (quoted) text += quote(String(cell));
    else text += String(cell);
  }
  return `${text}}`;
}

export function textArray(values: readonly string[]): string {
  return `{${values.map(quote).join(',')}}`;
}

const SPECIAL = /["\\]/;

function quote(value: string): string {
  return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
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
