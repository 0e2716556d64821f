import { millicredits, min, negate, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { orderOfUse } from './order-of-use';
import { amountFrom, plusPart, sourceOfGrant } from './parts';
import { availableNow, headroom, outlivedItsPeriod } from './spendable';
import { type Move, type Part, type Run } from './types';

export interface Drawn {
  readonly parts: readonly Part[];
  readonly moves: readonly Move[];
  /** The run's pool afterwards. */
  readonly holds: readonly Part[];
}

/**
 * Charges `amount` in order of use: of each grant first what the run holds, then what is available; then PAYG, held
 * and headroom; then overdraft, which is reached only when the run's pool is empty and nothing is spendable.
 */
export function draw(draft: Draft, run: Run, amount: Millicredits): Drawn {
  const parts: Part[] = [];
  const moves: Move[] = [];
  let holds = run.holds;
  let left: bigint = amount;
  let ofGrants = 0n;
  let ofHeldOver = 0n;
  if (left > 0n) {
    for (const id of orderOfUse(draft)) {
      const grant = draft.grant(id);
      const source = sourceOfGrant(id);
      const held = min(amountFrom(holds, source), millicredits(left));
      const free = min(availableNow(draft, grant), millicredits(left - held));
      const taken = millicredits(held + free);
      if (taken <= 0n) continue;
      draft.setGrant({
        ...grant,
        held: millicredits(grant.held - held),
        charged: millicredits(grant.charged + taken),
        chargedInPeriod: millicredits(grant.chargedInPeriod + taken),
      });
      holds = plusPart(holds, source, negate(held));
      parts.push({ source, amount: taken });
      moves.push({ account: `grant:${id}.charged`, delta: taken });
      if (held > 0n) moves.push({ account: `grant:${id}.held`, delta: negate(held) });
      ofGrants += taken;
      if (outlivedItsPeriod(draft, grant)) ofHeldOver += taken;
      left -= taken;
      if (left === 0n) break;
    }
  }
  const team = draft.edit();
  team.periodCharged = millicredits(team.periodCharged + ofGrants);
  if (ofHeldOver > 0n) team.heldOverCharged = millicredits(team.heldOverCharged + ofHeldOver);
  if (left > 0n) {
    const held = min(amountFrom(holds, 'payg'), millicredits(left));
    const free = left > held ? min(headroom(draft), millicredits(left - held)) : ZERO;
    const taken = millicredits(held + free);
    if (taken > 0n) {
      team.paygHeld = millicredits(team.paygHeld - held);
      team.paygCharged = millicredits(team.paygCharged + taken);
      holds = plusPart(holds, 'payg', negate(held));
      parts.push({ source: 'payg', amount: taken });
      moves.push({ account: 'payg.charged', delta: taken });
      if (held > 0n) moves.push({ account: 'payg.held', delta: negate(held) });
      left -= taken;
    }
  }
  if (left > 0n) {
    const overdraft = millicredits(left);
    team.overdraft = millicredits(team.overdraft + overdraft);
    parts.push({ source: 'overdraft', amount: overdraft });
    moves.push({ account: 'overdraft', delta: overdraft });
  }
  return { parts, moves, holds };
}
