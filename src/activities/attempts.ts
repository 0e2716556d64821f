import { CancelledFailure, type Context } from '@temporalio/activity';

/**
 * One attempt of an activity: its heartbeat, why it is being ended, and how often the block itself has failed.
 *
 * Temporal's own count of attempts also counts workers that died; a block's limit must not. So Temporal retries without
 * limit, and the block's failures are counted in the heartbeat's details, which outlive a worker and a failed attempt.
 */
export interface AttemptKeeper {
  /** Aborted when the activity is cancelled, for whatever reason. */
  readonly signal: AbortSignal;
  /** Failures of the block in earlier attempts. */
  readonly failures: number;
  /** Says that the activity is alive. */
  readonly beat: () => void;
  /** What being cancelled means: `final` the run does not want it any more, `retried` another attempt follows. */
  readonly ending: () => 'final' | 'retried' | null;
  /** The worker is going down, and another one will try again. */
  readonly shuttingDown: () => boolean;
  /** Counts this attempt's failure. */
  readonly failed: () => void;
  /** What to throw to end as cancelled. `detail` reaches the workflow. */
  readonly cancellation: (detail?: unknown) => CancelledFailure;
  readonly stop: () => void;
}

const BEATS_PER_TIMEOUT = 5;

export function attemptKeeper(context: Context): AttemptKeeper {
  const { info } = context;
  const beats = !info.isLocal && info.heartbeatTimeoutMs !== undefined && info.heartbeatTimeoutMs > 0;
  // A local activity has no heartbeat: there Temporal's count is the only one.
  const failures = beats ? failuresIn(info.heartbeatDetails) : info.isLocal ? info.attempt - 1 : 0;
  const beat = (): void => {
    if (beats) context.heartbeat({ failures });
  };
  // Not at once: a short block needs none, and each is a call to the server.
  const timer = beats ? setInterval(beat, (info.heartbeatTimeoutMs ?? 0) / BEATS_PER_TIMEOUT) : null;
  return {
    signal: context.cancellationSignal,
    failures,
    beat,
    ending: () => {
      if (!context.cancellationSignal.aborted) return null;
      const why = context.cancellationDetails;
      return why === undefined || why.cancelRequested || why.notFound ? 'final' : 'retried';
    },
    shuttingDown: () => context.cancellationDetails?.workerShutdown === true,
    failed: () => {
      if (beats) context.heartbeat({ failures: failures + 1 });
    },
    cancellation: (detail) =>
      new CancelledFailure('the block was cancelled', detail === undefined ? [] : [detail]),
    stop: () => {
      if (timer !== null) clearInterval(timer);
    },
  };
}

function failuresIn(details: unknown): number {
  if (typeof details !== 'object' || details === null || !('failures' in details)) return 0;
  return typeof details.failures === 'number' ? details.failures : 0;
}
