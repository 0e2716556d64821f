import { millicredits, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type Rules } from '../core/types';
import { Cells } from '../store/rows/cells';
import { currentBooks } from './current';
import { type Query } from './rows';

/** Runs that were metered in mode `observe`, and what `enforce` would have done with them. */
export interface ObservedRuns {
  readonly runs: number;
  /** Of these: with `enforce` they would have waited in the line. */
  readonly wouldHaveWaited: number;
  /** When the first of those asked. */
  readonly firstAt: Instant | null;
  /** What all of them were charged so far. */
  readonly charged: Millicredits;
  /** What those that would have waited were charged so far. */
  readonly chargedMeanwhile: Millicredits;
}

/** One flow, or one workflow type. */
export interface ObservedFlow extends ObservedRuns {
  readonly flow: string;
}

/** What a team's runs in mode `observe` came to, by flow; who would have waited most comes first. */
export interface ObservedReport {
  readonly team: string;
  readonly timeZone: string;
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  readonly flows: readonly ObservedFlow[];
  readonly total: ObservedRuns;
}

/** Runs by when they asked; both left out, those of the current period. */
export interface ObservedRequest {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** Null for an unknown team. */
export async function observedOf(
  query: Query,
  rules: Rules,
  team: string,
  request: ObservedRequest,
): Promise<ObservedReport | null> {
  const books = await currentBooks(query, rules, team);
  if (books === null) return null;
  const { timeZone, period } = books.team;
  const from = request.from ?? period.start;
  const to = request.to ?? Math.max(period.end, from + 1);
  const rows = await query(
    `SELECT r.flow, count(*) AS runs, count(*) FILTER (WHERE r.would_have_waited) AS waits,
            min(r.asked_at_ms) FILTER (WHERE r.would_have_waited) AS first_at,
            sum(r.charged) AS charged,
            coalesce(sum(r.charged) FILTER (WHERE r.would_have_waited), 0) AS meanwhile
     FROM flow_credits.runs r
     WHERE r.team_id = $1 AND r.mode = 'observe' AND r.asked_at_ms >= $2 AND r.asked_at_ms < $3
     GROUP BY r.flow ORDER BY waits DESC, runs DESC, r.flow`,
    [team, from, to],
  );
  const flows = rows.map((row): ObservedFlow => {
    const cells = new Cells(row);
    return {
      flow: cells.text(),
      runs: cells.int(),
      wouldHaveWaited: cells.int(),
      firstAt: cells.intOrNull(),
      charged: cells.amount(),
      chargedMeanwhile: cells.amount(),
    };
  });
  return { team, timeZone, from, to, flows, total: flows.reduce(together, NOTHING) };
}

const NOTHING: ObservedRuns = {
  runs: 0,
  wouldHaveWaited: 0,
  firstAt: null,
  charged: ZERO,
  chargedMeanwhile: ZERO,
};

function together(a: ObservedRuns, b: ObservedRuns): ObservedRuns {
  return {
    runs: a.runs + b.runs,
    wouldHaveWaited: a.wouldHaveWaited + b.wouldHaveWaited,
    firstAt: a.firstAt === null || (b.firstAt !== null && b.firstAt < a.firstAt) ? b.firstAt : a.firstAt,
    charged: millicredits(a.charged + b.charged),
    chargedMeanwhile: millicredits(a.chargedMeanwhile + b.chargedMeanwhile),
  };
}
