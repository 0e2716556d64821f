import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';

/** How a run ended: `completed`, `cancelled`, `terminated`, or the type of its failure. */
export async function endOf(result: Promise<unknown>): Promise<string> {
  try {
    await result;
    return 'completed';
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) return 'cancelled';
    if (cause instanceof TerminatedFailure) return 'terminated';
    return cause instanceof ApplicationFailure ? (cause.type ?? '') : 'unknown';
  }
}
