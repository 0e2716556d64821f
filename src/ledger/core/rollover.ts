import { millicredits, ZERO } from '../../contracts/millicredits';
import { toIso, type Instant } from '../../contracts/time';
import { allotAnew } from './allot-anew';
import { type Draft } from './draft';
import { expireAvailable, expireGrants, nextExpiry } from './expire';
import { grantIncluded, includedGrant } from './included';
import { periodAt } from './periods';
import { settingOf } from './settings';
import { endPaygWithoutPlan } from './plan-change';
import { factsOf, inGrants, makeStatement } from './statement';
import { type Move } from './types';

/**
 * Does what has become due up to `time`, in order, each at its own instant: grants expire, then the period closes and
 * the next one opens; missed months one by one. Leaves the draft at `time`. Returns how many periods were closed.
 */
export function rollover(draft: Draft, time: Instant): number {
  let closed = 0;
  for (;;) {
    const expiry = nextExpiry(draft);
    const end = draft.team.period.end;
    const next = Math.min(expiry, end);
    if (next > time) break;
    draft.time = next;
    // Expiry comes before close.
    if (expiry <= end) {
      expireGrants(draft);
      continue;
    }
    closePeriod(draft, time);
    openPeriod(draft);
    closed += 1;
  }
  draft.time = time;
  return closed;
}

/** Allots the period's usage anew, lets its included credits expire, and makes its statement. */
function closePeriod(draft: Draft, closedAt: Instant): void {
  allotAnew(draft);
  const included = includedGrant(draft);
  if (included !== null) expireAvailable(draft, included);
  const team = draft.edit();
  const moves: Move[] = [];
  if (team.overdraftPolicy === 'carry' && team.overdraft > 0n) {
    team.owed = millicredits(team.owed + team.overdraft);
    moves.push({ account: 'owed', delta: team.overdraft });
  }
  const statement = makeStatement(draft, closedAt);
  draft.addStatement(statement);
  draft.record({ kind: 'close-period', amount: statement.closing, moves });
  draft.emit({ kind: 'statement.closed', data: factsOf(statement) });
}

/** Opens the next period: a downgrade counts from here, PAYG ends where the plan has none, included are granted. */
function openPeriod(draft: Draft): void {
  for (const grant of draft.grants.values()) {
    if (grant.chargedInPeriod !== 0n) draft.setGrant({ ...grant, chargedInPeriod: ZERO });
  }
  const team = draft.edit();
  const { held, all } = inGrants(draft);
  team.period = periodAt(team.anchor, team.timeZone, team.period.index + 1);
  team.plan = team.nextPlan ?? team.plan;
  team.nextPlan = null;
  endPaygWithoutPlan(draft, null);
  team.periodIncluded = ZERO;
  team.periodOpening = all;
  team.periodGranted = ZERO;
  team.periodCharged = ZERO;
  team.periodExpired = ZERO;
  team.periodWithdrawn = ZERO;
  team.paygCharged = ZERO;
  team.paygReversed = ZERO;
  team.overdraft = ZERO;
  team.periodHeldOver = held;
  team.periodPaygHeldOver = team.paygHeld;
  team.heldOverCharged = ZERO;
  team.heldOverReturned = ZERO;
  team.alerted = [];
  draft.record({ kind: 'open-period', amount: all, setting: settingOf(team) });
  const { index, start, end } = team.period;
  draft.emit({
    kind: 'period.reset',
    data: { period: index, start: toIso(start), end: toIso(end), plan: team.plan },
  });
  grantIncluded(draft);
}
