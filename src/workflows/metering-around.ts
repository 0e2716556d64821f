import {
  ActivityCancellationType,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import { type MeteredRun, type UncommittedUsage } from '../contracts/activities';
import { FAILURE } from '../contracts/failures';
import { type Usage } from '../contracts/usage';
import { type RunMeter } from './metering';
import { type Registered } from './our-activities';
import { usageIn } from './private-block';
import { commitLater, settle } from './settle-block';

/** An activity of an ordinary workflow that is executed where no ledger is. */
export interface AroundItem {
  readonly key: string;
  readonly activityType: string;
  readonly child: boolean;
  /** Where its result tells what it used. */
  readonly usageAt: readonly string[];
}

/** In time, and not local: a local activity's result may change places with another's in a replay. */
const reserving = proxyActivities<Registered>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Reserves before the activity and commits after it, from the workflow: the activity itself needs no ledger, no plugin
 * and no language of ours. What it used its result tells, or `details[0].usage` of its failure; a fixed price needs
 * neither. Its end is told once its charge is made, or handed to the workflow's close where the ledger is away.
 */
export async function meteredAround(
  meter: RunMeter,
  run: MeteredRun,
  { key, activityType, child, usageAt }: AroundItem,
  execute: () => Promise<unknown>,
): Promise<unknown> {
  const usedOf = (usage: Usage, failed: boolean): UncommittedUsage => {
    return { key, type: activityType, usage, rows: 'activities', failed };
  };
  let reserved: boolean;
  try {
    const asked = { run, key, activityType, child };
    ({ reserved } = await reserving['flowCredits.reserveActivity'](asked));
  } catch (error) {
    // One that is cancelled may have reserved all the same.
    if (isCancellation(error)) meter.settle(key, commitLater(usedOf({}, true)));
    throw error;
  }
  /** Gives what it cannot be charged for, if anything. */
  const committed = async (usage: Usage, failed: boolean): Promise<string | null> => {
    const used = !reserved && Object.keys(usage).length === 0 ? null : usedOf(usage, failed);
    const { settlement, refusal } = await settle(run, used, reserved);
    meter.settle(key, settlement);
    return refusal;
  };
  let result: unknown;
  try {
    result = await execute();
  } catch (error) {
    const usage = usageIn(error);
    // A workflow that stops waits for its commits at its close.
    if (isCancellation(error)) meter.settle(key, commitLater(usedOf(usage, true)));
    else await committed(usage, true);
    throw error;
  }
  const refusal = await committed(usageFrom(result, usageAt), false);
  if (refusal !== null) throw unpriced(activityType, refusal);
  return result;
}

function usageFrom(result: unknown, path: readonly string[]): Usage {
  if (path.length === 0) return {};
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined,
    result,
  );
  return typeof found === 'object' && found !== null ? found : {};
}

function unpriced(activityType: string, refusal: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `activity "${activityType}" was executed, but what it used cannot be charged: ${refusal}`,
    FAILURE.usageUnpriced,
  );
}
