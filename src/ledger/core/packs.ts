import { millicredits, type Millicredits } from '../../contracts/millicredits';
import { toIso, type Instant } from '../../contracts/time';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { type AddCredits, type Results, type VoidPack } from './operations';
import { sourceOfGrant } from './parts';
import { type Cause } from './plan-change';
import { refused } from './refusals';
import { availableNow, isLive } from './spendable';
import { type Grant, type GrantKind, type Paid } from './types';

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
  const fault =
    op.amount === 0n ? 'a pack of 0 credits is none' : amountFault('a pack in millicredits', op.amount);
  if (fault !== null) return refused('invalid', `team "${op.team}": ${fault}`);
  if (op.expiresAt !== null && op.expiresAt <= draft.time) {
    return refused(
      'invalid',
      `team "${op.team}": the pack would have expired at ${toIso(op.expiresAt)} already`,
    );
  }
  const { amount, expiresAt, note, paid = null } = op;
  return {
    status: 'done',
    grant: give(draft, { kind: 'purchased', amount, expiresAt, note, paid }, op, note).id,
  };
}

/** Takes a pack back of which nothing was used: it is withdrawn whole. */
export function voidPack(draft: Draft, op: VoidPack): Results['voidPack'] {
  const pack = draft.grants.get(op.grant);
  if (pack?.kind !== 'purchased' || !isLive(pack)) {
    return refused(
      'unknown-pack',
      `team "${op.team}": grant ${op.grant} is no pack with credits left; the list of its packs has those there are`,
    );
  }
  const unused = availableNow(draft, pack);
  if (unused !== pack.granted) {
    return refused(
      'pack-used',
      `team "${op.team}": pack ${op.grant} of ${pack.granted} millicredits has ${unused} left unused and unheld; a pack is voided whole, or its rest withdrawn by an adjustment`,
      { granted: pack.granted.toString(), available: unused.toString() },
    );
  }
  const team = draft.edit();
  team.periodWithdrawn = millicredits(team.periodWithdrawn + unused);
  draft.setGrant({ ...pack, withdrawn: millicredits(pack.withdrawn + unused) });
  draft.record({
    kind: 'withdraw',
    requestId: op.requestId,
    amount: unused,
    parts: [{ source: sourceOfGrant(pack.id), amount: unused }],
    moves: [{ account: `grant:${pack.id}.withdrawn`, delta: unused }],
    actor: op.actor,
    reason: op.reason,
  });
  return { status: 'done', amount: unused };
}

/** Adds a grant with its entry. */
export function give(
  draft: Draft,
  facts: {
    readonly kind: GrantKind;
    readonly amount: Millicredits;
    readonly expiresAt: Instant | null;
    readonly note: string | null;
    readonly paid?: Paid | null;
  },
  cause: Cause,
  reason: string | null,
): Grant {
  const { kind, amount, expiresAt, note, paid = null } = facts;
  const grant = draft.addGrant({ kind, expiresAt, granted: amount, note, paid });
  const team = draft.edit();
  team.periodGranted = millicredits(team.periodGranted + amount);
  draft.record({
    kind: 'grant',
    requestId: cause.requestId,
    amount,
    parts: [{ source: sourceOfGrant(grant.id), amount }],
    moves: [{ account: `grant:${grant.id}.granted`, delta: amount }],
    actor: cause.actor,
    reason,
  });
  return grant;
}
