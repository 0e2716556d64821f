import { ZERO } from '../../contracts/millicredits';
import { admittedAnswer } from './admit';
import { type Draft } from './draft';
import { giveBack } from './hold';
import { type Close, type Leave, type Results } from './operations';
import { leaveLine } from './line';
import { sumOf } from './parts';
import { unknownRun } from './refusals';

/** Ends a run: what it holds goes back. One that still waits leaves the line. */
export function close(draft: Draft, op: Close): Results['close'] {
  const run = draft.runs.get(op.runId);
  if (run === undefined) return unknownRun(op.team, op.runId);
  switch (run.status) {
    case 'waiting':
      leaveLine(draft, run, op.reason, false);
      return { status: 'left', charged: ZERO, released: ZERO };
    case 'left':
    case 'closed':
      return { status: run.status, charged: run.charged, released: ZERO };
    case 'admitted': {
      const released = sumOf(run.holds);
      const empty = giveBack(draft, run, released, null);
      draft.setRun({
        ...empty,
        status: 'closed',
        reservations: {},
        closedAt: draft.time,
        closeReason: op.reason,
        tell: false,
        starting: false,
      });
      return { status: 'closed', charged: run.charged, released };
    }
  }
}

/** Takes a waiting run out of the line; one that was admitted in the meantime is told so. */
export function leave(draft: Draft, op: Leave): Results['leave'] {
  const run = draft.runs.get(op.runId);
  if (run === undefined) return unknownRun(op.team, op.runId);
  switch (run.status) {
    case 'waiting':
      leaveLine(draft, run, op.reason, false);
      return { status: 'left' };
    case 'admitted':
      return admittedAnswer(run);
    case 'left':
    case 'closed':
      return { status: run.status };
  }
}
