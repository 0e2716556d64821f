import { setTimeout as delay } from 'node:timers/promises';
import { type Client } from '@temporalio/client';
import { wakeTeam, type TeamBillingOptions } from '../client/team-billing';

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
  const stopping = new AbortController();
  const again = new Map<string, boolean>();
  const open = new Set<Promise<void>>();

  async function wakeUntilCurrent(team: string): Promise<void> {
    try {
      do {
        again.set(team, false);
        await wakeTeam(client, team, options);
        await delay(QUIET_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      } while (again.get(team) === true);
    } catch (error) {
      onError(team, error);
    } finally {
      again.delete(team);
    }
  }

  const stopListening = source.onWake((teams) => {
    for (const team of teams) {
      if (again.has(team)) again.set(team, true);
      else {
        const waking = wakeUntilCurrent(team).finally(() => open.delete(waking));
        open.add(waking);
      }
    }
  });
  return {
    wake: (team) => wakeTeam(client, team, options),
    close: async () => {
      stopListening();
      stopping.abort();
      await Promise.all(open);
    },
  };
}
