import { chargeKey } from './charge-key';
import { withoutKey } from './commit';
import { type Draft } from './draft';
import { trim } from './hold';
import { type Results, type Unreserve } from './operations';
import { unknownRun } from './refusals';
import { reservationOf } from './reserve';

/** Gives a block's reservation back uncharged; the pool keeps what remains of the run's estimate. */
export function unreserve(draft: Draft, op: Unreserve): Results['unreserve'] {
  if (draft.charges.get(chargeKey(op.runId, op.key)) !== undefined) return { status: 'charged' };
  const run = draft.runs.get(op.runId);
  if (run === undefined) return unknownRun(op.team, op.runId);
  if (reservationOf(run, op.key) === null) return { status: 'nothing-reserved' };
  const reservations = withoutKey(run.reservations, op.key);
  draft.setRun(trim(draft, { ...run, reservations, starting: false }, op.key));
  return { status: 'unreserved' };
}
