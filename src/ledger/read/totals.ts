import { type Pool } from 'pg';
import { type Millicredits } from '../../contracts/millicredits';
import { Cells } from '../store/rows/cells';
import { queryOn } from './rows';

/** Of what could be without a bound so many are counted. */
export const COUNTED_AT_MOST = 100_000;
/** Whoever asks for totals would rather have none than hold the database up. */
const WITHIN_MS = 2_000;

/** What the whole ledger amounts to at present, over all teams. */
export interface LedgerTotals {
  readonly teams: { readonly active: number; readonly suspended: number; readonly closed: number };
  readonly waiting: number;
  /** How long the longest of them has waited; 0 where nobody waits. */
  readonly longestWaitMs: number;
  /** Admitted and not closed. At most 100,000 are counted. */
  readonly open: number;
  /** What runs hold of grants. */
  readonly held: Millicredits;
  readonly paygHeld: Millicredits;
  /** Of the periods that are open. */
  readonly paygCharged: Millicredits;
  readonly overdraft: Millicredits;
  readonly owed: Millicredits;
  /** Teams for which somebody must act and has not yet. */
  readonly toWake: number;
  /** Teams whose period has ended and was not rolled over yet. */
  readonly overdue: number;
  /** At most 100,000 of each are counted. Without a webhook events stay pending until they are old. */
  readonly events: { readonly pending: number; readonly dead: number };
}

const NOW = `(SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + offset_ms
  FROM flow_credits.ledger_clock)`;

const TOTALS = `
  SELECT t.*,
    coalesce(greatest(0, now_ms - (SELECT min(asked_at_ms) FROM flow_credits.runs WHERE status = 'waiting')), 0),
    (SELECT count(*) FROM (SELECT FROM flow_credits.runs WHERE status = 'admitted' LIMIT $1) AS r),
    (SELECT coalesce(sum(held), 0) FROM flow_credits.grants WHERE live),
    (SELECT count(*) FROM (SELECT FROM flow_credits.events WHERE status = 'pending' LIMIT $1) AS p),
    (SELECT count(*) FROM (SELECT FROM flow_credits.events WHERE status = 'dead' LIMIT $1) AS d)
  FROM ${NOW} AS now (now_ms),
  LATERAL (
    SELECT count(*) FILTER (WHERE status = 'active'), count(*) FILTER (WHERE status = 'suspended'),
      count(*) FILTER (WHERE status = 'closed'), coalesce(sum(waiting), 0), coalesce(sum(payg_held), 0),
      coalesce(sum(payg_charged), 0), coalesce(sum(overdraft), 0), coalesce(sum(owed), 0),
      count(*) FILTER (WHERE wake), count(*) FILTER (WHERE period_end_ms <= now_ms)
    FROM flow_credits.teams
  ) AS t`;

/** One statement that goes once through the teams and otherwise along indexes; it gives up after two seconds. */
export async function ledgerTotals(pool: Pool): Promise<LedgerTotals> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${WITHIN_MS}`);
    const [row = []] = await queryOn(client)(TOTALS, [COUNTED_AT_MOST]).finally(() => client.query('COMMIT'));
    broken = false;
    const cells = new Cells(row);
    const [active, suspended, closed] = [cells.int(), cells.int(), cells.int()];
    const waiting = cells.int();
    const [paygHeld, paygCharged] = [cells.amount(), cells.amount()];
    const [overdraft, owed] = [cells.amount(), cells.amount()];
    const [toWake, overdue, longestWaitMs, open] = [cells.int(), cells.int(), cells.int(), cells.int()];
    const held = cells.amount();
    const events = { pending: cells.int(), dead: cells.int() };
    const teams = { active, suspended, closed };
    return {
      ...{ teams, waiting, longestWaitMs, open, held, paygHeld, paygCharged, overdraft, owed },
      ...{ toWake, overdue, events },
    };
  } finally {
    client.release(broken);
  }
}
