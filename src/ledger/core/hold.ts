import {
  max,
  millicredits,
  min,
  negate,
  ONE_CREDIT,
  ZERO,
  type Millicredits,
} from '../../contracts/millicredits';
import { type Draft } from './draft';
import { orderOfUse } from './order-of-use';
import { amountFrom, plusPart, sourceOfGrant, sumOf } from './parts';
import { replacePaygOrExpire } from './returned';
import { availableNow, headroom, isExpired, outlivedItsPeriod, spendable } from './spendable';
import { type Move, type Part, type Run } from './types';

/** Sum of a run's open reservations: claims on its pool. */
export function openClaims(run: Run): Millicredits {
  let sum = 0n;
  for (const claim of Object.values(run.reservations)) sum += claim;
  return millicredits(sum);
}

/** What a run sets aside when it is admitted, where so much is spendable: its least estimate, at least 1 credit. */
export function wouldHold({ least }: Pick<Run, 'least'>): Millicredits {
  return max(least, ONE_CREDIT);
}

/** The same, cut to what is spendable. */
export function firstHold(draft: Draft, run: Run): Millicredits {
  return min(wouldHold(run), spendable(draft));
}

/** Moves up to `most` from what is spendable into the run's pool, in order of use. Returns the run as it is then. */
export function holdMore(draft: Draft, run: Run, most: Millicredits, key: string | null): Run {
  const parts: Part[] = [];
  const moves: Move[] = [];
  let left: bigint = most;
  for (const id of orderOfUse(draft)) {
    if (left <= 0n) break;
    const grant = draft.grant(id);
    const amount = min(availableNow(draft, grant), millicredits(left));
    if (amount <= 0n) continue;
    draft.setGrant({ ...grant, held: millicredits(grant.held + amount) });
    parts.push({ source: sourceOfGrant(id), amount });
    moves.push({ account: `grant:${id}.held`, delta: amount });
    left -= amount;
  }
  const payg = left > 0n ? min(headroom(draft), millicredits(left)) : ZERO;
  if (payg > 0n) {
    const team = draft.edit();
    team.paygHeld = millicredits(team.paygHeld + payg);
    parts.push({ source: 'payg', amount: payg });
    moves.push({ account: 'payg.held', delta: payg });
  }
  if (parts.length === 0) return run;
  draft.record({ kind: 'hold', runId: run.runId, key, amount: sumOf(parts), parts, moves });
  let holds = run.holds;
  for (const part of parts) holds = plusPart(holds, part.source, part.amount);
  return { ...run, holds };
}

/** Gives up to `most` of the run's pool back, later sources first. What returns to an expired grant expires. */
export function giveBack(draft: Draft, run: Run, most: Millicredits, key: string | null): Run {
  if (most <= 0n || run.holds.length === 0) return run;
  const parts: Part[] = [];
  const moves: Move[] = [];
  let left: bigint = most;
  const payg = min(amountFrom(run.holds, 'payg'), most);
  if (payg > 0n) {
    const team = draft.edit();
    team.paygHeld = millicredits(team.paygHeld - payg);
    parts.push({ source: 'payg', amount: payg });
    moves.push({ account: 'payg.held', delta: negate(payg) });
    left -= payg;
  }
  const ids = orderOfUse(draft);
  for (let i = ids.length - 1; i >= 0 && left > 0n; i -= 1) {
    const id = ids[i];
    if (id === undefined) break;
    const amount = min(amountFrom(run.holds, sourceOfGrant(id)), millicredits(left));
    if (amount <= 0n) continue;
    const grant = draft.grant(id);
    const lighter = { ...grant, held: millicredits(grant.held - amount) };
    parts.push({ source: sourceOfGrant(id), amount });
    moves.push({ account: `grant:${id}.held`, delta: negate(amount) });
    if (isExpired(grant, draft.time)) replacePaygOrExpire(draft, lighter, amount, moves);
    else draft.setGrant(lighter);
    if (outlivedItsPeriod(draft, grant)) {
      const team = draft.edit();
      team.heldOverReturned = millicredits(team.heldOverReturned + amount);
    }
    left -= amount;
  }
  draft.record({ kind: 'release', runId: run.runId, key, amount: sumOf(parts), parts, moves });
  let holds = run.holds;
  for (const part of parts) holds = plusPart(holds, part.source, negate(part.amount));
  return { ...run, holds };
}

/**
 * Keeps in the pool what open reservations claim, or what remains of the run's estimate if that is more; gives the
 * rest back to the team.
 */
export function trim(draft: Draft, run: Run, key: string | null): Run {
  const keep = max(openClaims(run), millicredits(run.least - run.charged));
  return giveBack(draft, run, millicredits(sumOf(run.holds) - max(keep, ZERO)), key);
}
