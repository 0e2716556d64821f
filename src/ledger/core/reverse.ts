import { millicredits, min, negate, ZERO, type Millicredits } from '../../contracts/millicredits';
import { chargeKey } from './charge-key';
import { type Draft } from './draft';
import { type Results, type ReverseCharge } from './operations';
import { give } from './packs';
import { grantOfSource, plusPart, sourceOfGrant } from './parts';
import { refused } from './refusals';
import { replacePaygOrExpire } from './returned';
import { isExpired } from './spendable';
import { type Grant, type Move, type Part, type PastCharge, type Source } from './types';

/** What one reversal writes, gathered part by part. */
interface Reversal {
  readonly draft: Draft;
  readonly op: ReverseCharge;
  readonly charge: PastCharge;
  readonly moves: Move[];
  /** Where the credits went back to. */
  parts: readonly Part[];
}

/**
 * Reverses a charge, once, also after its period was closed. Credits go back to the grant they came from; where that
 * has expired they replace PAYG of its period or expire. PAYG of the current period is simply not charged; that of a
 * closed one is a line on the next statement. What the close of the period allotted anew is undone where it went.
 */
export function reverseCharge(draft: Draft, op: ReverseCharge): Results['reverseCharge'] {
  const id = chargeKey(op.runId, op.key);
  const charge = draft.charges.get(id);
  if (charge === undefined) {
    return refused('unknown-charge', `team "${op.team}": run "${op.runId}" has no charge "${op.key}"`);
  }
  if (charge.reversedBy !== null) {
    return refused(
      'already-reversed',
      `team "${op.team}": charge "${op.key}" of run "${op.runId}" was reversed already, by entry ${charge.reversedBy}`,
      { reversedBy: charge.reversedBy },
    );
  }
  const reversal: Reversal = { draft, op, charge, moves: [], parts: [] };
  const current = charge.period === draft.team.period.index;
  // The last source that was used is the first to be undone.
  for (const part of charge.parts.toReversed()) {
    if (current) undoNow(reversal, part.source, part.amount);
    else undoClosed(reversal, part.source, part.amount);
  }
  const { parts, moves } = reversal;
  const seq = draft.record({
    kind: 'reversal',
    runId: op.runId,
    key: op.key,
    amount: charge.amount,
    parts,
    moves,
    reverses: charge.seq,
    actor: op.actor,
    reason: op.reason,
  });
  draft.charges.set(id, { ...charge, reversedBy: seq });
  return { status: 'reversed', amount: charge.amount, parts };
}

/** A part of a charge of the current period. */
function undoNow(reversal: Reversal, source: Source, amount: Millicredits): void {
  const { draft, moves } = reversal;
  const id = grantOfSource(source);
  if (id !== null) {
    const grant = draft.grant(id);
    const lighter = { ...grant, chargedInPeriod: millicredits(grant.chargedInPeriod - amount) };
    backToGrant(reversal, lighter, amount);
    return;
  }
  const team = draft.edit();
  if (source === 'payg') team.paygCharged = millicredits(team.paygCharged - amount);
  else team.overdraft = millicredits(team.overdraft - amount);
  moves.push({
    account: source === 'payg' ? 'payg.charged' : 'overdraft',
    delta: negate(amount),
  });
  went(reversal, source, amount);
}

/** A part of a charge of a closed period: what is still charged to its source, then what was allotted anew. */
function undoClosed(reversal: Reversal, source: Source, amount: Millicredits): void {
  const { draft, charge } = reversal;
  const included = includedOf(draft, charge.period);
  const entry = included?.afterClose.find((one) => one.source === source);
  const left = entry?.left ?? (isOwed(reversal, source, included) ? amount : ZERO);
  const still = min(amount, left);
  const reallotted = min(millicredits(amount - still), entry?.reallotted ?? ZERO);
  if (included !== null && entry !== undefined) {
    const afterClose = included.afterClose.map((one) =>
      one === entry
        ? {
            source,
            left: millicredits(one.left - still),
            reallotted: millicredits(one.reallotted - reallotted),
          }
        : one,
    );
    draft.setGrant({ ...included, afterClose });
    if (reallotted > 0n) backToGrant(reversal, draft.grant(included.id), reallotted);
  }
  if (still > 0n) undoStillCharged(reversal, source, still);
  const forgiven = millicredits(amount - still - reallotted);
  if (forgiven > 0n) went(reversal, source, forgiven);
}

/** Whether a source without a note of the close is still charged in full: all but overdraft that was forgiven. */
function isOwed(reversal: Reversal, source: Source, included: Grant | null): boolean {
  if (source !== 'overdraft') return true;
  return included === null && reversal.draft.team.overdraftPolicy === 'carry';
}

function undoStillCharged(reversal: Reversal, source: Source, amount: Millicredits): void {
  const { draft, moves } = reversal;
  const id = grantOfSource(source);
  if (id !== null) {
    backToGrant(reversal, draft.grant(id), amount);
    return;
  }
  const team = draft.edit();
  if (source === 'payg') {
    team.paygReversed = millicredits(team.paygReversed + amount);
    moves.push({ account: 'payg.reversed', delta: amount });
    went(reversal, 'payg', amount);
    return;
  }
  undoCarried(reversal, amount);
}

/** Carried overdraft: what is still owed is owed no more; what was repaid comes back until the period's end. */
function undoCarried(reversal: Reversal, amount: Millicredits): void {
  const { draft, moves, op } = reversal;
  const team = draft.edit();
  const owed = min(amount, team.owed);
  if (owed > 0n) {
    team.owed = millicredits(team.owed - owed);
    moves.push({ account: 'owed', delta: negate(owed) });
    went(reversal, 'overdraft', owed);
  }
  const repaid = millicredits(amount - owed);
  if (repaid === 0n) return;
  const facts = { kind: 'adjustment', amount: repaid, expiresAt: team.period.end, note: op.reason } as const;
  const grant = give(draft, facts, op, 'overdraft that was repaid and is reversed');
  went(reversal, sourceOfGrant(grant.id), repaid);
}

function backToGrant(reversal: Reversal, grant: Grant, amount: Millicredits): void {
  const { draft, moves } = reversal;
  const team = draft.edit();
  team.periodCharged = millicredits(team.periodCharged - amount);
  moves.push({ account: `grant:${grant.id}.charged`, delta: negate(amount) });
  const lighter = { ...grant, charged: millicredits(grant.charged - amount) };
  let replaced = ZERO;
  if (isExpired(grant, draft.time)) replaced = replacePaygOrExpire(draft, lighter, amount, moves);
  else draft.setGrant(lighter);
  went(reversal, 'payg', replaced);
  went(reversal, sourceOfGrant(grant.id), millicredits(amount - replaced));
}

function went(reversal: Reversal, source: Source, amount: Millicredits): void {
  reversal.parts = plusPart(reversal.parts, source, amount);
}

function includedOf(draft: Draft, period: number): Grant | null {
  for (const grant of draft.grants.values()) {
    if (grant.kind === 'included' && grant.period === period) return grant;
  }
  return null;
}
