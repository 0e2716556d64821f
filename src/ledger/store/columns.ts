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
  /** Never null, and mostly the same in all rows of a batch: it is then sent once for all of them. */
  readonly repeats?: true;
}

export interface Statement {
  /** Prepared under this name on each connection. */
  readonly name: string;
  readonly text: string;
}

/**
 * `{1,2,NULL}` or `{"a","b"}`. A column of nulls is sent as `{}`, and one that repeats as its first cell alone: the
 * statement makes up what is missing (see {@link rowsOf}).
 */
export function arrayOf<Row>(column: Column<Row>, rows: readonly Placed<Row>[]): string {
  const { type, of, json, repeats } = column;
  const cells = rows.map(({ row, team }) => of(row, team));
  const [first = null] = cells;
  const sent = (first === null || repeats) && cells.every((cell) => cell === first) ? [first] : cells;
  if (first === null && sent.length === 1) return '{}';
  const isText = type !== 'bigint' && type !== 'integer' && type !== 'boolean';
  let text = '';
  for (const cell of sent) {
    if (cell === null && repeats) throw new Error(`column ${column.name} is never null`);
    if (text !== '') text += ',';
    if (cell === null) text += 'NULL';
    else if (!isText) text += String(cell);
    else text += json ? JSON.stringify(cell) : quote(String(cell));
  }
  return `{${text}}`;
}

/** The cells of a row as parameters of their own. */
export function parametersOf<Row>(
  columns: readonly Column<Row>[],
  { row, team }: Placed<Row>,
): readonly (string | null)[] {
  return columns.map(({ of }) => {
    const cell = of(row, team);
    return cell === null ? null : String(cell);
  });
}

export function textArray(values: readonly string[]): string {
  return `{${values.map(quote).join(',')}}`;
}

/** `JSON.stringify` is by far the fastest there is, and right where it escapes nothing. */
function quote(value: string): string {
  const quoted = JSON.stringify(value);
  return quoted.length === value.length + 2 ? quoted : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * The rows of the arrays `$1::text[], $2::bigint[]`, as `v`. Short arrays end in nulls. As a list of `unnest`s to select
 * it streams; in FROM each of them would be stored away first.
 */
function rowsOf<Row>(columns: readonly Column<Row>[]): string {
  const cells = columns.map(({ name, type }, index) => `unnest($${index + 1}::${type}[]) AS ${name}`);
  return `(SELECT ${cells.join(', ')}) AS v`;
}

interface NamedCell {
  readonly name: string;
  /** The expression that gives it. */
  readonly cell: string;
}

/** A cell of a row `v`: the array's first where it repeats. */
function cellsOf<Row>(columns: readonly Column<Row>[]): readonly NamedCell[] {
  return columns.map(({ name, type, repeats }, index) => ({
    name,
    cell: repeats ? `coalesce(v.${name}, ($${index + 1}::${type}[])[1])` : `v.${name}`,
  }));
}

/** Cells of one row, each a parameter of its own. */
function parameters<Row>(columns: readonly Column<Row>[]): readonly NamedCell[] {
  return columns.map(({ name, type }, index) => ({ name, cell: `$${index + 1}::${type}` }));
}

/** Inserts rows that are not there. */
export function insertInto<Row>(code: string, table: string, columns: readonly Column<Row>[]): Part {
  const cells = cellsOf(columns);
  return {
    code,
    parameters: columns.length,
    text:
      `INSERT INTO flow_credits.${table} (${cells.map(({ name }) => name).join(', ')}) ` +
      `SELECT ${cells.map(({ cell }) => cell).join(', ')} FROM ${rowsOf(columns)} WHERE :gate`,
  };
}

/**
 * Inserts teams before anything else of them: of two processes that create the same team the second fails here, and
 * finds it there when it tries again. Postgres would come to it last, after their entries.
 */
export function insertTeams<Row>(code: string, columns: readonly Column<Row>[]): Part {
  const { text, ...part } = insertInto(code, 'teams', columns);
  return { ...part, checks: true, text: `${text.replace(':gate', 'true')} RETURNING 1` };
}

/** Updates rows by the first two columns. */
export function updateOf<Row>(code: string, table: string, columns: readonly Column<Row>[]): Part {
  const cells = cellsOf(columns);
  const own = parameters(columns);
  return {
    code,
    parameters: columns.length,
    one: {
      code: `${code}_1`,
      parameters: columns.length,
      text:
        `UPDATE flow_credits.${table} AS t SET ${assignments(own.slice(2))} ` +
        `WHERE ${keyIs(own)} AND :gate`,
    },
    text:
      `UPDATE flow_credits.${table} AS t SET ${assignments(cells.slice(2))} FROM ${rowsOf(columns)} ` +
      `WHERE ${keyIs(cells)} AND :gate`,
  };
}

/**
 * Updates teams that are at the versions given last, counts them up, and signs them with the last parameter. Locks them
 * in the order they are given in.
 */
export function updateTeams<Row>(code: string, columns: readonly Column<Row>[]): Part {
  const [count, writer, own] = [1, 2, 3].map((n) => `$${columns.length + n}`);
  const next = `version = t.version + 1, writer = ${own ?? ''}::bigint`;
  const same = { checks: true, parameters: columns.length + 3 } as const;
  return {
    ...same,
    code,
    one: {
      ...same,
      code: `${code}_1`,
      text:
        `UPDATE flow_credits.teams AS t SET ${assignments(parameters(columns).slice(1))}, ${next} ` +
        `WHERE t.team_id = $1::text AND t.version = ${count ?? ''}::bigint AND t.writer = ${writer ?? ''}::bigint RETURNING 1`,
    },
    text:
      `UPDATE flow_credits.teams AS t SET ${assignments(cellsOf(columns).slice(1))}, ${next} ` +
      `FROM ${rowsOf([...columns, ...EXPECTED])} ` +
      `WHERE t.team_id = v.team_id AND t.version = v.expected AND t.writer = v.signed RETURNING 1`,
  };
}

/** Only finds teams that are at these versions. */
export const CHECK_TEAMS: Part = {
  code: 'same',
  checks: true,
  parameters: 3,
  text:
    'SELECT 1 FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS v (team_id, expected, signed) ' +
    'JOIN flow_credits.teams t ON t.team_id = v.team_id AND t.version = v.expected AND t.writer = v.signed',
};

const EXPECTED: readonly Column<unknown>[] = ['expected', 'signed'].map((name) => ({
  name,
  type: 'bigint',
  of: () => null,
}));

/** The first two columns are the key. */
function keyIs(cells: readonly NamedCell[]): string {
  return cells
    .slice(0, 2)
    .map(({ name, cell }) => `t.${name} = ${cell}`)
    .join(' AND ');
}

function assignments(cells: readonly NamedCell[]): string {
  return cells.map(({ name, cell }) => `${name} = ${cell}`).join(', ');
}

/** A list of columns to select, of a table by its alias. */
export function selectOf<Row>(columns: readonly Column<Row>[], alias: string): string {
  return columns.map(({ name }) => `${alias}.${name}`).join(', ');
}
