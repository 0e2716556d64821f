import { millicredits, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type PaygRate } from '../../contracts/money';
import { type Instant } from '../../contracts/time';
import { type Draft } from './draft';
import { orderOfUse } from './order-of-use';
import { type Grant, type Team } from './types';

/** Stands for "no bound" where amounts are compared: more than any team can use. */
export const UNBOUNDED = millicredits(10n ** 30n);

const MILLICREDITS_PER_CREDIT = 1000n;

/** What of a grant is neither spent, held, expired nor withdrawn. */
export function available(grant: Grant): Millicredits {
  return millicredits(grant.granted - grant.charged - grant.held - grant.expired - grant.withdrawn);
}

export function isExpired(grant: Grant, at: Instant): boolean {
  return grant.expiresAt !== null && grant.expiresAt <= at;
}

/** It had expired when the period began: what runs still hold of it was held over, for them alone. */
export function outlivedItsPeriod(draft: Draft, grant: Grant): boolean {
  return isExpired(grant, draft.team.period.start);
}

/** A grant the books need loaded for any operation of its team: SQL's `live` says the same. */
export function isLive(grant: Grant): boolean {
  return grant.held > 0n || grant.chargedInPeriod !== 0n || available(grant) > 0n;
}

/** The most millicredits whose price is within the cap: exact, rounded down, never over. */
export function creditsWithin(capMicroUsd: bigint, rate: PaygRate): Millicredits {
  if (rate.microUsd === 0n) return UNBOUNDED;
  return millicredits((capMicroUsd * rate.credits * MILLICREDITS_PER_CREDIT) / rate.microUsd);
}

/** The team's contract rate, else its plan's. */
export function paygRate(draft: Draft): PaygRate {
  return draft.team.paygRate ?? draft.plan().paygRate;
}

/** PAYG a run may still draw: cap - charged - held where PAYG is on and the plan has it, else nothing. */
export function headroom(draft: Draft): Millicredits {
  const { payg, paygCharged, paygHeld }: Team = draft.team;
  if (!payg.enabled || !draft.plan().payg) return ZERO;
  if (payg.cap === null) return UNBOUNDED;
  const left = creditsWithin(payg.cap, paygRate(draft)) - paygCharged - paygHeld;
  return left > 0n ? millicredits(left) : ZERO;
}

/** Available in unexpired grants. */
export function availableInGrants(draft: Draft): Millicredits {
  let sum = 0n;
  for (const id of orderOfUse(draft)) sum += availableNow(draft, draft.grant(id));
  return millicredits(sum);
}

/** From its expiry on nothing of a grant is available. */
export function availableNow(draft: Draft, grant: Grant): Millicredits {
  return isExpired(grant, draft.time) ? ZERO : available(grant);
}

/** Available in grants, plus PAYG headroom. */
export function spendable(draft: Draft): Millicredits {
  return millicredits(availableInGrants(draft) + headroom(draft));
}
