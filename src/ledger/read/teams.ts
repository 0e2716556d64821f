import { millicredits, type Millicredits } from '../../contracts/millicredits';
import { type MicroUsd, type PaygRate } from '../../contracts/money';
import { type Instant } from '../../contracts/time';
import { availableNow, headroom, paygRate, spendable, UNBOUNDED } from '../core/spendable';
import { paygCents } from '../core/statement';
import { type Draft } from '../core/draft';
import {
  type AlertSettings,
  type Backlog,
  type Grant,
  type GrantKind,
  type OverdraftPolicy,
  type Period,
  type Rules,
  type TeamStatus,
} from '../core/types';
import { currentBooks } from './current';
import { type Query } from './rows';
import { Cells } from '../store/rows/cells';
import { VERSION } from '../store/rows/teams';

/** What was granted of one kind, and how far it has gone. */
export interface Balance {
  /** Included: in this period, over all upgrades. Others: of those that are not used up, less what was withdrawn. */
  readonly granted: Millicredits;
  /** In this period. */
  readonly charged: Millicredits;
  readonly held: Millicredits;
  readonly available: Millicredits;
}

/** What a team has, used and may still use, as of the ledger's time. */
export interface TeamOverview {
  readonly team: string;
  readonly status: TeamStatus;
  readonly plan: string;
  readonly nextPlan: string | null;
  readonly anchor: string;
  readonly timeZone: string;
  readonly at: Instant;
  readonly period: Period;
  /** Of included credits and of what else was granted (packs, adjustments). */
  readonly balances: Readonly<Record<GrantKind, Balance>>;
  /** Charged to grants in this period. */
  readonly charged: Millicredits;
  readonly payg: {
    /** Whether its plan has it. */
    readonly eligible: boolean;
    readonly enabled: boolean;
    readonly cap: MicroUsd | null;
    readonly charged: Millicredits;
    /** The same in money, as a statement would round it: whole cents, once, half up. */
    readonly chargedCents: bigint;
    readonly held: Millicredits;
    /** Null: no cap. */
    readonly headroom: Millicredits | null;
    readonly rate: PaygRate;
  };
  readonly overdraft: Millicredits;
  readonly owed: Millicredits;
  readonly waiting: number;
  /** Null: PAYG is on without a cap. */
  readonly spendable: Millicredits | null;
  /** What it is set to beside its plan. */
  readonly settings: {
    readonly overdraftPolicy: OverdraftPolicy;
    /** Included credits by contract; null: those of its plan. */
    readonly customIncluded: Millicredits | null;
    readonly runLimit: Millicredits | null;
    /** PAYG by contract; null: what its plan says. */
    readonly paygRate: PaygRate | null;
    readonly backlog: Backlog;
    readonly alerts: AlertSettings;
  };
}

export async function teamOverview(query: Query, rules: Rules, team: string): Promise<TeamOverview | null> {
  const books = await currentBooks(query, rules, team);
  return books === null ? null : overviewOf(books);
}

export function overviewOf(books: Draft): TeamOverview {
  const { team } = books;
  const grants = [...books.grants.values()];
  const room = headroom(books);
  return {
    team: team.team,
    status: team.status,
    plan: team.plan,
    nextPlan: team.nextPlan,
    anchor: team.anchor,
    timeZone: team.timeZone,
    at: books.time,
    period: team.period,
    balances: {
      included: balanceOf(books, grants, 'included'),
      purchased: balanceOf(books, grants, 'purchased'),
      adjustment: balanceOf(books, grants, 'adjustment'),
    },
    charged: team.periodCharged,
    payg: {
      eligible: books.plan().payg,
      enabled: team.payg.enabled,
      cap: team.payg.cap,
      charged: team.paygCharged,
      chargedCents: paygCents(team.paygCharged, paygRate(books)),
      held: team.paygHeld,
      headroom: bounded(room),
      rate: paygRate(books),
    },
    overdraft: team.overdraft,
    owed: team.owed,
    waiting: team.waiting,
    spendable: room >= UNBOUNDED ? null : spendable(books),
    settings: {
      overdraftPolicy: team.overdraftPolicy,
      customIncluded: team.customIncluded,
      runLimit: team.runLimit,
      paygRate: team.paygRate,
      backlog: team.backlog,
      alerts: team.alerts,
    },
  };
}

function balanceOf(books: Draft, grants: readonly Grant[], kind: GrantKind): Balance {
  let [granted, charged, held, free] = [0n, 0n, 0n, 0n];
  for (const grant of grants) {
    if (grant.kind !== kind) continue;
    granted += grant.granted - grant.withdrawn;
    charged += grant.chargedInPeriod;
    held += grant.held;
    free += availableNow(books, grant);
  }
  return {
    // Of earlier periods' included credits nothing is left but what runs held over.
    granted: kind === 'included' ? books.team.periodIncluded : millicredits(granted),
    charged: millicredits(charged),
    held: millicredits(held),
    available: millicredits(free),
  };
}

function bounded(amount: Millicredits): Millicredits | null {
  return amount >= UNBOUNDED ? null : amount;
}

/** Another text after each transaction that changed anything of a team; null for an unknown one. */
export async function teamVersion(query: Query, team: string): Promise<string | null> {
  const [row] = await query(`SELECT ${VERSION} FROM flow_credits.teams t WHERE t.team_id = $1`, [team]);
  if (row === undefined) return null;
  const cells = new Cells(row);
  return `${cells.int()}.${cells.int()}`;
}

/** Rows after one of them. */
export interface Page {
  /** The last id of the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

export interface TeamsPage extends Page {
  /** Only teams whose id holds it, in whatever case. */
  readonly search?: string;
}

/** Ids of teams in order. */
export async function teamIds(
  query: Query,
  { after, limit, search = '' }: TeamsPage,
): Promise<readonly string[]> {
  const rows = await query(
    `SELECT team_id FROM flow_credits.teams
     WHERE team_id > $1 AND position($3 IN lower(team_id)) > 0 ORDER BY team_id LIMIT $2`,
    [after ?? '', limit, search.toLowerCase()],
  );
  return rows.map((row) => new Cells(row).text());
}

export interface DuePage extends Page {
  /** Periods that end by then. */
  readonly until: Instant;
}

export interface DueTeams {
  readonly teams: readonly string[];
  /** Where the next page goes on: opaque, not a team's id. Null: this was the last. */
  readonly next: string | null;
}

/**
 * Teams whose period has ended by a moment, in the order in which their periods ended: as the index has them, so that a
 * page costs what it gives, however many are due. A team that was rolled over ends later and is not found again; one
 * that could not be is passed.
 */
export async function dueTeams(query: Query, { after, limit, until }: DuePage): Promise<DueTeams> {
  const [end, team] = after === null ? [FIRST_END, ''] : placeIn(after);
  const rows = await query(
    `SELECT t.period_end_ms, t.team_id FROM flow_credits.teams t
     WHERE (t.period_end_ms, t.team_id) > ($1::bigint, $2::text) AND t.period_end_ms <= $3
     ORDER BY t.period_end_ms, t.team_id LIMIT $4`,
    [end, team, until, limit],
  );
  const found = rows.map((row) => {
    const cells = new Cells(row);
    return { end: cells.int(), team: cells.text() };
  });
  const last = found.length === limit ? found.at(-1) : undefined;
  return {
    teams: found.map((one) => one.team),
    next: last === undefined ? null : `${last.end}/${last.team}`,
  };
}

/** Before any period. */
const FIRST_END = Number.MIN_SAFE_INTEGER;

/**
 * A team's id may hold slashes, a number does not. What is no such place is the beginning: whoever was rolled over is not
 * found again.
 */
function placeIn(cursor: string): readonly [number, string] {
  const [, end, team] = /^(-?\d+)\/(.*)$/s.exec(cursor) ?? [];
  return end === undefined || team === undefined ? [FIRST_END, ''] : [Number(end), team];
}

/** Teams for which somebody must act: something became spendable while runs wait, or admitted runs were not told. */
export async function teamsToWake(query: Query, { after, limit }: Page): Promise<readonly string[]> {
  const rows = await query(
    `(SELECT team_id FROM flow_credits.teams WHERE wake AND team_id > $1 ORDER BY team_id LIMIT $2)
     UNION
     (SELECT DISTINCT team_id FROM flow_credits.runs WHERE tell AND team_id > $1 ORDER BY team_id LIMIT $2)
     ORDER BY team_id LIMIT $2`,
    [after ?? '', limit],
  );
  return rows.map((row) => new Cells(row).text());
}
