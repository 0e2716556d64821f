import { type Instant } from '../../contracts/time';
import { type Draft } from './draft';
import { type Grant } from './types';

/**
 * The grants in order of use: included, then purchased and adjustments by soonest expiry, those without expiry last;
 * PAYG and overdraft come after all of them. An expired grant of which runs still hold something stands first: it can
 * be used by those runs alone, and what they do not use of it is gone.
 */
export function orderOfUse(draft: Draft): readonly number[] {
  return draft.orderedGrants(() => {
    const now = draft.time;
    const grants: Grant[] = [];
    let until = Infinity;
    for (const grant of draft.grants.values()) {
      const expired = grant.expiresAt !== null && grant.expiresAt <= now;
      if (expired && grant.held === 0n) continue;
      grants.push(grant);
      if (!expired && grant.expiresAt !== null) until = Math.min(until, grant.expiresAt);
    }
    grants.sort((a, b) => compareForUse(a, b, now));
    return { ids: grants.map(({ id }) => id), until };
  });
}

/** Negative if `a` is used before `b`. */
export function compareForUse(a: Grant, b: Grant, now: Instant): number {
  return rank(a, now) - rank(b, now) || byExpiry(a, b) || a.id - b.id;
}

function rank(grant: Grant, now: Instant): number {
  if (grant.expiresAt !== null && grant.expiresAt <= now) return 0;
  return grant.kind === 'included' ? 1 : 2;
}

function byExpiry(a: Grant, b: Grant): number {
  if (a.expiresAt === b.expiresAt) return 0;
  if (a.expiresAt === null) return 1;
  if (b.expiresAt === null) return -1;
  return a.expiresAt - b.expiresAt;
}
