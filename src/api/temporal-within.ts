import { type FlowCreditsClient } from '../client';
import { inTime } from '../ops/checks';

/** Asks Temporal for so long at most, and then throws what `late` makes. */
export function temporalWithin<T>(
  client: FlowCreditsClient,
  milliseconds: number,
  ask: () => Promise<T>,
  late: () => Error,
): Promise<T> {
  // The deadline ends the call as well, wherever it hangs: nothing is left under way when the server closes.
  return inTime(milliseconds, () => client.within(milliseconds, ask), late);
}
