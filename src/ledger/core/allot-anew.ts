import { millicredits, min, negate, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { includedGrant } from './included';
import { compareForUse } from './order-of-use';
import { sourceOfGrant, sumOf } from './parts';
import { available, isExpired } from './spendable';
import { type AfterClose, type Grant, type Move, type Part } from './types';

/**
 * Allots the closing period's usage anew in order of use: included credits that are left unspent and unheld replace
 * overdraft, then PAYG, then what packs and adjustments were charged in the period, the last in order first. So nobody
 * pays for PAYG in a period whose included credits went unspent. Grants that have expired get nothing back.
 */
export function allotAnew(draft: Draft): void {
  const included = includedGrant(draft);
  if (included === null) return;
  const team = draft.edit();
  const parts: Part[] = [];
  const moves: Move[] = [];
  const afterClose: AfterClose[] = [];
  let unspent: bigint = available(included);
  const replace = (source: Part['source'], charged: Millicredits): Millicredits => {
    const amount = min(charged, millicredits(unspent));
    unspent -= amount;
    if (amount > 0n) parts.push({ source, amount });
    const forgiven = source === 'overdraft' && team.overdraftPolicy === 'forgive';
    const left = forgiven ? ZERO : millicredits(charged - amount);
    const matters = amount > 0n || ((source === 'payg' || source === 'overdraft') && left > 0n);
    if (matters) afterClose.push({ source, left, reallotted: amount });
    return amount;
  };

  const ofOverdraft = replace('overdraft', team.overdraft);
  if (ofOverdraft > 0n) {
    team.overdraft = millicredits(team.overdraft - ofOverdraft);
    moves.push({ account: 'overdraft', delta: negate(ofOverdraft) });
  }
  const ofPayg = replace('payg', team.paygCharged);
  if (ofPayg > 0n) {
    team.paygCharged = millicredits(team.paygCharged - ofPayg);
    moves.push({ account: 'payg.charged', delta: negate(ofPayg) });
  }
  for (const grant of packsToRelieve(draft)) {
    const amount = replace(sourceOfGrant(grant.id), grant.chargedInPeriod);
    if (amount === 0n) continue;
    draft.setGrant({
      ...grant,
      charged: millicredits(grant.charged - amount),
      chargedInPeriod: millicredits(grant.chargedInPeriod - amount),
    });
    moves.push({ account: `grant:${grant.id}.charged`, delta: negate(amount) });
  }

  const amount = sumOf(parts);
  draft.setGrant({
    ...included,
    charged: millicredits(included.charged + amount),
    chargedInPeriod: millicredits(included.chargedInPeriod + amount),
    afterClose,
  });
  if (amount === 0n) return;
  team.periodCharged = millicredits(team.periodCharged + ofOverdraft + ofPayg);
  moves.push({ account: `grant:${included.id}.charged`, delta: amount });
  draft.record({ kind: 'reallot', amount, parts, moves });
}

/** Packs and adjustments charged in this period that can still take credits back, the last in order of use first. */
function packsToRelieve(draft: Draft): Grant[] {
  const packs: Grant[] = [];
  for (const grant of draft.grants.values()) {
    if (grant.kind !== 'included' && grant.chargedInPeriod > 0n && !isExpired(grant, draft.time)) {
      packs.push(grant);
    }
  }
  return packs.sort((a, b) => compareForUse(b, a, draft.time));
}
