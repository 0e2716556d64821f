import { millicredits, type Millicredits } from '../../contracts/millicredits';
import { type MicroUsd, type PaygRate } from '../../contracts/money';
import { type Instant } from '../../contracts/time';
import { availableNow, headroom, paygRate, spendable, UNBOUNDED } from '../core/spendable';
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
  readonly balances: Readonly<
    Record<GrantKind, { readonly available: Millicredits; readonly held: Millicredits }>
  >;
  /** Charged to grants in this period. */
  readonly charged: Millicredits;
  readonly payg: {
    readonly enabled: boolean;
    readonly cap: MicroUsd | null;
    readonly charged: Millicredits;
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
      enabled: team.payg.enabled,
      cap: team.payg.cap,
      charged: team.paygCharged,
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

function balanceOf(
  books: Draft,
  grants: readonly Grant[],
  kind: GrantKind,
): { available: Millicredits; held: Millicredits } {
  let free = 0n;
  let held = 0n;
  for (const grant of grants) {
    if (grant.kind !== kind) continue;
    free += availableNow(books, grant);
    held += grant.held;
  }
  return { available: millicredits(free), held: millicredits(held) };
}

function bounded(amount: Millicredits): Millicredits | null {
  return amount >= UNBOUNDED ? null : amount;
}

export interface Page {
  /** The last id of the page before; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** Ids of teams in order. */
export async function teamIds(query: Query, { after, limit }: Page): Promise<readonly string[]> {
  const rows = await query(
    'SELECT team_id FROM flow_credits.teams WHERE team_id > $1 ORDER BY team_id LIMIT $2',
    [after ?? '', limit],
  );
  return rows.map((row) => new Cells(row).text());
}

/** Teams whose period has ended by the ledger's time. */
export async function dueTeams(query: Query, { after, limit }: Page): Promise<readonly string[]> {
  const rows = await query(
    `SELECT t.team_id FROM flow_credits.teams t, flow_credits.ledger_clock c
     WHERE t.period_end_ms <= floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + c.offset_ms
       AND t.team_id > $1
     ORDER BY t.team_id LIMIT $2`,
    [after ?? '', limit],
  );
  return rows.map((row) => new Cells(row).text());
}

/** Teams for which somebody must act: something became spendable while runs wait, or admitted runs were not told. */
export async function teamsToWake(query: Query, { after, limit }: Page): Promise<readonly string[]> {
  const rows = await query(
    `SELECT team_id FROM flow_credits.teams WHERE wake AND team_id > $1
     UNION SELECT team_id FROM flow_credits.runs WHERE tell AND team_id > $1
     ORDER BY team_id LIMIT $2`,
    [after ?? '', limit],
  );
  return rows.map((row) => new Cells(row).text());
}
