import { setTimeout as delay } from 'node:timers/promises';

export interface Coalesced {
  /** Has the key's call made now, or, while one is under way and for a moment after it, once more then. */
  call(key: string): void;
  /** Makes no more calls, and waits for those under way. */
  close(): Promise<void>;
}

/** Any number of calls of a key at a time is one, and one more. A call that fails is told and not repeated. */
export function coalesce(
  call: (key: string) => Promise<void>,
  quietMs: number,
  onError: (key: string, error: unknown) => void,
): Coalesced {
  const stopping = new AbortController();
  const again = new Map<string, boolean>();
  const open = new Set<Promise<void>>();

  async function callUntilCurrent(key: string): Promise<void> {
    try {
      do {
        again.set(key, false);
        await call(key);
        await delay(quietMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      } while (again.get(key) === true);
    } catch (error) {
      onError(key, error);
    } finally {
      again.delete(key);
    }
  }

  return {
    call: (key) => {
      if (again.has(key)) again.set(key, true);
      else {
        const calling = callUntilCurrent(key).finally(() => open.delete(calling));
        open.add(calling);
      }
    },
    close: async () => {
      stopping.abort();
      await Promise.all(open);
    },
  };
}
