import { type Statement } from './columns';

/**
 * One part of a batch's write: an INSERT or UPDATE of one table. `$1`, `$2` … count its own parameters; `:gate` stands
 * where a condition may stand that must hold before any row is touched.
 */
export interface Part {
  readonly code: string;
  readonly text: string;
  readonly parameters: number;
  /** Returns a row for each team that is at the expected version, or new. */
  readonly checks?: true;
  /** The same for one row, whose cells are the parameters: nothing is unfolded or joined. */
  readonly one?: Part;
}

const statements = new Map<string, Statement>();

/**
 * All parts as one statement: one message, one plan, one answer. The parts that check the versions of teams, or make
 * new ones, come first; all others wait until as many rows were found as the last parameter says, so that the teams are
 * locked before anything else is. There is a statement for each combination of parts that occurs, and each is prepared once.
 */
export function statementOf(parts: readonly Part[]): Statement {
  const combination = parts.map(({ code }) => code).join(' ');
  const known = statements.get(combination);
  if (known !== undefined) return known;
  const made = { name: `write_${statements.size}`, text: textOf(parts) };
  statements.set(combination, made);
  return made;
}

function textOf(parts: readonly Part[]): string {
  let offset = 0;
  const numbered = parts.map((part) => {
    const text = part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`);
    offset += part.parameters;
    return { ...part, text };
  });
  const checks = numbered.filter((part) => part.checks === true);
  const seen = checks.map(({ code }) => `(SELECT count(*) FROM ${code})`).join(' + ');
  return (
    withAll([
      ...checks.map(({ code, text }) => `${code} AS (${text})`),
      `checked AS MATERIALIZED (SELECT flow_credits.expect_rows(${seen}, $${offset + 1}::bigint) AS ok)`,
      ...numbered
        .filter((part) => part.checks !== true)
        .map(({ code, text }) => `${code} AS (${text.replace(':gate', '(SELECT ok FROM checked)')})`),
    ]) + 'SELECT ok FROM checked'
  );
}

function withAll(expressions: readonly string[]): string {
  return `WITH ${expressions.join(',\n')}\n`;
}
