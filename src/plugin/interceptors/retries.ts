import { ApplicationFailure, type Context } from '@temporalio/activity';
import { msToNumber } from '@temporalio/common/lib/time';

const DEFAULT_INITIAL_MS = 1_000;
const DEFAULT_COEFFICIENT = 2;
const DEFAULT_MOST = 100;

/** What is known of an attempt, of its activity, and of why it is being ended. */
export type AttemptFacts = Pick<Context, 'info' | 'cancellationSignal' | 'cancellationDetails'>;

/**
 * Whether Temporal will try a failed attempt again, by the activity's own retry policy: an attempt that is followed by
 * another commits nothing. Temporal decides by its own clock; at the very edge of `scheduleToCloseTimeout` this may
 * differ, and what the last attempt used goes uncharged, or an attempt after it is free. Nothing is charged twice.
 */
export function anotherFollows(error: unknown, attempt: AttemptFacts, now: number): boolean {
  const { info, cancellationSignal, cancellationDetails: why } = attempt;
  const { maximumAttempts = 0, nonRetryableErrorTypes = [] } = info.retryPolicy ?? {};
  // Nobody wants it any more. Ended for another reason (a shutdown, a timeout, a pause), it comes again if it may.
  if (cancellationSignal.aborted && (why === undefined || why.cancelRequested || why.notFound)) return false;
  if (maximumAttempts > 0 && info.attempt >= maximumAttempts) return false;
  if (!cancellationSignal.aborted) {
    if (error instanceof ApplicationFailure && error.nonRetryable === true) return false;
    const type =
      error instanceof ApplicationFailure ? error.type : error instanceof Error ? error.name : null;
    if (typeof type === 'string' && nonRetryableErrorTypes.includes(type)) return false;
  }
  const { scheduleToCloseTimeoutMs: most, scheduledTimestampMs } = info;
  return !(most > 0) || now + pauseMs(error, attempt) < scheduledTimestampMs + most;
}

/** How long Temporal waits before the next attempt. */
function pauseMs(error: unknown, { info }: AttemptFacts): number {
  const policy = info.retryPolicy ?? {};
  const told = error instanceof ApplicationFailure ? milliseconds(error.nextRetryDelay) : null;
  if (told !== null) return told;
  const first = milliseconds(policy.initialInterval) ?? DEFAULT_INITIAL_MS;
  const longest = milliseconds(policy.maximumInterval) ?? first * DEFAULT_MOST;
  return Math.min(first * (policy.backoffCoefficient ?? DEFAULT_COEFFICIENT) ** (info.attempt - 1), longest);
}

function milliseconds(duration: unknown): number | null {
  return typeof duration === 'number' || typeof duration === 'string' ? msToNumber(duration) : null;
}
