import { type FlowCreditsClient, type RunnerState } from '../client';
import { needsRunner } from '../client/private-runner';
import { type LedgerRun } from '../ledger/read';
import { temporalWithin } from './temporal-within';

/** A read waits for Temporal no longer than a person does. */
const PATIENCE_MS = 2_000;

/**
 * Of a run under way on a private runner: where its blocks wait, and whether anybody polls there. Null for all others,
 * and where Temporal does not say so in time: what was charged is to be seen all the same. `unknown` is told why.
 */
export async function runnerOf(
  client: FlowCreditsClient,
  team: string,
  { context, status }: LedgerRun,
  unknown: (error: unknown) => void,
): Promise<RunnerState | null> {
  if (!needsRunner({ location: context.location, underWay: status === 'admitted' })) return null;
  try {
    return await temporalWithin(
      client,
      PATIENCE_MS,
      () => client.runner(team),
      () => new Error(`Temporal has not answered for ${PATIENCE_MS} ms`),
    );
  } catch (error) {
    unknown(error);
    return null;
  }
}
