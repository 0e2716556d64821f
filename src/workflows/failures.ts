import { ApplicationFailure } from '@temporalio/workflow';
import { FAILURE } from '../contracts/failures';
import { type AdmissionAnswer } from '../contracts/run';

/** Failures that end a run. None is retried: the same run would get the same answer. */

export function runRejected(answer: Extract<AdmissionAnswer, { status: 'rejected' }>): ApplicationFailure {
  const { reason, message, faults } = answer;
  return reason === 'invalid-flow'
    ? ApplicationFailure.nonRetryable(message, FAILURE.flowInvalid, faults ?? [])
    : ApplicationFailure.nonRetryable(message, FAILURE.runRejected, { reason, message });
}

export function runDiscarded(runId: string, actor: string, reason: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `run "${runId}" was taken out of the line by ${actor}: ${reason}`,
    FAILURE.runDiscarded,
    { actor, reason },
  );
}

export function waitTimedOut(runId: string, seconds: number): ApplicationFailure {
  return ApplicationFailure.nonRetryable(
    `run "${runId}" waited ${seconds} s for credits, the longest it may wait`,
    FAILURE.waitTimedOut,
    { seconds },
  );
}

export function blockFailed(block: string, cause: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, FAILURE.blockFailed, { block, cause, message });
}

/** A cron tick or a retry of a run that went on as new without its input. */
export function inputGone(workflowId: string): ApplicationFailure {
  const message = `workflow "${workflowId}" went on as new without its input, which is too large beside its state: start a run anew instead`;
  return ApplicationFailure.nonRetryable(message, FAILURE.runRejected, { reason: 'input-gone', message });
}

export function stateTooLarge(bytes: number, most: number): ApplicationFailure {
  const message = `the run would go on as new with ${bytes} bytes; the most is ${most}: hand on only what is needed`;
  return blockFailed('', 'StateTooLarge', message);
}
