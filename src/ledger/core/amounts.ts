/**
 * The most one amount may be: a trillion credits. Sums of amounts then stay far within Postgres's bigint, so that one
 * operation's absurd number is refused as its own and never fails the batch it travels in.
 */
export const MOST_AMOUNT = 10n ** 15n;

/** What is wrong with an amount of `what`, or null. */
export function amountFault(what: string, amount: bigint): string | null {
  if (amount < 0n) return `${what} of ${amount} is negative; it must be 0 or more`;
  if (amount > MOST_AMOUNT) return `${what} of ${amount} is more than ${MOST_AMOUNT}, the most there is`;
  return null;
}
