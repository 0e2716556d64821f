/**
 * The `type` strings of Temporal failures. They are a public interface: callers match on them.
 * Business refusals are data and are not here, but for those that end a run.
 */
export const FAILURE = {
  /** The flow is malformed; `details[0]` is a list of `{path, message}`. Not retryable. */
  flowInvalid: 'FlowInvalid',
  /** Admission was refused (unknown or suspended team, no rate card); `details[0]` has the reason. Not retryable. */
  runRejected: 'RunRejected',
  /** The run reached its own or its team's limit per run. Not retryable. */
  creditLimitReached: 'RunCreditLimitReached',
  /** The run was taken out of the line before it started. Not retryable. */
  runDiscarded: 'RunDiscarded',
  /** The run waited longer than its longest wait. Not retryable. */
  waitTimedOut: 'RunWaitTimedOut',
  /** A block failed for good; `details[0]` names block, type and cause. Not retryable. */
  blockFailed: 'BlockFailed',
  /** A block failed and may be tried again. Retryable. */
  blockAttemptFailed: 'BlockAttemptFailed',
  /** The ledger could not be reached or is over its queue's bound. Retryable. */
  ledgerUnavailable: 'LedgerUnavailable',
  /** A metered activity came without our header: the workflow bundle was built without the plugin. Not retryable. */
  unmetered: 'UnmeteredActivity',
  /** An activity succeeded and reported what no row of the rate card prices. Not retryable. */
  usageUnpriced: 'UsageNotPriced',
  /** A command was refused; `details[0]` is the refusal. Not retryable. */
  commandRefused: 'CommandRefused',
  /**
   * The ledger could not carry a command out, which changed nothing: it is at fault, or the team's books are. Not
   * retryable; a new request may be sent once that is mended.
   */
  commandFailed: 'CommandFailed',
} as const;

/** One of {@link FAILURE}. */
export type FailureType = (typeof FAILURE)[keyof typeof FAILURE];
