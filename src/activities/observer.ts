import { type LedgerObserver } from '../ledger';

/** Who looks at how a worker works: at its ledger, and at its activities. */
export interface Observer {
  readonly ledger?: LedgerObserver;
  readonly activities?: ActivityObserver;
}

/** Who looks at what activities do: metrics. Where nobody does, nothing is measured. */
export interface ActivityObserver {
  /** An attempt at a block, or at a metered activity of an ordinary workflow, ended. */
  readonly executed?: (attempt: ObservedAttempt) => void;
  /** The ledger did not answer in time: something went on without a reservation, or its usage travels. */
  readonly workedAround?: (step: 'reserve' | 'commit') => void;
  /** An attempt to deliver an event; `dead`: it was the last one. */
  readonly delivered?: (outcome: 'delivered' | 'failed' | 'dead') => void;
}

/** An attempt at a block or a metered activity, as it ended. */
export interface ObservedAttempt {
  /** The block's type; of an ordinary workflow, the activity's. */
  readonly type: string;
  readonly outcome: 'done' | 'failed' | 'retried';
  /** Reserve and commit included. */
  readonly milliseconds: number;
}

/** Does something, and tells of it how it ended and how long it took. */
export async function observed<T extends { readonly status: ObservedAttempt['outcome'] }>(
  observer: ActivityObserver | undefined,
  type: string,
  attempt: () => Promise<T>,
): Promise<T> {
  if (observer?.executed === undefined) return attempt();
  const begun = performance.now();
  const told = (outcome: ObservedAttempt['outcome']): void => {
    observer.executed?.({ type, outcome, milliseconds: performance.now() - begun });
  };
  try {
    const outcome = await attempt();
    told(outcome.status);
    return outcome;
  } catch (error) {
    told('failed');
    throw error;
  }
}
