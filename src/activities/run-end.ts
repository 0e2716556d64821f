import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { type OpenRun } from './deps';

/** How a run ended that never closed itself. `gone`: Temporal no longer knows it, or its id belongs to another run. */
export type RunEnd = 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed-out' | 'gone';

const ENDS: Readonly<Record<string, RunEnd>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
};

/**
 * How the ledger's run ended, or null while it may live: what is running, paused or of a status unknown to us is alive.
 * A run that was reset or that continued as new lives on in the latest run of its workflow id.
 */
export async function endOf(
  client: WorkflowClient,
  { workflowId, executionId }: Pick<OpenRun, 'workflowId' | 'executionId'>,
): Promise<RunEnd | null> {
  const latest = await describe(client, workflowId);
  if (latest === null) return 'gone';
  const end = ENDS[latest.status];
  if (latest.runId === executionId) return end ?? null;
  if (end !== undefined) return end;
  // The id runs, under another execution: the same run after a reset or as new, or a run of its own.
  const origin = await originOf(client, workflowId, latest.runId);
  if (origin.execution === executionId) return null;
  const own = await describe(client, workflowId, executionId);
  // A long run outlives the history of its first execution, which is kept for a time only.
  if (own === null) return origin.first === executionId ? null : 'gone';
  return own.status === 'CONTINUED_AS_NEW' ? null : (ENDS[own.status] ?? null);
}

async function describe(
  client: WorkflowClient,
  workflowId: string,
  runId?: string,
): Promise<{ readonly status: string; readonly runId: string } | null> {
  try {
    const { status, runId: found } = await client.getHandle(workflowId, runId).describe();
    return { status: status.name, runId: found };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** `execution`: the one a reset came from, which changes the run id and keeps this one. `first`: where the chain began. */
async function originOf(
  client: WorkflowClient,
  workflowId: string,
  runId: string,
): Promise<{ readonly execution: string | null; readonly first: string | null }> {
  const { events } = await client.workflowService
    .getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    })
    .then(({ history }) => ({ events: history?.events ?? [] }));
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  return { execution: started?.originalExecutionRunId ?? null, first: started?.firstExecutionRunId ?? null };
}
