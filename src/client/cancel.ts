import { isGrpcServiceError, type Client } from '@temporalio/client';

/** A run, by the execution that first asked for admission: its workflow id may be another run's by now. */
export interface RunExecution {
  readonly workflowId: string;
  readonly executionId: string;
}

/** Who cancels, and why: Temporal's history of the run has it. */
export interface CancelledBy {
  readonly actor: string;
  readonly requestId: string;
  readonly reason?: string;
}

const NOT_FOUND = 5;
/** Temporal's numbers for who continued a workflow as new where it was not the workflow: a retry, a cron schedule. */
const BY_OTHERS: ReadonlySet<number> = new Set([2, 3]);

/**
 * Asks for a run's cancellation, and never for that of a later run of the same workflow id. Of a run that has ended
 * nothing is left to cancel.
 */
export async function cancelExecution(
  client: Client,
  { workflowId, executionId }: RunExecution,
  { actor, requestId, reason = '' }: CancelledBy,
): Promise<void> {
  const common = { namespace: client.options.namespace, identity: actor, requestId, reason };
  const ask = (target: Target): Promise<unknown> =>
    unlessGone(() => client.workflowService.requestCancelWorkflowExecution({ ...common, ...target }));
  // Of an execution that has ended Temporal takes a cancellation and does nothing: so the run is followed to where it is,
  // and looked at again afterwards.
  for (let asked = ''; ;) {
    const { runId, state } = await whereItIs(client, { workflowId, runId: executionId });
    if (state === 'ended' || runId === asked) return;
    if (state === 'lost') {
      // What goes on after a reset, or for longer than Temporal keeps histories, is known by what was started first.
      await ask({ workflowExecution: { workflowId }, firstExecutionRunId: executionId });
      return;
    }
    await ask({ workflowExecution: { workflowId, runId } });
    asked = runId;
  }
}

interface Target {
  readonly workflowExecution: { readonly workflowId: string; readonly runId?: string };
  readonly firstExecutionRunId?: string;
}

interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

type Place = Pick<Execution, 'runId'> & { readonly state: 'open' | 'ended' | 'lost' };

/**
 * The execution a run is in by now, from the one it began with: each that continued itself as new names its next. Lost:
 * it has ended, and may go on after a reset, of which its history says nothing; or it is not kept any more.
 */
async function whereItIs(client: Client, { workflowId, runId }: Execution): Promise<Place> {
  for (let at = runId; ;) {
    const last = await lastEvent(client, { workflowId, runId: at });
    if (last == null) return { runId: at, state: 'lost' };
    const continued = last.workflowExecutionContinuedAsNewEventAttributes;
    const byItself = continued != null && !BY_OTHERS.has(Number(continued.initiator));
    const next = (continued ?? endOf(last))?.newExecutionRunId ?? '';
    if (next === '') return { runId: at, state: isOpen(last) ? 'open' : 'lost' };
    // The next tick of a cron schedule, and another try, are runs of their own.
    if (!byItself) return { runId: at, state: 'ended' };
    at = next;
  }
}

function endOf(last: HistoryEvent) {
  return (
    last.workflowExecutionCompletedEventAttributes ??
    last.workflowExecutionFailedEventAttributes ??
    last.workflowExecutionTimedOutEventAttributes
  );
}

function isOpen(last: HistoryEvent): boolean {
  return (
    endOf(last) == null &&
    last.workflowExecutionCanceledEventAttributes == null &&
    last.workflowExecutionTerminatedEventAttributes == null
  );
}

type Reversed = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistoryReverse']>>;
type HistoryEvent = NonNullable<NonNullable<Reversed['history']>['events']>[number];

async function lastEvent(client: Client, execution: Execution): Promise<HistoryEvent | undefined> {
  const read = await unlessGone(() =>
    client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution,
      maximumPageSize: 1,
    }),
  );
  return read?.history?.events?.[0];
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const code: number | null = isGrpcServiceError(error) ? error.code : null;
    if (code !== NOT_FOUND) throw error;
    return null;
  }
}
