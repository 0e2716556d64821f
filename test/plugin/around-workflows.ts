import {
  ActivityCancellationType,
  condition,
  defineSignal,
  executeChild,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

/** A workflow whose activities are executed on somebody else's machine. */

export interface Elsewhere {
  readonly team?: string;
  readonly activity: string;
  readonly taskQueue: string;
  readonly times?: number;
  /** Its cancellation is asked for, and not waited for. */
  readonly leaves?: boolean;
}

type Anything = Record<string, (name: string) => Promise<unknown>>;

export async function elsewhere({
  activity,
  taskQueue,
  times = 1,
  leaves = false,
}: Elsewhere): Promise<unknown> {
  const there = proxyActivities<Anything>({
    taskQueue,
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '2s',
    retry: { maximumAttempts: 2, initialInterval: '10ms' },
    cancellationType: leaves
      ? ActivityCancellationType.TRY_CANCEL
      : ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  const call = there[activity];
  if (call === undefined) throw new TypeError(`no activity "${activity}"`);
  const [result] = await Promise.all(Array.from({ length: times }, (_, index) => call(String(index))));
  return result;
}

export async function childElsewhere(asked: Elsewhere): Promise<unknown> {
  const { activity, taskQueue } = asked;
  return executeChild(elsewhere, { args: [{ activity, taskQueue }] });
}

/** One after the other, with somebody's word in between. */
export const goOn = defineSignal('goOn');
export async function elsewhereInTurn(asked: Elsewhere): Promise<unknown> {
  let told = false;
  setHandler(goOn, () => {
    told = true;
  });
  await elsewhere(asked);
  await condition(() => told);
  return elsewhere(asked);
}
