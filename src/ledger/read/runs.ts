import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import {
  type ChargeDetail,
  type LedgerRunStatus,
  type Part,
  type PastReversal,
  type Run,
} from '../core/types';
import { selectOf } from '../store/columns';
import { partsFrom } from '../store/json';
import { Cells } from '../store/rows/cells';
import { detailFrom, REVERSALS, reversalsFrom } from '../store/rows/entries';
import { RUN_COLUMNS, runFrom } from '../store/rows/runs';
import { type RunCursor } from './cursor';
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

/**
 * A run by the ledger's id, or the latest of a workflow id; null if the ledger never saw it. The ledger's id begins
 * with the workflow's: so both are one range of the key.
 */
export async function findRun(query: Query, team: string, id: string): Promise<Run | null> {
  const [row] = await query(
    `SELECT ${RUN} FROM flow_credits.runs r
     WHERE r.team_id = $1 AND r.run_id >= $2 AND r.run_id < $2 || ';' AND (r.run_id = $2 OR r.workflow_id = $2)
     ORDER BY r.run_id = $2 DESC, r.asked_at_ms DESC LIMIT 1`,
    [team, id],
  );
  return row === undefined ? null : runFrom(row).run;
}

/** Which runs of a team. */
export interface RunsPage {
  readonly status?: LedgerRunStatus;
  readonly flow?: string;
  /** Where the page before ended. */
  readonly after?: RunCursor;
  readonly limit: number;
}

/** Runs of a team, newest first, as far as `limit`. */
export async function runsOf(
  query: Query,
  team: string,
  { status, flow, after, limit }: RunsPage,
): Promise<readonly Run[]> {
  const rows = await query(
    `SELECT ${RUN} FROM flow_credits.runs r
     WHERE r.team_id = $1 AND ($2::text IS NULL OR r.status = $2) AND ($3::text IS NULL OR r.flow = $3)
       AND r.asked_at_ms <= $4 AND (r.asked_at_ms < $4 OR r.run_id > $5)
     ORDER BY r.asked_at_ms DESC, r.run_id LIMIT $6`,
    [team, status ?? null, flow ?? null, after?.askedAt ?? NEVER, after?.runId ?? '', limit],
  );
  return rows.map((row) => runFrom(row).run);
}

/** Later than any run asked. */
const NEVER = Number.MAX_SAFE_INTEGER;

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
  /** What was reversed of it, in order. */
  readonly reversals: readonly PastReversal[];
}

/** Which of a run's charges. */
export interface RunChargesPage {
  /** The last entry of the page before. */
  readonly after?: number;
  readonly limit?: number;
}

/** The charges of a run, in order: all, or a page of them. */
export async function chargesOf(
  query: Query,
  team: string,
  runId: string,
  { after = 0, limit }: RunChargesPage = {},
): Promise<readonly ChargeRow[]> {
  const rows = await query(
    `SELECT e.seq, e.at_ms, e.period, e.key, e.amount, e.parts, e.detail, e.late, e.unreserved, x.reversals
     FROM flow_credits.entries e
     LEFT JOIN (
       SELECT y.reverses, ${REVERSALS} AS reversals FROM flow_credits.entries y
       WHERE y.team_id = $1 AND y.kind = 'reversal' AND y.run_id = $2 GROUP BY y.reverses
     ) x ON x.reverses = e.seq
     WHERE e.team_id = $1 AND e.run_id = $2 AND e.kind = 'charge' AND e.seq > $3 ORDER BY e.seq LIMIT $4`,
    [team, runId, after, limit ?? null],
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
      reversals: reversalsFrom(cells.textOrNull()),
    };
  });
}

/** How many charges a run has, and how much of them was reversed. */
export interface RunTotals {
  readonly charges: number;
  readonly reversed: Millicredits;
}

export async function totalsOf(query: Query, team: string, runId: string): Promise<RunTotals> {
  const [row] = await query(
    `SELECT count(*) FILTER (WHERE e.kind = 'charge'),
            coalesce(sum(e.amount) FILTER (WHERE e.kind = 'reversal'), 0)
     FROM flow_credits.entries e WHERE e.team_id = $1 AND e.run_id = $2 AND e.kind IN ('charge', 'reversal')`,
    [team, runId],
  );
  const cells = new Cells(row ?? ['0', '0']);
  return { charges: cells.int(), reversed: cells.amount() };
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
