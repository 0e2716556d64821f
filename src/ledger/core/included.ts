import { max, millicredits, min, negate, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type PlanRules } from '../../contracts/plan';
import { type Draft } from './draft';
import { sourceOfGrant } from './parts';
import { available } from './spendable';
import { type Grant, type Team } from './types';

/** Included credits of a period on a plan: the plan's, or the team's own where the plan allows it. */
export function includedCredits(team: Pick<Team, 'customIncluded'>, plan: PlanRules): Millicredits {
  return plan.customAllowance && team.customIncluded !== null ? team.customIncluded : plan.includedCredits;
}

/** The current period's included grant, if it has one. */
export function includedGrant(draft: Draft): Grant | null {
  const { index } = draft.team.period;
  for (const grant of draft.grants.values()) {
    if (grant.kind === 'included' && grant.period === index) return grant;
  }
  return null;
}

/**
 * Brings the period's included credits up to those of the team's plan: max(0, included - most granted this period), so
 * that going down and up again grants nothing twice. What is owed is repaid from them first. Returns what was granted.
 */
export function grantIncluded(draft: Draft): Millicredits {
  const team = draft.edit();
  if (team.status === 'closed') return ZERO;
  const included = includedCredits(team, draft.plan());
  const amount = max(ZERO, millicredits(included - team.periodIncluded));
  if (amount === 0n) return ZERO;
  team.periodIncluded = included;
  team.periodGranted = millicredits(team.periodGranted + amount);
  const known = includedGrant(draft);
  const grant =
    known === null
      ? draft.addGrant({
          kind: 'included',
          expiresAt: team.period.end,
          granted: amount,
          note: null,
          paid: null,
        })
      : { ...known, granted: millicredits(known.granted + amount) };
  draft.setGrant(grant);
  draft.record({
    kind: 'grant',
    amount,
    parts: [{ source: sourceOfGrant(grant.id), amount }],
    moves: [{ account: `grant:${grant.id}.granted`, delta: amount }],
    reason: `included in ${team.plan}`,
  });
  repayOwed(draft, grant);
  return amount;
}

/** Overdraft that was carried is taken from included credits until it is repaid. */
function repayOwed(draft: Draft, grant: Grant): void {
  const team = draft.edit();
  const amount = min(team.owed, available(grant));
  if (amount <= 0n) return;
  team.owed = millicredits(team.owed - amount);
  team.periodCharged = millicredits(team.periodCharged + amount);
  draft.setGrant({
    ...grant,
    charged: millicredits(grant.charged + amount),
    chargedInPeriod: millicredits(grant.chargedInPeriod + amount),
  });
  draft.record({
    kind: 'repay',
    amount,
    parts: [{ source: sourceOfGrant(grant.id), amount }],
    moves: [
      { account: `grant:${grant.id}.charged`, delta: amount },
      { account: 'owed', delta: negate(amount) },
    ],
  });
}
