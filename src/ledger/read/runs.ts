import { type Json } from '../../contracts/json';
import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type ChargeDetail, type LedgerRunStatus, type Part, type Run } from '../core/types';
import { selectOf } from '../store/columns';
import { partsFrom } from '../store/json';
import { Cells } from '../store/rows/cells';
import { RUN_COLUMNS, runFrom } from '../store/rows/runs';
import { type Page } from './teams';
import { type Query } from './rows';

const RUN = selectOf(RUN_COLUMNS, 'r');

/** A run of a team; null if the ledger never saw it. */
export async function runOf(query: Query, team: string, runId: string): Promise<Run | null> {
  const [row] = await query(`SELECT ${RUN} FROM flow_credits.runs r WHERE r.team_id = $1 AND r.run_id = $2`, [
    team,
    runId,
  ]);
  return row === undefined ? null : runFrom(row).run;
}

/** Runs of a team, newest first, as far as `limit`. */
export async function runsOf(
  query: Query,
  team: string,
  { status, limit }: { readonly status?: LedgerRunStatus; readonly limit: number },
): Promise<readonly Run[]> {
  const rows = await query(
    `SELECT ${RUN} FROM flow_credits.runs r WHERE r.team_id = $1 AND ($2::text IS NULL OR r.status = $2)
     ORDER BY r.asked_at_ms DESC, r.run_id LIMIT $3`,
    [team, status ?? null, limit],
  );
  return rows.map((row) => runFrom(row).run);
}

/** One charge of a run, explained. */
export interface ChargeRow {
  readonly seq: number;
  readonly at: Instant;
  readonly period: number;
  readonly key: string;
  readonly amount: Millicredits;
  readonly parts: readonly Part[];
  readonly detail: ChargeDetail | null;
  readonly late: boolean;
  readonly unreserved: boolean;
  readonly reversedBy: number | null;
}

export async function chargesOf(query: Query, team: string, runId: string): Promise<readonly ChargeRow[]> {
  const rows = await query(
    `SELECT e.seq, e.at_ms, e.period, e.key, e.amount, e.parts, e.detail, e.late, e.unreserved, x.seq
     FROM flow_credits.entries e
     LEFT JOIN flow_credits.entries x ON x.team_id = e.team_id AND x.reverses = e.seq AND x.kind = 'reversal'
     WHERE e.team_id = $1 AND e.run_id = $2 AND e.kind = 'charge' ORDER BY e.seq`,
    [team, runId],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return {
      seq: cells.int(),
      at: cells.int(),
      period: cells.int(),
      key: cells.text(),
      amount: cells.amount(),
      parts: partsFrom(cells.text()),
      detail: detailFrom(cells.textOrNull()),
      late: cells.bool(),
      unreserved: cells.bool(),
      reversedBy: cells.intOrNull(),
    };
  });
}

/** These runs in the order in which they were admitted: that of the entries which set their first credits aside. */
export async function admissionOrder(
  query: Query,
  team: string,
  runIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await query(
    `SELECT run_id FROM flow_credits.entries
     WHERE team_id = $1 AND kind = 'hold' AND run_id = ANY ($2::text[])
     GROUP BY run_id ORDER BY min(seq)`,
    [team, runIds],
  );
  return rows.map((row) => new Cells(row).text());
}

/** JSON that the store wrote. */
function detailFrom(text: string | null): ChargeDetail | null {
  return text === null ? null : (JSON.parse(text) as ChargeDetail & Json);
}

/** Runs that wait or hold, of any team, that asked at least `olderThanMs` ago by the ledger's time. By run id. */
export async function openRuns(
  query: Query,
  { after, limit, olderThanMs }: Page & { readonly olderThanMs: number },
): Promise<readonly (Run & { readonly team: string })[]> {
  const rows = await query(
    `SELECT ${RUN} FROM flow_credits.runs r, flow_credits.ledger_clock c
     WHERE r.status IN ('waiting', 'admitted') AND r.run_id > $1
       AND r.asked_at_ms <= floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + c.offset_ms - $3
     ORDER BY r.run_id LIMIT $2`,
    [after ?? '', limit, olderThanMs],
  );
  return rows.map((row) => {
    const { team, run } = runFrom(row);
    return { ...run, team };
  });
}
