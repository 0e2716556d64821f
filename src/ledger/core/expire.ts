import { millicredits } from '../../contracts/millicredits';
import { type Instant } from '../../contracts/time';
import { type Draft } from './draft';
import { orderOfUse } from './order-of-use';
import { sourceOfGrant } from './parts';
import { available, isExpired } from './spendable';
import { type Grant } from './types';

/** When the next pack or adjustment with something available expires. Included credits expire at the close. */
export function nextExpiry(draft: Draft): Instant {
  let next = Infinity;
  for (const id of orderOfUse(draft)) {
    const grant = draft.grant(id);
    if (grant.expiresAt === null || grant.expiresAt >= next || grant.kind === 'included') continue;
    if (available(grant) > 0n) next = grant.expiresAt;
  }
  return next;
}

/** Takes what is available of packs and adjustments that expire by the draft's time. What is held outlives it. */
export function expireGrants(draft: Draft): void {
  const due: Grant[] = [];
  for (const grant of draft.grants.values()) {
    if (grant.kind !== 'included' && isExpired(grant, draft.time) && available(grant) > 0n) due.push(grant);
  }
  for (const grant of due.sort((a, b) => a.id - b.id)) expireAvailable(draft, grant);
}

/** Expires what is available of a grant, if anything is. */
export function expireAvailable(draft: Draft, grant: Grant): void {
  const amount = available(grant);
  if (amount <= 0n) return;
  const team = draft.edit();
  team.periodExpired = millicredits(team.periodExpired + amount);
  draft.setGrant({ ...grant, expired: millicredits(grant.expired + amount) });
  draft.record({
    kind: 'expire',
    amount,
    parts: [{ source: sourceOfGrant(grant.id), amount }],
    moves: [{ account: `grant:${grant.id}.expired`, delta: amount }],
  });
}
