import { setTimeout as delay } from 'node:timers/promises';
import { type FlowCreditsClient, type RunnerState } from '../../client';

const FIRST_LOOK_MS = 1_500;
const EVERY_MS = 5_000;

/** What a person is told whose blocks wait for a private runner, with the way out. */
export function runnerWaits(team: string, { taskQueue }: RunnerState): string {
  return (
    `blocks wait for the private runner of team "${team}": nobody polls ${taskQueue}; ` +
    `start one with "flow-credits runner --team ${team}"`
  );
}

/** Waits for a run's end, and says when its blocks wait for a private runner that is not there: each time once. */
export async function tellingOfRunner<T>(
  client: Pick<FlowCreditsClient, 'run'>,
  workflowId: string,
  ending: Promise<T>,
  tell: (line: string) => void,
): Promise<T> {
  const over = new AbortController();
  // A look that fails says nothing, and is the last one: the run's end, or Temporal's failure, comes by itself.
  watch(client, workflowId, over.signal, tell).catch(() => undefined);
  try {
    return await ending;
  } finally {
    over.abort();
  }
}

async function watch(
  client: Pick<FlowCreditsClient, 'run'>,
  workflowId: string,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<void> {
  let told = false;
  for (let pause = FIRST_LOOK_MS; ; pause = EVERY_MS) {
    await delay(pause, undefined, { signal });
    const { runner, team } = await client.run(workflowId);
    if (signal.aborted) return;
    const waits = runner !== null && !runner.polled;
    if (waits && !told) tell(runnerWaits(team, runner));
    told = waits;
  }
}
