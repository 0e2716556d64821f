import { Context } from '@temporalio/activity';
import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { type ReleasePage, type ReleasePageAnswer } from '../contracts/activities';
import { RUN } from '../contracts/names';
import { type Results } from '../ledger/core/operations';
import { type ActivityDeps, type UntoldRun } from './deps';
import { ledgerRefused } from './failures';
import { inParallel } from './in-parallel';

/**
 * Admits one page of waiting runs in the line's order, each with its hold in Postgres first, then tells each what became
 * of it. Runs that were admitted or put out earlier and not told, because a worker died between the two, come first. May
 * be repeated at any point: telling twice does no harm.
 */
export function releasePage(deps: ActivityDeps, request: ReleasePage): Promise<ReleasePageAnswer> {
  const context = Context.current();
  return releaseWith(deps, context.client.workflow, request, () => {
    context.heartbeat();
  });
}

export type ReleaseDeps = Pick<ActivityDeps, 'ledger' | 'reader'>;

/** The same outside of an activity. */
export async function releaseWith(
  deps: ReleaseDeps,
  client: WorkflowClient,
  request: ReleasePage,
  beat: () => void,
): Promise<ReleasePageAnswer> {
  const { team, most, signalsAtOnce } = request;
  const { stillWaiting, more, windowFull } = await admitPage(deps, request);
  const untold = await deps.reader.untold(team, most);
  const told: string[] = [];
  let gone = 0;
  await inParallel(untold, signalsAtOnce, async (run) => {
    const { runId, status } = run;
    const heard = await tell(client, run);
    if (heard || status === 'left') told.push(runId);
    else {
      // The run is gone, and gives its place and its hold up.
      await deps.ledger.submit({ kind: 'close', team, runId, reason: 'gone' });
      gone += 1;
    }
    beat();
  });
  if (told.length > 0) {
    const result = await deps.ledger.submit({ kind: 'told', team, runIds: told });
    if (result.status === 'refused') throw ledgerRefused(`told of "${team}"`, result);
  }
  const again = gone > 0 || untold.length === most;
  return {
    told: told.length,
    gone,
    stillWaiting,
    more: more || again,
    windowFull: windowFull && !again,
  };
}

/** An unknown team has nobody to release. */
async function admitPage(
  deps: ReleaseDeps,
  { team, most, window }: ReleasePage,
): Promise<Pick<Released, 'stillWaiting' | 'more' | 'windowFull'>> {
  const released = await deps.ledger.submit({ kind: 'release', team, most, window });
  return released.status === 'released' ? released : { stillWaiting: 0, more: false, windowFull: false };
}

type Released = Extract<Results['release'], { status: 'released' }>;

/** False where no such workflow runs any more. Signals are by workflow id: a reset run is told as well. */
async function tell(
  client: WorkflowClient,
  { workflowId, runId, status, closeReason }: UntoldRun,
): Promise<boolean> {
  const handle = client.getHandle(workflowId);
  try {
    if (status === 'left') {
      await handle.signal(RUN.discard, { runId, actor: 'flow-credits', reason: closeReason ?? 'discarded' });
    } else await handle.signal(RUN.creditsReleased, { runId });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
