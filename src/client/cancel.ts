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
 * Asks for a run's cancellation, and never for that of a later run of the same workflow id. `ended`: it is over, or goes
 * on as a cron tick's continuation, which nobody but its platform can name.
 */
export async function cancelExecution(
  client: Client,
  { workflowId, executionId }: RunExecution,
  { actor, requestId, reason = '' }: CancelledBy,
): Promise<'requested' | 'ended'> {
  const { namespace } = client.options;
  const common = { namespace, identity: actor, requestId, reason };
  // The execution itself, or the one that goes on with it: continued as new, or reset.
  const targets = [
    { workflowExecution: { workflowId, runId: executionId } },
    { workflowExecution: { workflowId }, firstExecutionRunId: executionId },
  ];
  for (const target of targets) {
    try {
      await client.workflowService.requestCancelWorkflowExecution({ ...common, ...target });
      return 'requested';
    } catch (error) {
      const code: number | null = isGrpcServiceError(error) ? error.code : null;
      if (code !== NOT_FOUND) throw error;
    }
  }
  return 'ended';
}
