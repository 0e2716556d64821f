import { type Millicredits } from '../../contracts/millicredits';
import { type Statement } from '../core/types';
import { selectOf } from '../store/columns';
import { Cells } from '../store/rows/cells';
import { STATEMENT_COLUMNS, statementFrom } from '../store/rows/statements';
import { type Query } from './rows';

/** Statements of a team, oldest first. */
export async function statementsOf(query: Query, team: string): Promise<readonly Statement[]> {
  const rows = await query(
    `SELECT ${selectOf(STATEMENT_COLUMNS, 's')} FROM flow_credits.statements s WHERE s.team_id = $1 ORDER BY s.period`,
    [team],
  );
  return rows.map((row) => statementFrom(row).statement);
}

/** What a team was charged for in one period, by one flow and one block or activity type. */
export interface UsageRow {
  readonly flow: string;
  readonly type: string;
  readonly charges: number;
  /** Less what was reversed. */
  readonly amount: Millicredits;
}

/** Usage of a period by flow and type, dearest first. A reversal counts where its charge was made. */
export async function usageOf(query: Query, team: string, period: number): Promise<readonly UsageRow[]> {
  const rows = await query(
    `SELECT r.flow, coalesce(e.detail::json ->> 'type', e.key), count(*),
            sum(CASE WHEN x.seq IS NULL THEN e.amount ELSE 0 END)
     FROM flow_credits.entries e
     JOIN flow_credits.runs r ON r.team_id = e.team_id AND r.run_id = e.run_id
     LEFT JOIN flow_credits.entries x ON x.team_id = e.team_id AND x.reverses = e.seq AND x.kind = 'reversal'
     WHERE e.team_id = $1 AND e.period = $2 AND e.kind = 'charge'
     GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2`,
    [team, period],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return { flow: cells.text(), type: cells.text(), charges: cells.int(), amount: cells.amount() };
  });
}
