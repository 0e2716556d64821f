import { ZERO } from '../../contracts/millicredits';
import { type PlanRules } from '../../contracts/plan';
import { type Instant } from '../../contracts/time';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { grantIncluded } from './included';
import { type Refused, type Results, type UpsertTeam } from './operations';
import { give } from './packs';
import { anchorFault, periodContaining } from './periods';
import { cannotChangeTo, toPlan, type Cause } from './plan-change';
import { refused } from './refusals';
import { ANSWERS, once } from './request';
import { DEFAULT_ALERTS, settingOf } from './settings';
import { type Books, type Rules, type Team } from './types';

function causeOf({ requestId, actor }: UpsertTeam): Cause {
  return { requestId: requestId ?? null, actor: actor ?? null };
}

/** Why a team cannot be created as asked, or null. */
export function cannotCreate(op: UpsertTeam, now: Instant, rules: Rules): Refused | null {
  const plan = rules.plan(op.plan, now);
  if (plan === null) return refused('unknown-plan', `team "${op.team}": plan "${op.plan}" is unknown`);
  const fault = anchorFault(op.anchor, op.timeZone);
  if (fault !== null) return refused('invalid', `team "${op.team}": ${fault}`);
  return settingsRefusal(op, plan);
}

/** The empty books of a new team, in the period of its anchor that contains `now`. */
export function newBooks(op: UpsertTeam, now: Instant): Books {
  const team: Team = {
    team: op.team,
    status: 'active',
    plan: op.plan,
    nextPlan: null,
    anchor: op.anchor,
    timeZone: op.timeZone,
    customIncluded: op.customIncluded ?? null,
    overdraftPolicy: op.overdraftPolicy ?? 'forgive',
    runLimit: op.runLimit ?? null,
    payg: { enabled: false, cap: null },
    paygRate: op.paygRate ?? null,
    backlog: op.backlog ?? {},
    alerts: op.alerts ?? DEFAULT_ALERTS,
    lastTime: now,
    period: periodContaining(op.anchor, op.timeZone, now),
    periodIncluded: ZERO,
    periodOpening: ZERO,
    periodGranted: ZERO,
    periodCharged: ZERO,
    periodExpired: ZERO,
    periodWithdrawn: ZERO,
    paygCharged: ZERO,
    paygHeld: ZERO,
    paygReversed: ZERO,
    overdraft: ZERO,
    owed: ZERO,
    periodHeldOver: ZERO,
    periodPaygHeldOver: ZERO,
    heldOverCharged: ZERO,
    heldOverReturned: ZERO,
    alerted: [],
    waiting: 0,
    waitingBy: {},
    nextPlace: 1,
    nextEntry: 1,
    nextGrant: 1,
    nextEvent: 1,
    wake: false,
  };
  return {
    team,
    grants: new Map(),
    runs: new Map(),
    line: [],
    ahead: new Map(),
    charges: new Map(),
    requests: new Map(),
  };
}

/** An upsert is idempotent by itself; one that has a request id is done once per it, as any command. */
export function upsertTeam(draft: Draft, op: UpsertTeam, isNew: boolean): Results['upsertTeam'] {
  const act = (): Results['upsertTeam'] => (isNew ? openTeam(draft, op) : updateTeam(draft, op));
  const { requestId } = op;
  return requestId === undefined ? act() : once(draft, { ...op, requestId }, ANSWERS.upsertTeam, act);
}

/** Writes a new team's first entries: its settings, its period, its included credits and its opening balance. */
function openTeam(draft: Draft, op: UpsertTeam): Results['upsertTeam'] {
  const setting = settingOf(draft.team);
  draft.record({
    kind: 'setting',
    amount: ZERO,
    reason: 'team created',
    setting,
    ...causeOf(op),
  });
  draft.record({ kind: 'open-period', amount: ZERO, setting: settingOf(draft.team) });
  grantIncluded(draft);
  const amount = op.openingBalance ?? ZERO;
  if (amount > 0n) {
    const expiresAt = draft.team.period.end;
    give(
      draft,
      { kind: 'adjustment', amount, expiresAt, note: 'opening balance' },
      causeOf(op),
      'opening balance',
    );
  }
  return { status: 'created' };
}

/**
 * Brings a known team's settings up to date; what is left out stays. A changed plan follows the rules of a plan
 * change; the plan the team is on leaves a planned downgrade alone. Anchor and zone cannot change: periods are
 * contiguous. An opening balance counts at creation only.
 */
function updateTeam(draft: Draft, op: UpsertTeam): Results['upsertTeam'] {
  const refusal = cannotUpdate(draft, op);
  if (refusal !== null) return refusal;
  const before = JSON.stringify(settingOf(draft.team));
  const { team } = draft;
  const next = {
    customIncluded: op.customIncluded === undefined ? team.customIncluded : op.customIncluded,
    overdraftPolicy: op.overdraftPolicy ?? team.overdraftPolicy,
    runLimit: op.runLimit === undefined ? team.runLimit : op.runLimit,
    paygRate: op.paygRate === undefined ? team.paygRate : op.paygRate,
    backlog: op.backlog ?? team.backlog,
    alerts: op.alerts ?? team.alerts,
  };
  if (JSON.stringify(settingOf({ ...team, ...next })) !== before) {
    Object.assign(draft.edit(), next);
    draft.record({
      kind: 'setting',
      amount: ZERO,
      reason: 'settings',
      setting: settingOf(draft.team),
      ...causeOf(op),
    });
    grantIncluded(draft);
  }
  if (op.plan !== team.plan && op.plan !== team.nextPlan) {
    const changed = toPlan(draft, op.plan, causeOf(op));
    if (changed.status === 'refused') return changed;
  }
  return { status: JSON.stringify(settingOf(draft.team)) === before ? 'unchanged' : 'updated' };
}

function cannotUpdate(draft: Draft, op: UpsertTeam): Refused | null {
  const { team } = draft;
  if (op.anchor !== team.anchor || op.timeZone !== team.timeZone) {
    return refused(
      'invalid',
      `team "${op.team}": its periods are anchored at ${team.anchor} in ${team.timeZone} and that cannot change to ${op.anchor} in ${op.timeZone}`,
    );
  }
  return cannotChangeTo(draft, op.plan) ?? settingsRefusal(op, draft.plan(op.plan));
}

function settingsRefusal(op: UpsertTeam, plan: PlanRules): Refused | null {
  const invalid = (fault: string): Refused => refused('invalid', `team "${op.team}": ${fault}`);
  const fault =
    amountFault('an opening balance in millicredits', op.openingBalance ?? 0n) ??
    amountFault('an allowance of included credits in millicredits', op.customIncluded ?? 0n) ??
    amountFault('a run limit in millicredits', op.runLimit ?? 0n) ??
    amountFault('a price in micro-dollars', op.paygRate?.microUsd ?? 0n) ??
    amountFault('a number of credits', op.paygRate?.credits ?? 0n);
  if (fault !== null) return invalid(fault);
  if (op.paygRate?.credits === 0n) return invalid('a rate must be for at least 1 credit');
  if ((op.customIncluded ?? null) !== null && !plan.customAllowance) {
    return refused(
      'not-on-plan',
      `team "${op.team}": plan "${op.plan}" has no custom allowance; leave customIncluded out`,
      { plan: op.plan },
    );
  }
  return null;
}
