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

/**
 * Asks for a run's cancellation, and never for that of a later run of the same workflow id. Of a run that has ended
 * nothing is left to cancel.
 */
export async function cancelExecution(
  client: Client,
  { workflowId, executionId }: RunExecution,
  { actor, requestId, reason = '' }: CancelledBy,
): Promise<void> {
  const { namespace } = client.options;
  const common = { namespace, identity: actor, requestId, reason };
  // What goes on with it (it continued as new, or was reset) first: of an execution that has ended Temporal takes a
  // cancellation, too, and does nothing.
  const targets = [
    { workflowExecution: { workflowId }, firstExecutionRunId: executionId },
    { workflowExecution: { workflowId, runId: executionId } },
  ];
  for (const target of targets) {
    try {
      await client.workflowService.requestCancelWorkflowExecution({ ...common, ...target });
      return;
    } catch (error) {
      const code: number | null = isGrpcServiceError(error) ? error.code : null;
      if (code !== NOT_FOUND) throw error;
    }
  }
}
