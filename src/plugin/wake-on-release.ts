import { type Client } from '@temporalio/client';
import { wakeTeam, type TeamBillingOptions } from '../client/team-billing';
import { coalesce } from './coalesce';

/** In a release each run that is heard of is news: a keeper needs to hear of some of it at a time. */
const QUIET_MS = 250;

/** What tells of teams with news: `Ledger` of `ledger/` does. */
export interface WakeSource {
  /** Gives the function that stops listening. */
  onWake(listener: (teams: readonly string[]) => void): () => void;
}

export interface Waker {
  readonly wake: (team: string) => Promise<void>;
  /** Stops listening, and waits for the wakes under way. */
  readonly close: () => Promise<void>;
}

/**
 * Wakes the keeper of each team that the ledger names after a transaction. Coalesced: while one wake is under way, and
 * for a moment after it, any number of others is one more. A wake that fails is left to `reconcile`, which finds the team's row.
 */
export function wakeOnRelease(
  client: Client,
  source: WakeSource,
  onError: (team: string, error: unknown) => void,
  options: TeamBillingOptions = {},
): Waker {
  const wake = (team: string): Promise<void> => wakeTeam(client, team, options);
  const coalesced = coalesce(wake, QUIET_MS, onError);
  const stopListening = source.onWake((teams) => {
    for (const team of teams) coalesced.call(team);
  });
  return {
    wake,
    close: async () => {
      stopListening();
      await coalesced.close();
    },
  };
}
