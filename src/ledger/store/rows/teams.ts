import { TRIGGERS } from '../../../contracts/context';
import { microUsd } from '../../../contracts/money';
import { keepsLatest } from '../../core/backlog';
import { alertsFrom, alertsText, backlogFrom, backlogText } from '../../core/settings';
import { type Team } from '../../core/types';
import { type Column } from '../columns';
import { Cells, type RawRow } from './cells';
import { OVERDRAFT_POLICIES, TEAM_STATUSES } from './words';

const KEY: readonly Column<Team>[] = [{ name: 'team_id', type: 'text', of: (_, team) => team }];

/** What a team is set to. Rarely written. */
const SETTINGS: readonly Column<Team>[] = [
  { name: 'status', type: 'text', of: (t) => t.status, repeats: true },
  { name: 'plan', type: 'text', of: (t) => t.plan },
  { name: 'next_plan', type: 'text', of: (t) => t.nextPlan },
  { name: 'anchor', type: 'text', of: (t) => t.anchor },
  { name: 'time_zone', type: 'text', of: (t) => t.timeZone },
  { name: 'custom_included', type: 'bigint', of: (t) => t.customIncluded },
  { name: 'overdraft_policy', type: 'text', of: (t) => t.overdraftPolicy },
  { name: 'run_limit', type: 'bigint', of: (t) => t.runLimit },
  { name: 'payg_enabled', type: 'boolean', of: (t) => t.payg.enabled, repeats: true },
  { name: 'payg_cap_micro_usd', type: 'bigint', of: (t) => t.payg.cap },
  { name: 'payg_rate_micro_usd', type: 'bigint', of: (t) => t.paygRate?.microUsd ?? null },
  { name: 'payg_rate_credits', type: 'bigint', of: (t) => t.paygRate?.credits ?? null },
  { name: 'backlog', type: 'text', of: (t) => backlogText(t.backlog), json: true },
  { name: 'keep_latest', type: 'text', of: (t) => keptLatest(t.backlog), json: true },
  { name: 'alerts', type: 'text', of: (t) => alertsText(t.alerts), json: true },
];

/** Triggers of which the latest run of a flow alone is kept: what SQL asks for. */
function keptLatest(backlog: Team['backlog']): string {
  return JSON.stringify(TRIGGERS.filter((trigger) => keepsLatest(backlog, trigger)));
}

const BALANCES: readonly Column<Team>[] = [
  { name: 'last_time_ms', type: 'bigint', of: (t) => t.lastTime, repeats: true },
  { name: 'period', type: 'integer', of: (t) => t.period.index, repeats: true },
  { name: 'period_start_ms', type: 'bigint', of: (t) => t.period.start, repeats: true },
  { name: 'period_end_ms', type: 'bigint', of: (t) => t.period.end, repeats: true },
  { name: 'period_included', type: 'bigint', of: (t) => t.periodIncluded },
  { name: 'period_opening', type: 'bigint', of: (t) => t.periodOpening },
  { name: 'period_granted', type: 'bigint', of: (t) => t.periodGranted },
  { name: 'period_charged', type: 'bigint', of: (t) => t.periodCharged },
  { name: 'period_expired', type: 'bigint', of: (t) => t.periodExpired, repeats: true },
  { name: 'period_withdrawn', type: 'bigint', of: (t) => t.periodWithdrawn, repeats: true },
  { name: 'payg_charged', type: 'bigint', of: (t) => t.paygCharged, repeats: true },
  { name: 'payg_held', type: 'bigint', of: (t) => t.paygHeld, repeats: true },
  { name: 'payg_reversed', type: 'bigint', of: (t) => t.paygReversed, repeats: true },
  { name: 'overdraft', type: 'bigint', of: (t) => t.overdraft, repeats: true },
  { name: 'owed', type: 'bigint', of: (t) => t.owed, repeats: true },
  { name: 'period_held_over', type: 'bigint', of: (t) => t.periodHeldOver, repeats: true },
  { name: 'period_payg_held_over', type: 'bigint', of: (t) => t.periodPaygHeldOver, repeats: true },
  { name: 'held_over_charged', type: 'bigint', of: (t) => t.heldOverCharged, repeats: true },
  { name: 'held_over_returned', type: 'bigint', of: (t) => t.heldOverReturned, repeats: true },
  { name: 'alerted', type: 'text', of: (t) => JSON.stringify(t.alerted), json: true, repeats: true },
  { name: 'waiting', type: 'integer', of: (t) => t.waiting, repeats: true },
  { name: 'waiting_by', type: 'text', of: (t) => JSON.stringify(t.waitingBy), json: true, repeats: true },
  { name: 'next_place', type: 'integer', of: (t) => t.nextPlace, repeats: true },
  { name: 'next_entry', type: 'bigint', of: (t) => t.nextEntry },
  { name: 'next_grant', type: 'integer', of: (t) => t.nextGrant, repeats: true },
  { name: 'next_event', type: 'bigint', of: (t) => t.nextEvent, repeats: true },
  { name: 'wake', type: 'boolean', of: (t) => t.wake, repeats: true },
];

export const TEAM_COLUMNS: readonly Column<Team>[] = [...KEY, ...SETTINGS, ...BALANCES];
/** What most operations change. */
export const TEAM_BALANCES: readonly Column<Team>[] = [...KEY, ...BALANCES];

/**
 * How many transactions have changed anything of a team, and which ledger instance made the last of them. The count
 * alone would not do: a batch that stands on one which lost to another instance expects the very count that the other
 * one made.
 */
export interface Version {
  readonly count: number;
  readonly writer: number;
}

export interface VersionedTeam {
  readonly team: Team;
  readonly version: Version;
}

/** What {@link versionedTeamFrom} reads, after `TEAM_COLUMNS`. */
export const VERSION = 't.version, t.writer';

export function versionedTeamFrom(row: RawRow): VersionedTeam {
  const [count, writer] = row.slice(TEAM_COLUMNS.length).map(Number);
  return { team: teamFrom(row), version: { count: count ?? NaN, writer: writer ?? NaN } };
}

/** True if only balances differ. */
export function sameSettings(a: Team, b: Team): boolean {
  return (
    a.status === b.status &&
    a.plan === b.plan &&
    a.nextPlan === b.nextPlan &&
    a.anchor === b.anchor &&
    a.timeZone === b.timeZone &&
    a.customIncluded === b.customIncluded &&
    a.overdraftPolicy === b.overdraftPolicy &&
    a.runLimit === b.runLimit &&
    a.payg === b.payg &&
    a.paygRate === b.paygRate &&
    a.backlog === b.backlog &&
    a.alerts === b.alerts
  );
}

export function teamFrom(row: RawRow): Team {
  const cells = new Cells(row);
  const team = cells.text();
  const status = cells.word(TEAM_STATUSES);
  const plan = cells.text();
  const nextPlan = cells.textOrNull();
  const anchor = cells.text();
  const timeZone = cells.text();
  const customIncluded = cells.amountOrNull();
  const overdraftPolicy = cells.word(OVERDRAFT_POLICIES);
  const runLimit = cells.amountOrNull();
  const enabled = cells.bool();
  const cap = cells.amountOrNull();
  const rate = cells.amountOrNull();
  const per = cells.amountOrNull();
  const backlog = backlogFrom(cells.text());
  cells.text(); // keep_latest follows from it
  const alerts = alertsFrom(cells.text());
  return {
    team,
    status,
    plan,
    nextPlan,
    anchor,
    timeZone,
    customIncluded,
    overdraftPolicy,
    runLimit,
    payg: { enabled, cap: cap === null ? null : microUsd(cap) },
    paygRate: rate === null || per === null ? null : { microUsd: microUsd(rate), credits: per },
    backlog,
    alerts,
    lastTime: cells.int(),
    period: { index: cells.int(), start: cells.int(), end: cells.int() },
    periodIncluded: cells.amount(),
    periodOpening: cells.amount(),
    periodGranted: cells.amount(),
    periodCharged: cells.amount(),
    periodExpired: cells.amount(),
    periodWithdrawn: cells.amount(),
    paygCharged: cells.amount(),
    paygHeld: cells.amount(),
    paygReversed: cells.amount(),
    overdraft: cells.amount(),
    owed: cells.amount(),
    periodHeldOver: cells.amount(),
    periodPaygHeldOver: cells.amount(),
    heldOverCharged: cells.amount(),
    heldOverReturned: cells.amount(),
    alerted: listFrom(cells.text()),
    waiting: cells.int(),
    waitingBy: countsFrom(cells.text()),
    nextPlace: cells.int(),
    nextEntry: cells.int(),
    nextGrant: cells.int(),
    nextEvent: cells.int(),
    wake: cells.bool(),
  };
}

const NOBODY: Team['alerted'] = [];
const NO_COUNTS: Team['waitingBy'] = {};

/** JSON that the store wrote; mostly there is nothing in it. */
function listFrom(text: string): Team['alerted'] {
  return text === '[]' ? NOBODY : (JSON.parse(text) as Team['alerted']);
}

function countsFrom(text: string): Team['waitingBy'] {
  return text === '{}' ? NO_COUNTS : (JSON.parse(text) as Team['waitingBy']);
}
