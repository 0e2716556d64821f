import { max, millicredits, min, negate, type Millicredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { type AdjustCredits, type Results } from './operations';
import { orderOfUse } from './order-of-use';
import { give } from './packs';
import { sourceOfGrant } from './parts';
import { refused } from './refusals';
import { availableInGrants, availableNow } from './spendable';
import { type Move, type Part } from './types';

/**
 * Gives credits that last until `expiresAt`, by default the period's end, or withdraws what is available in grants.
 * Below what is available is refused, naming it.
 */
export function adjustCredits(draft: Draft, op: AdjustCredits): Results['adjustCredits'] {
  const { team } = draft;
  if (team.status === 'closed') return refused('team-closed', `team "${op.team}" is closed`);
  if (op.amount === 0n) return refused('invalid', `team "${op.team}": an adjustment of 0 changes nothing`);
  const fault = amountFault('an adjustment in millicredits', max(op.amount, negate(op.amount)));
  if (fault !== null) return refused('invalid', `team "${op.team}": ${fault}`);
  if (op.amount < 0n) return withdraw(draft, op, negate(op.amount));
  const expiresAt = op.expiresAt ?? team.period.end;
  if (expiresAt <= draft.time) {
    return refused(
      'invalid',
      `team "${op.team}": the credits would have expired at ${toIso(expiresAt)} already`,
    );
  }
  give(draft, { kind: 'adjustment', amount: op.amount, expiresAt, note: op.reason }, op, op.reason);
  return { status: 'done', amount: op.amount };
}

function withdraw(draft: Draft, op: AdjustCredits, amount: Millicredits): Results['adjustCredits'] {
  const free = availableInGrants(draft);
  if (amount > free) {
    return refused(
      'below-available',
      `team "${op.team}": ${amount} millicredits cannot be withdrawn, ${free} are available`,
      { available: free.toString() },
    );
  }
  const parts: Part[] = [];
  const moves: Move[] = [];
  let left: bigint = amount;
  for (const id of orderOfUse(draft)) {
    const grant = draft.grant(id);
    const taken = min(availableNow(draft, grant), millicredits(left));
    if (taken <= 0n) continue;
    draft.setGrant({ ...grant, withdrawn: millicredits(grant.withdrawn + taken) });
    parts.push({ source: sourceOfGrant(id), amount: taken });
    moves.push({ account: `grant:${id}.withdrawn`, delta: taken });
    left -= taken;
  }
  const team = draft.edit();
  team.periodWithdrawn = millicredits(team.periodWithdrawn + amount);
  draft.record({
    kind: 'withdraw',
    requestId: op.requestId,
    amount,
    parts,
    moves,
    actor: op.actor,
    reason: op.reason,
  });
  return { status: 'done', amount: op.amount };
}
