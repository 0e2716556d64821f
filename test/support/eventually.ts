import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Give up after so many milliseconds. Default 30,000: a bound for a broken build, not a measure of speed. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks again until what must happen has happened: until `probe` neither throws nor answers `false`. Gives its
 * answer. When the time is up it throws the last failure, so an `expect` inside tells what was missing.
 */
export async function eventually<T>(probe: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const { timeoutMs = 30_000, everyMs = 25 } = patience;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await probe();
      if (answer !== false) return answer;
      failure = new Error(`still false after ${String(timeoutMs)} ms: ${probe.toString()}`);
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline) throw failure;
    await delay(everyMs);
  }
}
