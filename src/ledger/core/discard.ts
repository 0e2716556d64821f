import { ZERO } from '../../contracts/millicredits';
import { type Draft } from './draft';
import { leaveLine } from './line';
import { type DiscardWaiting, type Results } from './operations';
import { type Run, type WaitingFilter } from './types';

/** Puts the first waiting runs that match out of the line; each is told. Done once per request, however many come later. */
export function discardWaiting(draft: Draft, op: DiscardWaiting): Results['discardWaiting'] {
  const found = matching(draft, op);
  for (const run of found) leaveLine(draft, run, 'discarded', true);
  if (found.length > 0) {
    draft.record({
      kind: 'discard',
      requestId: op.requestId,
      amount: ZERO,
      actor: op.actor,
      reason: `${found.length} waiting ${found.length === 1 ? 'run' : 'runs'} discarded: ${op.reason}`,
    });
  }
  return { status: 'done', discarded: found.length, more: found.length === op.most };
}

function matching(draft: Draft, filter: WaitingFilter): readonly Run[] {
  const found: Run[] = [];
  for (const run of draft.runs.values()) if (matches(run, filter)) found.push(run);
  return found.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).slice(0, filter.most);
}

/** Whether a run waits and is meant; what SQL's `matching` says. */
export function matches(run: Run, { flow, trigger, before, runIds }: WaitingFilter): boolean {
  return (
    run.status === 'waiting' &&
    (flow === null || run.flow === flow) &&
    (trigger === null || run.context.trigger === trigger) &&
    (before === null || run.askedAt < before) &&
    (runIds === null || runIds.includes(run.runId))
  );
}
