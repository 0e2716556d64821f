import { toText } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { sumOf } from './parts';
import { type EventBody, type Run } from './types';

type RunFacts = Extract<EventBody, { kind: 'run.left' }>['data'];

/** What an event says of its run. */
function factsOf({ runId, workflowId, flow, context: { trigger } }: Run): Omit<RunFacts, 'reason'> {
  return { runId, workflowId, flow, trigger };
}

/** Puts a run at the end of the line. */
export function joinLine(draft: Draft, run: Run, reason: 'spent' | 'held'): Run {
  const waiting: Run = { ...run, place: draft.join(run) };
  draft.setRun(waiting);
  const place = draft.placeInLine(waiting);
  draft.emit({ kind: 'run.waiting', data: { ...factsOf(run), place, reason } });
  return waiting;
}

/** Takes a waiting run out of the line, unadmitted. `tell`: it did not ask for it, somebody must signal it. */
export function leaveLine(draft: Draft, run: Run, reason: string, tell: boolean): void {
  draft.leave(run);
  draft.setRun({ ...run, status: 'left', closedAt: draft.time, closeReason: reason, tell });
  draft.emit({ kind: 'run.left', data: { ...factsOf(run), reason } });
}

/** Takes a run out of the line that is admitted now, with its hold. */
export function released(draft: Draft, run: Run): void {
  draft.emit({ kind: 'run.released', data: { ...factsOf(run), held: toText(sumOf(run.holds)) } });
}
