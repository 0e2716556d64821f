import { type FlowCreditsClient } from '../client';

/** Asks Temporal for so long at most, and then throws what `late` makes. */
export async function temporalWithin<T>(
  client: FlowCreditsClient,
  milliseconds: number,
  ask: () => Promise<T>,
  late: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(late());
    }, milliseconds);
  });
  // The deadline ends the call as well, wherever it hangs: nothing is left under way when the server closes.
  const asked = client.within(milliseconds, ask);
  // Whoever loses the race fails unheard.
  asked.catch(() => undefined);
  over.catch(() => undefined);
  try {
    return await Promise.race([asked, over]);
  } finally {
    clearTimeout(timer);
  }
}
