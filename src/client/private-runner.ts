import { type Client } from '@temporalio/client';
import { runnerTaskQueue } from '../contracts/names';

/** Temporal's number for a task queue of activities (`temporal.api.enums.v1.TaskQueueType`), an enum its client does not export. */
const OF_ACTIVITIES = Object.fromEntries([['taskQueueType', 2]]);
/** A poll lasts a minute at most; Temporal lists who polled for five. */
const POLLED_WITHIN_MS = 90_000;

/** A team's private runner as Temporal sees it. */
export interface RunnerState {
  readonly taskQueue: string;
  /** False: nobody has polled for 90 seconds, and blocks wait. A runner that was killed counts until then. */
  readonly polled: boolean;
}

/** Whose blocks wait for a private runner where nobody polls: runs under way on one. All others need none. */
export function needsRunner(run: { readonly location: string; readonly underWay: boolean }): boolean {
  return run.underWay && run.location === 'private-runner';
}

export async function runnerState(client: Client, team: string, ours: string): Promise<RunnerState> {
  const taskQueue = runnerTaskQueue(team, ours);
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    ...OF_ACTIVITIES,
  });
  const since = Date.now() - POLLED_WITHIN_MS;
  return {
    taskQueue,
    polled: pollers.some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since),
  };
}
