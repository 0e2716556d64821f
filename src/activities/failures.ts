import { ApplicationFailure } from '@temporalio/activity';
import { cutText, MESSAGE_MOST_CHARACTERS } from '../contracts/blocks-size';
import { messageOf } from '../contracts/error-text';
import { FAILURE } from '../contracts/failures';
import { type BlockFailureDetail } from '../contracts/activities';
import { type LedgerFault } from '../ledger';
import { type Refused } from '../ledger/core/operations';

/** What a platform's own block throws may quote a whole answer: a history has room for less. */
const cut = (message: string): string => cutText(message, MESSAGE_MOST_CHARACTERS);

/** The run's or the team's limit: the one thing that stops an admitted run. Not retryable. */
export function creditLimitReached(refusal: Refused): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.creditLimitReached,
    message: refusal.message,
    nonRetryable: true,
    details: [{ reason: refusal.reason, message: refusal.message }],
  });
}

/** The ledger refused what only a mistake of ours can ask for. Not retryable. */
export function ledgerRefused(what: string, refusal: Refused): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.commandRefused,
    message: `${what}: ${refusal.message}`,
    nonRetryable: true,
    details: [{ reason: refusal.reason, message: refusal.message }],
  });
}

/**
 * The ledger could not carry a command out. Not retryable: tried again it would fail again, with every later command of
 * the team behind it. Temporal remembers this answer to the request; once the cause is mended a new one may be sent.
 */
export function commandFailed(command: string, team: string, cause: LedgerFault): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.commandFailed,
    message: `${command} of team "${team}" changed nothing, the ledger is at fault: ${cut(cause.message)}`,
    nonRetryable: true,
    cause,
  });
}

/** The run left the line in an earlier life of the same execution. Not retryable. */
export function runLeft(runId: string, reason: string | null): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.runDiscarded,
    message: `run "${runId}" left the line before it was admitted (${reason ?? 'no reason kept'})`,
    nonRetryable: true,
    details: [{ reason }],
  });
}

/** The ledger could not be reached. Temporal tries again, without limit. */
export function ledgerUnavailable(what: string, cause: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.ledgerUnavailable,
    message: `${what}: the ledger does not answer (${messageOf(cause)})`,
    ...(cause instanceof Error ? { cause } : {}),
  });
}

/** A block failed for good. */
export function blockFailed(failed: BlockFailureDetail): ApplicationFailure {
  const detail = { ...failed, message: cut(failed.message) };
  return ApplicationFailure.create({
    type: FAILURE.blockFailed,
    message: `block "${detail.key}" (${detail.type}) failed: ${detail.message}`,
    nonRetryable: true,
    details: [detail],
  });
}

/** A block failed and is tried again. */
export function blockAttemptFailed(
  key: string,
  message: string,
  attempt: number,
  retryAfterMs?: number,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.blockAttemptFailed,
    message: `block "${key}", attempt ${attempt}: ${cut(message)}`,
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
}

/** The worker goes down in the middle of a block: another worker tries again, and the block's attempts do not count it. */
export function workerStopping(key: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.blockAttemptFailed,
    message: `block "${key}": this worker is going down`,
    nextRetryDelay: 1,
  });
}

/** An activity with a price came without our header: its workflow's bundle was built without the plugin. */
export function unmeteredActivity(activityType: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.unmetered,
    message:
      `activity "${activityType}" has a price, but its workflow did not say which run it belongs to: ` +
      'build the workflow bundle with FlowCreditsPlugin (bundleWorkflowCode({..., plugins: [plugin]}))',
    nonRetryable: true,
  });
}

/** An activity has executed, and what it reported has no price: executing it again would not mend that. */
export function unpricedUsage(activityType: string, refusal: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.usageUnpriced,
    message:
      `activity "${activityType}" was executed, but what it used cannot be priced: ${refusal.message}; ` +
      'report what its row of the rate card asks for, by reportUsage',
    nonRetryable: true,
    cause: refusal,
  });
}

/** A payload no version of us sends. Not retryable. */
export function malformed(what: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: FAILURE.commandRefused,
    message: `${what}: ${message}`,
    nonRetryable: true,
    details: [{ reason: 'invalid', message }],
  });
}
