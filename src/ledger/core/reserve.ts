import { millicredits, ZERO, type Millicredits } from '../../contracts/millicredits';
import { amountFault } from './amounts';
import { type Draft } from './draft';
import { holdMore, openClaims } from './hold';
import { type Refused, type Reserve, type Results } from './operations';
import { sumOf } from './parts';
import { chargeKey } from './charge-key';
import { refused, unknownRun } from './refusals';
import { type Run } from './types';

/**
 * Claims `amount` of the run's pool for a block. What the pool lacks is drawn from what is spendable; what is then
 * still uncovered will be overdraft at the commit. Only the run's limit refuses it. The first reservation of a key
 * stands until its commit. What outlives its run (`reopens: false`) sets nothing aside once that is closed.
 */
export function reserve(draft: Draft, op: Reserve): Results['reserve'] {
  const charge = draft.charges.get(chargeKey(op.runId, op.key));
  if (charge !== undefined) return { status: 'charged', amount: charge.amount };
  const run = draft.runs.get(op.runId);
  if (run === undefined) return unknownRun(op.team, op.runId);
  const refusal = cannotUse(run, op.team, op.amount);
  if (refusal !== null) return refusal;
  const before = reservationOf(run, op.key);
  if (before !== null && run.status === 'admitted') return reserved(run, before);
  const beyond = beyondLimit(run, op.key, op.amount);
  if (beyond !== null) return beyond;
  if (run.status === 'closed' && op.reopens === false) return { status: 'closed' };
  const claims = openClaims(run);
  const claimed: Run = {
    ...(run.status === 'closed' ? reopened(run) : run),
    reservations: { ...run.reservations, [op.key]: op.amount },
    starting: false,
  };
  const shortage = millicredits(claims + op.amount - sumOf(run.holds));
  const next = shortage > 0n ? holdMore(draft, claimed, shortage, op.key) : claimed;
  draft.setRun(next);
  return reserved(next, op.amount);
}

/** The one thing that stops an admitted run: its limit, over what was charged and is reserved. */
export function beyondLimit(run: Run, key: string, amount: Millicredits): Refused | null {
  const { limit, charged } = run;
  const claims = openClaims(run);
  if (limit === null || charged + claims + amount <= limit) return null;
  return refused(
    'limit-reached',
    `run "${run.runId}": ${charged} charged, ${claims} reserved and ${amount} for "${key}" are more than its limit of ${limit} millicredits`,
    {
      limit: limit.toString(),
      charged: charged.toString(),
      reserved: claims.toString(),
      asked: amount.toString(),
    },
  );
}

/** Why a run may not reserve or be charged, or null. */
export function cannotUse(run: Run, team: string, amount: Millicredits): Refused | null {
  const fault = amountFault('an amount in millicredits', amount);
  if (fault !== null) return refused('invalid', `run "${run.runId}": ${fault}`);
  if (run.status === 'waiting' || run.status === 'left') {
    return refused(
      'not-admitted',
      `team "${team}": run "${run.runId}" was never admitted (it is "${run.status}")`,
    );
  }
  if (!run.requiresCredits && amount > 0n) {
    return refused(
      'not-metered',
      `run "${run.runId}" was admitted as one that requires no credits and cannot be charged ${amount} millicredits`,
    );
  }
  return null;
}

export function reservationOf(run: Run, key: string): Millicredits | null {
  return Object.hasOwn(run.reservations, key) ? (run.reservations[key] ?? null) : null;
}

/** A run that was closed by a reset of its workflow goes on. */
function reopened(run: Run): Run {
  return { ...run, status: 'admitted', closedAt: null, closeReason: null };
}

function reserved(run: Run, amount: Millicredits): Results['reserve'] {
  const uncovered = openClaims(run) - sumOf(run.holds);
  const covered = uncovered <= 0n ? amount : uncovered >= amount ? ZERO : millicredits(amount - uncovered);
  return { status: 'reserved', amount, covered };
}
