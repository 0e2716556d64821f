import { continueAsNew, patched, workflowInfo } from '@temporalio/workflow';
import { regular } from './our-activities';
import { wakeTeams } from './wake-teams';

const DEFAULT_PAGE = 500;
const DEFAULT_GRACE_MS = 60_000;
/** Histories from before there was an outbox replay as they were. Never to be renamed. */
const EVENTS_PATCH = 'flow-credits-events';

export interface ReconcileInput {
  readonly pageSize?: number;
  /** Runs that asked for admission later than this long ago are left alone. */
  readonly graceMs?: number;
  readonly after?: string;
  readonly soFar?: ReconcileResult;
}

export interface ReconcileResult {
  readonly seen: number;
  readonly closed: number;
  /** Have ended, and could not be closed for a reason of their own; the worker's log names them. */
  readonly failed?: number;
}

/**
 * Finds runs that ended without closing (terminated, timed out), and closes them; then wakes teams that a crash left
 * with news, and the delivery of events; deletes old events. Runs under a Schedule.
 */
export async function reconcile(input: ReconcileInput = {}): Promise<ReconcileResult> {
  const { pageSize = DEFAULT_PAGE, graceMs = DEFAULT_GRACE_MS } = input;
  let after = input.after ?? null;
  let { seen, closed, failed = 0 } = input.soFar ?? { seen: 0, closed: 0 };
  for (;;) {
    const page = await regular['flowCredits.reconcilePage']({ after, limit: pageSize, graceMs });
    seen += page.seen;
    closed += page.closed.length;
    failed += page.failed ?? 0;
    after = page.after;
    if (after === null) break;
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof reconcile>({ pageSize, graceMs, after, soFar: { seen, closed, failed } });
    }
  }
  await wakeTeams();
  if (patched(EVENTS_PATCH)) await regular['flowCredits.tendEvents']();
  return { seen, closed, failed };
}
