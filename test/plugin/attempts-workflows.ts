import {
  ActivityCancellationType,
  proxyActivities,
  proxyLocalActivities,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';

/** One activity under whatever options a test wants. */

export interface Doing {
  readonly team?: string;
  readonly activity: string;
  readonly local?: LocalActivityOptions;
  readonly options?: ActivityOptions;
}

type Anything = Record<string, (name: string) => Promise<string>>;

export async function doing({ activity, local, options }: Doing): Promise<string> {
  const activities =
    local === undefined
      ? proxyActivities<Anything>({
          startToCloseTimeout: '1 minute',
          cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
          ...options,
        })
      : proxyLocalActivities<Anything>({ startToCloseTimeout: '10 seconds', ...local });
  const call = activities[activity];
  if (call === undefined) throw new TypeError(`no activity "${activity}"`);
  return call(activity);
}
