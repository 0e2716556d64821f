import { type Client } from '@temporalio/client';
import { inTurn } from './in-turn';

const SIGNALS_AT_ONCE = 10;

export interface SignalFigures {
  readonly waiting: number;
  readonly signalsPerSecond: number;
  readonly completedPerSecond: number;
}

/** How fast plain signals let plain waiters go, from the same client: no ledger, no blocks. */
export async function plainSignals(
  client: Client,
  taskQueue: string,
  waiting: number,
): Promise<SignalFigures> {
  const handles = await inTurn(waiting, 50, (index) =>
    client.workflow.start('waiter', { workflowId: `waiter-${index}`, taskQueue }),
  );
  const begun = performance.now();
  const done = Promise.all(handles.map((handle) => handle.result()));
  await inTurn(waiting, SIGNALS_AT_ONCE, async (index) => handles[index]?.signal('go'));
  const signalled = performance.now() - begun;
  await done;
  const completed = performance.now() - begun;
  return {
    waiting,
    signalsPerSecond: (waiting * 1000) / signalled,
    completedPerSecond: (waiting * 1000) / completed,
  };
}
