import { Context, log } from '@temporalio/activity';
import { type ReconcilePage, type ReconcilePageAnswer } from '../contracts/activities';
import { messageOf } from '../contracts/error-text';
import { LedgerBusy, LedgerUnavailable } from '../ledger';
import { closeRun } from './closing';
import { type ActivityDeps, type OpenRun } from './deps';
import { ledgerRefused } from './failures';
import { inParallel } from './in-parallel';
import { endOf, type RunEnd } from './run-end';

const DESCRIBES_AT_ONCE = 10;
/** Nobody waits for a reconcile. */
const TIMEOUT_MS = 10_000;

/**
 * One page of the runs the ledger has as open. Visibility raises the suspicion, in bulk; because it lags, only a
 * describe of the latest run convicts. Whom Temporal confirms closed is taken out of the line, or closed.
 */
export async function reconcilePage(
  deps: ActivityDeps,
  { after, limit, graceMs }: ReconcilePage,
): Promise<ReconcilePageAnswer> {
  const context = Context.current();
  const runs = await deps.reader.openRuns({ after, limit, olderThanMs: graceMs });
  const open = await openAmong(runs);
  const suspects = runs.filter(({ workflowId }) => !open.has(workflowId));
  const closed: { runId: string; status: string }[] = [];
  let failed = 0;
  await inParallel(suspects, DESCRIBES_AT_ONCE, async (run) => {
    const end = await endOf(context.client.workflow, run);
    if (end !== null) {
      if (await concluded(deps, run, end)) closed.push({ runId: run.runId, status: end });
      else failed += 1;
    }
    context.heartbeat();
  });
  return { seen: runs.length, closed, failed, after: runs.at(-1)?.runId ?? null };
}

/**
 * The workflow ids of the page that visibility shows open, running or paused, under the very execution the ledger knows.
 * Absence proves nothing, and neither does another execution of the same id: those are looked at one by one.
 */
async function openAmong(runs: readonly OpenRun[]): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  const { client } = Context.current();
  const executions = new Map(runs.map(({ workflowId, executionId }) => [workflowId, executionId]));
  const ids = [...executions.keys()].map((id) => `'${id.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
  const query = `WorkflowId IN (${ids.join(',')}) AND CloseTime IS NULL`;
  const open = new Set<string>();
  for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: 1000 })) {
    if (executions.get(workflowId) === runId) open.add(workflowId);
  }
  return open;
}

/**
 * False, and logged, if the run cannot be concluded for a reason of its own, a card that is not loaded for one: the others
 * are. Throws when the ledger does not answer.
 */
async function concluded(deps: ActivityDeps, run: OpenRun, end: RunEnd): Promise<boolean> {
  try {
    await conclude(deps, run, end);
    return true;
  } catch (error) {
    if (error instanceof LedgerUnavailable || error instanceof LedgerBusy) throw error;
    const message = messageOf(error);
    log.warn('a run that has ended could not be closed', { team: run.team, runId: run.runId, message });
    return false;
  }
}

async function conclude(deps: ActivityDeps, run: OpenRun, end: RunEnd): Promise<void> {
  const { team, runId, rateCard, context, flowHash } = run;
  if (run.status === 'waiting') {
    const left = await deps.ledger.submit({ kind: 'leave', team, runId, reason: 'gone' });
    if (left.status === 'refused') throw ledgerRefused(`leaving the line`, left);
    if (left.status !== 'admitted') return;
  }
  const kind = flowHash === '' ? 'workflow' : 'flow';
  await closeRun(deps.ledger, deps.pricing, { team, runId, rateCard, context, kind }, end, TIMEOUT_MS);
}
