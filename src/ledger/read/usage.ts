import { type Millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { periodAt, periodContaining } from '../core/periods';
import { type Rules } from '../core/types';
import { Cells } from '../store/rows/cells';
import { currentBooks } from './current';
import { daysOf, type Days } from './periods';
import { type Query } from './rows';

export const USAGE_BY = ['day', 'flow', 'type', 'run'] as const;
/** What usage can be grouped by. */
export type UsageBy = (typeof USAGE_BY)[number];

/** What a usage report is grouped by, and the time it covers. */
export interface UsageRequest {
  readonly by: UsageBy;
  /** Charges of this billing period; left out with `from` and `to`, the current one. */
  readonly period?: number;
  /** Charges made from this moment on, and before `to`: across periods. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** So many rows at most. Default 1,000. */
  readonly limit?: number;
  /** The last row of the page before: rows after it alone. The total is of all. */
  readonly after?: { readonly key: string; readonly amount: Millicredits };
}

/** What was charged, less what was reversed of it since; `reversed` says how much that is. */
export interface UsageAmounts {
  readonly charges: number;
  readonly amount: Millicredits;
  readonly reversed: Millicredits;
  /** Where the amount came from, as it was charged: what a period's close allotted anew is on its statement. */
  readonly included: Millicredits;
  readonly purchased: Millicredits;
  readonly adjustment: Millicredits;
  readonly payg: Millicredits;
  readonly overdraft: Millicredits;
}

export interface UsageRow extends UsageAmounts {
  /** A day in the team's time zone, a flow's name, a block or activity type (`run`: the run itself), or a run's id. */
  readonly key: string;
  /** By run only. */
  readonly workflowId: string | null;
  readonly flow: string | null;
}

/** What a team was charged in a time, row by row and in total. */
export interface UsageReport {
  readonly team: string;
  readonly by: UsageBy;
  readonly timeZone: string;
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  readonly period: number | null;
  /** Days in order, all others dearest first. */
  readonly rows: readonly UsageRow[];
  /** Of all rows, also of those beyond the limit. */
  readonly total: UsageAmounts;
  readonly more: boolean;
}

/**
 * A team's usage by flow, type, day or run. A reversal counts where and when its charge was made: it takes from the
 * charge's sources the last first. Null for an unknown team. Throws `RangeError` where `to` is not after `from`.
 */
export async function usageOf(
  query: Query,
  rules: Rules,
  team: string,
  request: UsageRequest,
): Promise<UsageReport | null> {
  const books = await currentBooks(query, rules, team);
  if (books === null) return null;
  const { anchor, timeZone, period: current } = books.team;
  const { by, limit = DEFAULT_LIMIT } = request;
  const ofPeriod = request.from === undefined && request.to === undefined;
  const period = ofPeriod ? periodAt(anchor, timeZone, request.period ?? current.index) : null;
  const from = period?.start ?? request.from ?? periodContaining(anchor, timeZone, request.to ?? 0).start;
  const to = period?.end ?? request.to ?? Math.max(current.end, from + 1);
  if (to <= from)
    throw new RangeError(`${new Date(to).toISOString()} is not after ${new Date(from).toISOString()}`);
  const first = period?.index ?? periodContaining(anchor, timeZone, from).index;
  const last = period?.index ?? periodContaining(anchor, timeZone, to - 1).index;
  const days = by === 'day' ? daysOf(from, to, timeZone) : NO_DAYS;
  const after = request.after ?? null;
  const afterKey = after !== null && by === 'day' ? bucketOf(days, after.key) : (after?.key ?? null);
  const rows = await query(TEXTS[by], [
    team,
    ...[first, last, from, to, limit + 1],
    days.starts,
    afterKey,
    after?.amount.toString() ?? null,
  ]);
  const all = rows.map((row) => rowFrom(row, by, days));
  const { key: _key, workflowId: _workflowId, flow: _flow, ...total } = all[0] ?? NOTHING;
  const found = all.slice(1);
  return {
    team,
    by,
    timeZone,
    from,
    to,
    period: period?.index ?? null,
    rows: found.slice(0, limit),
    total,
    more: found.length > limit,
  };
}

/** A day as SQL numbers it; of a day beyond the span, what sorts like it. */
function bucketOf({ names }: Days, day: string): string {
  return String(names.filter((name) => name <= day).length).padStart(DAY_DIGITS, '0');
}

const DAY_DIGITS = 6;
const DEFAULT_LIMIT = 1_000;
const NO_DAYS: Days = { names: [], starts: ['0'] };

/** How rows are told apart, of a share `c` of a charge and its run `r`. `$7`: the first moments of the days. */
const KEYS: Readonly<Record<UsageBy, string>> = {
  day: "lpad(width_bucket(c.at_ms, $7::bigint[])::text, 6, '0')",
  flow: 'r.flow',
  type: "coalesce(c.detail::json ->> 'type', c.key)",
  run: 'c.run_id',
};

/**
 * One statement: the charges by the primary key, from the opening of the first period to that of the one after the
 * last; their reversals, summed; what is left of each source, a row each. Nearly all charges have one source: those go
 * without a look at the parts before. The first row of the answer is the total of all.
 */
function textOf(by: UsageBy): string {
  const net = (of: string): string => `coalesce(sum(c.net) FILTER (WHERE ${of}), 0)`;
  return `
    WITH bounds AS (
      SELECT
        coalesce((SELECT max(o.seq) FROM flow_credits.entries o
                  WHERE o.team_id = $1 AND o.kind = 'open-period' AND o.period <= $2), 0) AS first,
        coalesce((SELECT min(o.seq) FROM flow_credits.entries o
                  WHERE o.team_id = $1 AND o.kind = 'open-period' AND o.period > $3), 9223372036854775807) AS last
    ), reversals AS (
      SELECT x.reverses, sum(x.amount) AS amount FROM flow_credits.entries x, bounds b
      WHERE x.team_id = $1 AND x.kind = 'reversal' AND x.reverses >= b.first AND x.reverses < b.last
      GROUP BY x.reverses
    ), charges AS (
      SELECT e.seq, e.at_ms, e.run_id, e.key, e.detail, e.parts::json AS parts, coalesce(v.amount, 0) AS reversed,
             e.amount - coalesce(v.amount, 0) AS net
      FROM bounds b
      JOIN flow_credits.entries e ON e.team_id = $1 AND e.seq >= b.first AND e.seq < b.last
      LEFT JOIN reversals v ON v.reverses = e.seq
      WHERE e.kind = 'charge' AND e.period BETWEEN $2 AND $3 AND e.at_ms >= $4 AND e.at_ms < $5
    ), shares AS (
      SELECT c.at_ms, c.run_id, c.key, c.detail, c.reversed, 1 AS n, c.parts #>> '{0,0}' AS source, c.net
      FROM charges c
      WHERE json_array_length(c.parts) <= 1
      UNION ALL
      SELECT c.at_ms, c.run_id, c.key, c.detail, CASE l.n WHEN 1 THEN c.reversed ELSE 0 END, l.n, l.part ->> 0,
             greatest(0, least((l.part ->> 1)::bigint, c.net - coalesce(sum((l.part ->> 1)::bigint) OVER (
               PARTITION BY c.seq ORDER BY l.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
             ), 0)))
      FROM charges c
      CROSS JOIN LATERAL json_array_elements(c.parts) WITH ORDINALITY AS l (part, n)
      WHERE json_array_length(c.parts) > 1
    ), sources AS (
      SELECT 'grant:' || g.grant_id AS source, g.kind FROM flow_credits.grants g WHERE g.team_id = $1
    )
    SELECT ${KEYS[by]}, ${by === 'run' ? 'min(r.workflow_id), min(r.flow)' : 'NULL, NULL'},
           count(*) FILTER (WHERE c.n = 1), coalesce(sum(c.net), 0), coalesce(sum(c.reversed), 0),
           ${[
             net("g.kind = 'included'"),
             net("g.kind = 'purchased'"),
             net("g.kind = 'adjustment'"),
             net("c.source = 'payg'"),
             net("c.source = 'overdraft'"),
           ].join(', ')}
    FROM shares c
    JOIN flow_credits.runs r ON r.team_id = $1 AND r.run_id = c.run_id
    LEFT JOIN sources g ON g.source = c.source
    WHERE $7::bigint[] IS NOT NULL
    GROUP BY GROUPING SETS ((1), ())
    HAVING grouping(${KEYS[by]}) = 1 OR $8::text IS NULL OR $9::bigint IS NULL OR ${afterOf(by)}
    ORDER BY grouping(${KEYS[by]}) DESC, ${by === 'day' ? '' : '5 DESC, '}(${KEYS[by]}) COLLATE "C" LIMIT $6 + 1`;
}

/** Rows after the last one of the page before, in the order of the rows. */
function afterOf(by: UsageBy): string {
  const key = `(${KEYS[by]}) COLLATE "C" > $8`;
  if (by === 'day') return key;
  return `coalesce(sum(c.net), 0) < $9 OR (coalesce(sum(c.net), 0) = $9 AND ${key})`;
}

const TEXTS: Readonly<Record<UsageBy, string>> = {
  day: textOf('day'),
  flow: textOf('flow'),
  type: textOf('type'),
  run: textOf('run'),
};

function rowFrom(row: ConstructorParameters<typeof Cells>[0], by: UsageBy, days: Days): UsageRow {
  const cells = new Cells(row);
  const key = cells.textOrNull() ?? '';
  return {
    key: by === 'day' && key !== '' ? (days.names[Number(key) - 1] ?? key) : key,
    workflowId: cells.textOrNull(),
    flow: cells.textOrNull(),
    charges: cells.int(),
    amount: cells.amount(),
    reversed: cells.amount(),
    included: cells.amount(),
    purchased: cells.amount(),
    adjustment: cells.amount(),
    payg: cells.amount(),
    overdraft: cells.amount(),
  };
}

const NOTHING = rowFrom([null, null, null, '0', '0', '0', '0', '0', '0', '0', '0'], 'flow', NO_DAYS);
