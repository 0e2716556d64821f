import { millicredits, parseMillicredits, type Millicredits } from '../../contracts/millicredits';
import { chargeKey } from './charge-key';
import { type Draft } from './draft';
import { draw } from './draw';
import { trim } from './hold';
import { type Commit, type Results } from './operations';
import { unknownRun } from './refusals';
import { beyondLimit, cannotUse, reservationOf } from './reserve';
import { type ChargeDetail, type PastCharge, type Run } from './types';

/**
 * Charges what a block used. The first commit of a key stands; later ones get its answer whatever they bring. A commit
 * of a closed run is charged all the same and marked late; one without a reservation is marked so.
 */
export function commit(draft: Draft, op: Commit): Results['commit'] {
  const run = draft.runs.get(op.runId);
  if (run === undefined) return unknownRun(op.team, op.runId);
  const id = chargeKey(op.runId, op.key);
  const past = draft.charges.get(id);
  if (past !== undefined) return charged(past, run, true);
  const refusal = cannotUse(run, op.team, op.amount);
  if (refusal !== null) return refusal;
  const late = run.status === 'closed';
  const reserved = reservationOf(run, op.key) !== null;
  const atOnce = op.atOnce === true && !reserved;
  const beyond = atOnce ? beyondLimit(run, op.key, op.amount) : null;
  if (beyond !== null) return beyond;
  const unreserved = !reserved && !atOnce;
  const { parts, moves, holds } = draw(draft, run, op.amount);
  const seq = draft.record({
    kind: 'charge',
    runId: op.runId,
    key: op.key,
    amount: op.amount,
    parts,
    moves,
    detail: op.detail,
    late,
    unreserved,
  });
  const next = trim(
    draft,
    {
      ...run,
      holds,
      reservations: reserved ? withoutKey(run.reservations, op.key) : run.reservations,
      charged: millicredits(run.charged + op.amount),
      starting: false,
    },
    op.key,
  );
  draft.setRun(next);
  const charge: PastCharge = {
    seq,
    runId: op.runId,
    key: op.key,
    period: draft.team.period.index,
    amount: op.amount,
    parts,
    lines: amountsOf(op.detail),
    late,
    unreserved,
    reversals: [],
  };
  draft.charges.set(id, charge);
  return charged(charge, next, false);
}

/** The amounts of a charge's lines, in order. */
export function amountsOf({ lines }: ChargeDetail): readonly Millicredits[] {
  return lines.map((line) => parseMillicredits(line.millicredits));
}

export function withoutKey(reservations: Run['reservations'], key: string): Run['reservations'] {
  const { [key]: _gone, ...rest } = reservations;
  return rest;
}

function charged(charge: PastCharge, run: Run, repeated: boolean): Results['commit'] {
  return {
    status: 'charged',
    amount: charge.amount,
    parts: charge.parts,
    late: charge.late,
    unreserved: charge.unreserved,
    repeated,
    runCharged: run.charged,
  };
}
