import { setTimeout as delay } from 'node:timers/promises';
import { Runtime } from '@temporalio/worker';
import { messageOf } from '../contracts/error-text';

/** What a worker process does before it works. */

const PAUSE_MS = 2_000;

/** An orchestrator starts everything at once: what is not there yet is tried again, and said each time. */
export async function untilThere<T>(what: string, connect: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await connect();
    } catch (error) {
      if (tries >= MOST_TRIES || !isUnreachable(error)) throw error;
      const reason = messageOf(error);
      Runtime.instance().logger.warn(`${what} is not there yet (${reason}); trying again`);
      await delay(PAUSE_MS);
    }
  }
}

const MOST_TRIES = 60;

/** The network's word, or Postgres still starting. Anything else will not pass by itself. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03)/.test(code) || error.name === 'TransportError'
  );
}
