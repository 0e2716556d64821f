/**
 * Money in whole millionths of a US dollar. At the standard rate ($1 per 1,000 credits) one micro-dollar is one
 * millicredit; a team with a contract rate has another one, so the two are different types.
 */
declare const unit: unique symbol;

/** Money in millionths of a US dollar, exact. */
export type MicroUsd = bigint & { readonly [unit]: 'micro-usd' };

/** Says that a whole number counts millionths of a dollar. The one place where the unit is attached. */
export function microUsd(value: bigint | number): MicroUsd {
  return BigInt(value) as MicroUsd;
}

/** `usd` for `per` whole credits: `{usd: $1, credits: 1000}`, Enterprise `{usd: $10, credits: 10000}`. */
export interface PaygRate {
  readonly microUsd: MicroUsd;
  readonly credits: bigint;
}

/** Reads dollars as a person writes them, `"12.34"`, at most six decimals, exactly. Throws `RangeError`. */
export function parseUsd(text: string): MicroUsd {
  const match = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not an amount in dollars with at most six decimals`);
  const [, sign, whole = '0', fraction = ''] = match;
  const value = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return microUsd(sign === '-' ? -value : value);
}

/** Dollars and cents, rounded half away from zero once: a statement's amount. `1235000n` is `"1.24"`. */
export function formatUsdCents(amount: MicroUsd): string {
  const negative = amount < 0n;
  const cents = ((negative ? 0n - amount : amount) + 5_000n) / 10_000n;
  const text = `${cents / 100n}.${(cents % 100n).toString().padStart(2, '0')}`;
  return negative && cents > 0n ? `-${text}` : text;
}
