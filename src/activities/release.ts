import { Context } from '@temporalio/activity';
import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { type ReleasePage, type ReleasePageAnswer } from '../contracts/activities';
import { RUN } from '../contracts/names';
import { type Results } from '../ledger/core/operations';
import { type ActivityDeps } from './deps';
import { ledgerRefused } from './failures';
import { inParallel } from './in-parallel';

/** Signals under way at once: some 100 a second is what a dev server takes (design, section 12). */
const SIGNALS_AT_ONCE = 10;

/**
 * Admits one page of waiting runs in the line's order, each with its hold in Postgres first, then tells each. Runs that
 * were admitted earlier and not told, because a worker died between the two, come first and count for the page. May be
 * repeated at any point: telling twice does no harm.
 */
export async function releasePage(
  deps: ActivityDeps,
  { team, most }: ReleasePage,
): Promise<ReleasePageAnswer> {
  const context = Context.current();
  const untold = await deps.reader.untold(team, most);
  const { runs, stillWaiting, more } = await admitPage(deps, team, most - untold.length);
  const told: string[] = [];
  let gone = 0;
  await inParallel([...untold, ...runs], SIGNALS_AT_ONCE, async ({ runId, workflowId }) => {
    if (await tell(context.client.workflow, workflowId, runId)) told.push(runId);
    else {
      // The run is gone, and gives its place and its hold up.
      await deps.ledger.submit({ kind: 'close', team, runId, reason: 'gone' });
      gone += 1;
    }
    context.heartbeat();
  });
  if (told.length > 0) {
    const result = await deps.ledger.submit({ kind: 'told', team, runIds: told });
    if (result.status === 'refused') throw ledgerRefused(`told of "${team}"`, result);
  }
  return { told: told.length, gone, stillWaiting, more: more || gone > 0 || untold.length === most };
}

/** An unknown team has nobody to release. */
async function admitPage(
  deps: ActivityDeps,
  team: string,
  most: number,
): Promise<Pick<Extract<Results['release'], { status: 'released' }>, 'runs' | 'stillWaiting' | 'more'>> {
  const released = await deps.ledger.submit({ kind: 'release', team, most });
  return released.status === 'released' ? released : { runs: [], stillWaiting: 0, more: false };
}

/** False where no such workflow runs any more. Signals are by workflow id: a reset run is told as well. */
async function tell(client: WorkflowClient, workflowId: string, runId: string): Promise<boolean> {
  try {
    await client.getHandle(workflowId).signal(RUN.creditsReleased, { runId });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
