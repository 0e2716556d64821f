import { LOCATIONS, TRIGGERS, type RunContext } from '../../contracts/context';
import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type ChargeDetail, type PastReversal } from '../core/types';
import { Cells } from '../store/rows/cells';
import { detailFrom, REVERSALS, reversalsFrom } from '../store/rows/entries';
import { type Query } from './rows';

/** A charge with all that it was priced by. */
export interface PastUsage {
  readonly seq: number;
  readonly at: Instant;
  readonly runId: string;
  readonly key: string;
  readonly amount: Millicredits;
  readonly detail: ChargeDetail | null;
  readonly reversals: readonly PastReversal[];
  readonly context: RunContext;
  /** Of a flow, or of an ordinary workflow: which rows of a card price it. */
  readonly rows: 'blocks' | 'activities';
  readonly rateCard: string;
}

/** Which past charges, and how many at a time. */
export interface ChargePages {
  readonly since: Instant;
  readonly pageSize?: number;
}

const PAGE = 2_000;

/**
 * Charges of a team from a moment on, in their order, a page at a time: never more than one page is in memory. A
 * team's entries are numbered in the order of their time, so only the first page looks for the moment.
 */
export async function* chargePages(
  query: Query,
  team: string,
  { since, pageSize = PAGE }: ChargePages,
): AsyncGenerator<readonly PastUsage[]> {
  for (let after = await openingBefore(query, team, since); ;) {
    const rows = await query(
      `WITH page AS (
         SELECT e.* FROM flow_credits.entries e
         WHERE e.team_id = $1 AND e.seq > $2 AND e.kind = 'charge' AND e.at_ms >= $3 ORDER BY e.seq LIMIT $4
       ), reversals AS (
         SELECT y.reverses, ${REVERSALS} AS list FROM flow_credits.entries y
         WHERE y.team_id = $1 AND y.kind = 'reversal' AND y.reverses > $2
           AND y.reverses <= (SELECT max(seq) FROM page)
         GROUP BY y.reverses
       )
       SELECT p.seq, p.at_ms, p.run_id, p.key, p.amount, p.detail, v.list, r.trigger, r.location,
              r.flow_hash = '', r.rate_card
       FROM page p
       JOIN flow_credits.runs r ON r.team_id = $1 AND r.run_id = p.run_id
       LEFT JOIN reversals v ON v.reverses = p.seq
       ORDER BY p.seq`,
      [team, after, since, pageSize],
    );
    const page = rows.map(pastUsageFrom);
    const last = page.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || rows.length < pageSize) return;
    after = last.seq;
  }
}

/** The entry that opened the period of a moment, or 0. */
async function openingBefore(query: Query, team: string, since: Instant): Promise<number> {
  const [row] = await query(
    `SELECT coalesce(max(seq), 0) FROM flow_credits.entries
     WHERE team_id = $1 AND kind = 'open-period' AND at_ms < $2`,
    [team, since],
  );
  return row === undefined ? 0 : new Cells(row).int();
}

function pastUsageFrom(row: ConstructorParameters<typeof Cells>[0]): PastUsage {
  const cells = new Cells(row);
  return {
    seq: cells.int(),
    at: cells.int(),
    runId: cells.text(),
    key: cells.text(),
    amount: cells.amount(),
    detail: detailFrom(cells.textOrNull()),
    reversals: reversalsFrom(cells.textOrNull()),
    context: { trigger: cells.word(TRIGGERS), location: cells.word(LOCATIONS) },
    rows: cells.bool() ? 'activities' : 'blocks',
    rateCard: cells.text(),
  };
}

/** Flow runs that were charged for their blocks alone. */
export interface UnchargedRuns {
  readonly context: RunContext;
  readonly runs: number;
}

/** Flow runs that ended from a moment on and have no charge under a key: that of the run itself, under most cards. */
export async function runsWithoutCharge(
  query: Query,
  team: string,
  { since, key }: { readonly since: Instant; readonly key: string },
): Promise<readonly UnchargedRuns[]> {
  const rows = await query(
    `SELECT r.trigger, r.location, count(*) FROM flow_credits.runs r
     LEFT JOIN flow_credits.entries e
       ON e.team_id = r.team_id AND e.run_id = r.run_id AND e.key = $3 AND e.kind = 'charge'
     WHERE r.team_id = $1 AND r.status = 'closed' AND r.closed_at_ms >= $2 AND r.flow_hash <> '' AND e.seq IS NULL
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [team, since, key],
  );
  return rows.map((row) => {
    const cells = new Cells(row);
    return {
      context: { trigger: cells.word(TRIGGERS), location: cells.word(LOCATIONS) },
      runs: cells.int(),
    };
  });
}
