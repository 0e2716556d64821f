import { type LedgerReader } from '../ledger/read';
import { type Check } from './checks';

/** What of Temporal's connections, the client's and the worker's, a check needs. */
export interface TemporalConnection {
  withDeadline<T>(deadline: number | Date, use: () => Promise<T>): Promise<T>;
  readonly workflowService: {
    describeNamespace(request: { namespace: string }): Promise<unknown>;
  };
}

const DEADLINE_MS = 2_000;

/** The checks of what everything of ours needs: Postgres with our tables, and Temporal with our namespace. */
export function serverChecks(
  reader: Pick<LedgerReader, 'now'>,
  temporal: TemporalConnection,
  namespace: string,
): { readonly postgres: Check; readonly temporal: Check } {
  return {
    postgres: () => reader.now(),
    temporal: () =>
      temporal.withDeadline(Date.now() + DEADLINE_MS, () =>
        temporal.workflowService.describeNamespace({ namespace }),
      ),
  };
}
