import { millicredits, min, negate, ZERO, type Millicredits } from '../../contracts/millicredits';
import { chargeKey } from './charge-key';
import { type Draft } from './draft';
import { type Refused, type Results, type ReverseCharge, type ReverseRun } from './operations';
import { give } from './packs';
import { grantOfSource, plusPart, sourceOfGrant } from './parts';
import { type Cause } from './plan-change';
import { refused, unknownRun } from './refusals';
import { replacePaygOrExpire } from './returned';
import { isExpired } from './spendable';
import { type Grant, type Move, type Part, type PastCharge, type Source } from './types';

/** What one reversal writes, gathered part by part. */
interface Reversal {
  readonly draft: Draft;
  readonly cause: Cause & { readonly reason: string };
  readonly charge: PastCharge;
  readonly moves: Move[];
  /** Where the credits went back to. */
  parts: readonly Part[];
}

/**
 * Reverses a charge or one line of it, once, also after its period was closed. Credits go back to the grant they came
 * from; where that has expired they replace PAYG of its period or expire. PAYG of the current period is simply not
 * charged; that of a closed one is a line on the next statement. What the close of the period allotted anew is undone
 * where it went.
 */
export function reverseCharge(draft: Draft, op: ReverseCharge): Results['reverseCharge'] {
  const charge = draft.charges.get(chargeKey(op.runId, op.key));
  if (charge === undefined) {
    return refused('unknown-charge', `team "${op.team}": run "${op.runId}" has no charge "${op.key}"`);
  }
  const refusal = cannotReverse(charge, op);
  if (refusal !== null) return refusal;
  const amount = op.line === undefined ? leftOf(charge) : (charge.lines[op.line] ?? ZERO);
  return { status: 'reversed', amount, parts: undo(draft, op, charge, op.line ?? null, amount) };
}

/** Reverses what is left of every charge of a run, each by an entry of its own. */
export function reverseRun(draft: Draft, op: ReverseRun): Results['reverseRun'] {
  if (draft.runs.get(op.runId) === undefined) return unknownRun(op.team, op.runId);
  const charges: PastCharge[] = [];
  for (const charge of draft.charges.values()) {
    if (charge.runId === op.runId && leftOf(charge) > 0n) charges.push(charge);
  }
  if (charges.length === 0) {
    return refused(
      'already-reversed',
      `team "${op.team}": run "${op.runId}" has no charge that is not reversed already`,
    );
  }
  let sum = 0n;
  for (const charge of charges.sort((a, b) => a.seq - b.seq)) {
    const amount = leftOf(charge);
    undo(draft, op, charge, null, amount);
    sum += amount;
  }
  return { status: 'reversed', amount: millicredits(sum), charges: charges.length };
}

function cannotReverse(charge: PastCharge, { team, runId, key, line }: ReverseCharge): Refused | null {
  const what = `charge "${key}" of run "${runId}"`;
  if (line !== undefined && charge.lines[line] === undefined) {
    return refused(
      'unknown-line',
      `team "${team}": ${what} has no line ${line}; its ${charge.lines.length} lines count from 0`,
      { lines: charge.lines.length },
    );
  }
  const before = charge.reversals.find(
    (one) => one.line === null || (line !== undefined && one.line === line),
  );
  const last = charge.reversals.at(-1);
  const nothingLeft = last !== undefined && leftOf(charge) === 0n ? last : undefined;
  const by = before ?? nothingLeft;
  if (by === undefined) return null;
  const part = line === undefined ? what : `line ${line} of ${what}`;
  return refused('already-reversed', `team "${team}": ${part} was reversed already, by entry ${by.seq}`, {
    reversedBy: by.seq,
  });
}

/** What was not reversed of a charge so far. */
export function leftOf({ amount, reversals }: PastCharge): Millicredits {
  return millicredits(reversals.reduce<bigint>((left, one) => left - one.amount, amount));
}

/** The last source that was used is the first to be undone. */
function undo(
  draft: Draft,
  { actor, requestId, reason }: ReverseCharge | ReverseRun,
  charge: PastCharge,
  line: number | null,
  amount: Millicredits,
): readonly Part[] {
  const reversal: Reversal = {
    draft,
    cause: { actor, requestId, reason },
    charge,
    moves: [],
    parts: [],
  };
  const current = charge.period === draft.team.period.index;
  for (const { source, amount: part } of lastOf(charge, amount)) {
    if (current) undoNow(reversal, source, part);
    else undoClosed(reversal, source, part);
  }
  const { parts, moves } = reversal;
  const { runId, key } = charge;
  const seq = draft.record({
    kind: 'reversal',
    runId,
    key,
    amount,
    parts,
    moves,
    reverses: charge.seq,
    line,
    requestId,
    actor,
    reason,
  });
  const reversals = [...charge.reversals, { seq, line, amount }];
  draft.charges.set(chargeKey(runId, key), { ...charge, reversals });
  return parts;
}

/** The parts of a charge that make up `amount`, from its end, after those that were undone before. */
function lastOf(charge: PastCharge, amount: Millicredits): readonly Part[] {
  let undone: bigint = charge.amount - leftOf(charge);
  let wanted: bigint = amount;
  const taken: Part[] = [];
  for (const part of charge.parts.toReversed()) {
    const before = min(part.amount, millicredits(undone));
    undone -= before;
    const now = min(millicredits(part.amount - before), millicredits(wanted));
    wanted -= now;
    if (now > 0n) taken.push({ source: part.source, amount: now });
  }
  return taken;
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
  const { draft, moves, cause } = reversal;
  const team = draft.edit();
  const owed = min(amount, team.owed);
  if (owed > 0n) {
    team.owed = millicredits(team.owed - owed);
    moves.push({ account: 'owed', delta: negate(owed) });
    went(reversal, 'overdraft', owed);
  }
  const repaid = millicredits(amount - owed);
  if (repaid === 0n) return;
  const facts = {
    kind: 'adjustment',
    amount: repaid,
    expiresAt: team.period.end,
    note: cause.reason,
  } as const;
  const grant = give(draft, facts, cause, 'overdraft that was repaid and is reversed');
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
