import { setTimeout as delay } from 'node:timers/promises';

export interface Coalesced {
  /** Has it done now; while it is under way, and for a moment after it, any number of calls is once more then. */
  call(): void;
  /** Begins no more, and waits for what is under way. */
  close(): Promise<void>;
}

/** Something of which any number of calls at a time is one, and one more. A failure is told and not repeated. */
export function coalesce(
  act: () => Promise<void>,
  quietMs: number,
  onError: (error: unknown) => void,
): Coalesced {
  const stopping = new AbortController();
  let again = false;
  let underWay: Promise<void> | null = null;

  async function untilCurrent(): Promise<void> {
    try {
      do {
        again = false;
        await act();
        await delay(quietMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      } while (wantedAgain());
    } catch (error) {
      onError(error);
    }
  }

  /** The compiler does not see that it changes while something is awaited. */
  function wantedAgain(): boolean {
    return again;
  }

  return {
    call: () => {
      if (underWay !== null) again = true;
      else {
        underWay = untilCurrent().finally(() => {
          underWay = null;
        });
      }
    },
    close: async () => {
      stopping.abort();
      await underWay;
    },
  };
}
