import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { type FlowCreditsActivities } from '../contracts/activities';

/** Our activities as they are registered: prefixed, because Temporal lets one replace another of the same name. */
export type Registered = {
  [Name in keyof FlowCreditsActivities as `flowCredits.${Name}`]: FlowCreditsActivities[Name];
};

/**
 * Quick ledger work inside the workflow task: it adds one event and no round trip. Three short tries, because a local
 * activity that retries holds a workflow task's slot; design, section 12.3.
 */
const local = proxyLocalActivities<Registered>({
  startToCloseTimeout: '2s',
  retry: { maximumAttempts: 3, initialInterval: '100ms', maximumInterval: '400ms' },
});

/** The same for as long as it takes. */
export const untilDone = proxyActivities<Registered>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** What `teamBilling` and the schedules' workflows do: pages of ledger work, tried until they are done. */
export const regular = proxyActivities<Registered>({
  startToCloseTimeout: '2m',
  heartbeatTimeout: '20s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** Local first; when that fails because the ledger is away, a regular activity until it is done. */
export async function localFirst<T>(work: (activities: Registered) => Promise<T>): Promise<T> {
  try {
    return await work(local);
  } catch (error) {
    if (isAnswer(error)) throw error;
    return work(untilDone);
  }
}

/** The application failure inside an activity's failure, if that is what it is. */
export function applicationFailureOf(error: unknown): ApplicationFailure | null {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) return error.cause;
  return null;
}

/**
 * Whether a local activity's failure is what came of it, so that it is not to be tried as a regular one: a refusal, or
 * a cancellation that somebody asked for. A worker that goes down, or drops a workflow from its cache, cancels local
 * activities by itself.
 */
export function isAnswer(error: unknown, scope = CancellationScope.current()): boolean {
  if (isCancellation(error)) return scope.consideredCancelled;
  return applicationFailureOf(error)?.nonRetryable === true;
}
