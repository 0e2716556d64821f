import { type Statement } from '../core/types';
import { selectOf } from '../store/columns';
import { STATEMENT_COLUMNS, statementFrom } from '../store/rows/statements';
import { type Query } from './rows';

/** Statements of a team, newest first; of periods `before` one. */
export async function newestStatements(
  query: Query,
  team: string,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly Statement[]> {
  const rows = await query(
    `SELECT ${selectOf(STATEMENT_COLUMNS, 's')} FROM flow_credits.statements s
     WHERE s.team_id = $1 AND s.period < coalesce($2, 9223372036854775807) ORDER BY s.period DESC LIMIT $3`,
    [team, before ?? null, limit],
  );
  return rows.map((row) => statementFrom(row).statement);
}

/** Statements of a team, oldest first. */
export async function statementsOf(query: Query, team: string): Promise<readonly Statement[]> {
  const rows = await query(
    `SELECT ${selectOf(STATEMENT_COLUMNS, 's')} FROM flow_credits.statements s WHERE s.team_id = $1 ORDER BY s.period`,
    [team],
  );
  return rows.map((row) => statementFrom(row).statement);
}
