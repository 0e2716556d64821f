import { setTimeout as delay } from 'node:timers/promises';
import { type Client } from '@temporalio/client';
import { wakeTeam, type TeamBillingOptions } from '../client/team-billing';

/** In a release each run that is heard of is news: a keeper needs to hear of some of it at a time. */
const QUIET_MS = 250;
/** A reset names teams by the hundred, many times a second: Temporal takes so many starts at once. */
const WAKES_AT_ONCE = 20;
/** So many teams may wait for their turn; more are left to whoever goes through the wake rows. */
const MOST_IN_TURN = 10_000;

/** What tells of teams with news: `Ledger` of `ledger/` does. */
export interface WakeSource {
  /** Gives the function that stops listening. */
  onWake(listener: (teams: readonly string[]) => void): () => void;
}

export interface Waker {
  readonly wake: (team: string) => Promise<void>;
  /** Stops listening, and waits for the wakes under way; those in turn are left to `reconcile`. */
  readonly close: () => Promise<void>;
}

/**
 * Wakes the keeper of each team that the ledger names after a transaction, so many at a time. Coalesced: while one wake
 * is under way, and for a moment after it, any number of others is one more. A wake that fails is left to `reconcile`,
 * which finds the team's row.
 */
export function wakeOnRelease(
  client: Client,
  source: WakeSource,
  onError: (team: string, error: unknown) => void,
  options: TeamBillingOptions = {},
): Waker {
  const stopping = new AbortController();
  const inTurn = new Set<string>();
  /** Being woken, or woken a moment ago; true: named again since. */
  const again = new Map<string, boolean>();
  const open = new Set<Promise<void>>();
  let underWay = 0;

  function hear(team: string): void {
    if (again.has(team)) again.set(team, true);
    else if (inTurn.size < MOST_IN_TURN) inTurn.add(team);
  }

  function wakeSome(): void {
    for (const team of inTurn) {
      if (underWay >= WAKES_AT_ONCE) return;
      inTurn.delete(team);
      const waking = wakeOnce(team).finally(() => open.delete(waking));
      open.add(waking);
    }
  }

  async function wakeOnce(team: string): Promise<void> {
    underWay += 1;
    again.set(team, false);
    let woken = false;
    try {
      await wakeTeam(client, team, options);
      woken = true;
    } catch (error) {
      onError(team, error);
    } finally {
      underWay -= 1;
      wakeSome();
    }
    if (woken) await delay(QUIET_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    const named = again.get(team) === true;
    again.delete(team);
    if (!woken || !named) return;
    hear(team);
    wakeSome();
  }

  const stopListening = source.onWake((teams) => {
    for (const team of teams) hear(team);
    wakeSome();
  });
  return {
    wake: (team) => wakeTeam(client, team, options),
    close: async () => {
      stopListening();
      stopping.abort();
      inTurn.clear();
      while (open.size > 0) await Promise.all(open);
    },
  };
}
