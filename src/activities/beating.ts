import { Context } from '@temporalio/activity';

const EVERY_MS = 5_000;

/**
 * Heartbeats while long ledger work is under way, so that a dead worker is found out in seconds. What the work tells of
 * its progress is seen in Temporal with the activity.
 */
export async function beating<T>(work: (tell: (progress: unknown) => void) => Promise<T>): Promise<T> {
  const context = Context.current();
  let last: unknown;
  const timer = setInterval(() => {
    context.heartbeat(last);
  }, EVERY_MS);
  try {
    return await work((progress) => {
      last = progress;
      context.heartbeat(progress);
    });
  } finally {
    clearInterval(timer);
  }
}
