import { millicredits, type Millicredits } from '../../contracts/millicredits';
import { toIso, type Instant } from '../../contracts/time';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { type AddCredits, type Results } from './operations';
import { sourceOfGrant } from './parts';
import { type Cause } from './plan-change';
import { refused } from './refusals';
import { type Grant, type GrantKind } from './types';

/** Buys a pack, with or without expiry, where the plan sells packs. */
export function addCredits(draft: Draft, op: AddCredits): Results['addCredits'] {
  const { team } = draft;
  if (team.status === 'closed') {
    return refused('team-closed', `team "${op.team}" is closed and buys no credits`);
  }
  if (!draft.plan().packs) {
    return refused(
      'not-on-plan',
      `team "${op.team}": plan "${team.plan}" has no credit packs; change to a plan that has them`,
      { plan: team.plan },
    );
  }
  const fault = op.amount === 0n ? 'a pack of 0 credits is none' : amountFault('a pack', op.amount);
  if (fault !== null) return refused('invalid', `team "${op.team}": ${fault}`);
  if (op.expiresAt !== null && op.expiresAt <= draft.time) {
    return refused(
      'invalid',
      `team "${op.team}": the pack would have expired at ${toIso(op.expiresAt)} already`,
    );
  }
  const facts = { kind: 'purchased', amount: op.amount, expiresAt: op.expiresAt, note: op.note } as const;
  return { status: 'done', grant: give(draft, facts, op, op.note).id };
}

/** Adds a grant with its entry. */
export function give(
  draft: Draft,
  facts: {
    readonly kind: GrantKind;
    readonly amount: Millicredits;
    readonly expiresAt: Instant | null;
    readonly note: string | null;
  },
  cause: Cause,
  reason: string | null,
): Grant {
  const { kind, amount, expiresAt, note } = facts;
  const grant = draft.addGrant({ kind, expiresAt, granted: amount, note });
  const team = draft.edit();
  team.periodGranted = millicredits(team.periodGranted + amount);
  draft.record({
    kind: 'grant',
    key: cause.requestId,
    amount,
    parts: [{ source: sourceOfGrant(grant.id), amount }],
    moves: [{ account: `grant:${grant.id}.granted`, delta: amount }],
    actor: cause.actor,
    reason,
  });
  return grant;
}
