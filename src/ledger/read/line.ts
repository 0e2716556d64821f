import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type Run } from '../core/types';
import { Cells } from '../store/rows/cells';
import { RUN_STATUSES } from '../store/rows/words';
import { type Query } from './rows';

/** A run in the line of its team. */
export interface InLine {
  readonly runId: string;
  readonly workflowId: string;
  readonly flow: string;
  /** Counts from 1. */
  readonly place: number;
  readonly since: Instant;
  /** The least it will use. */
  readonly least: Millicredits;
}

/** Who waits, in order; `after` so many from the head. */
export async function lineOf(
  query: Query,
  team: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly InLine[]> {
  const rows = await query(
    `SELECT run_id, workflow_id, flow, asked_at_ms, least FROM flow_credits.runs
     WHERE team_id = $1 AND status = 'waiting' ORDER BY place OFFSET $2 LIMIT $3`,
    [team, after, limit],
  );
  return rows.map((row, index) => {
    const cells = new Cells(row);
    return {
      runId: cells.text(),
      workflowId: cells.text(),
      flow: cells.text(),
      place: after + index + 1,
      since: cells.int(),
      least: cells.amount(),
    };
  });
}

/** The present place of a waiting run, counted from 1; null if it does not wait. */
export async function placeOf(query: Query, team: string, runId: string): Promise<number | null> {
  const [row] = await query(
    `SELECT (SELECT count(*) FROM flow_credits.runs b
             WHERE b.team_id = r.team_id AND b.status = 'waiting' AND b.place <= r.place)
     FROM flow_credits.runs r WHERE r.team_id = $1 AND r.run_id = $2 AND r.status = 'waiting'`,
    [team, runId],
  );
  return row === undefined ? null : new Cells(row).int();
}

export type UntoldRun = Pick<Run, 'runId' | 'workflowId' | 'status' | 'closeReason'>;

/** Runs that were admitted from the line, or put out of it, and not told so; in the line's order. */
export async function untoldOf(query: Query, team: string, limit: number): Promise<readonly UntoldRun[]> {
  const rows = await query(
    `SELECT run_id, workflow_id, status, close_reason FROM flow_credits.runs
     WHERE team_id = $1 AND tell ORDER BY place LIMIT $2`,
    [team, limit],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return {
      runId: cells.text(),
      workflowId: cells.text(),
      status: cells.word(RUN_STATUSES),
      closeReason: cells.textOrNull(),
    };
  });
}
