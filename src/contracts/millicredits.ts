/**
 * Credits, held as integer millicredits. 1 credit = 1,000 millicredits = $0.001 at the standard rate.
 *
 * Nothing in this file needs a runtime of its own: workflows may import it.
 */
declare const unit: unique symbol;

/** An amount of credits in thousandths. A plain `bigint` is not one until `millicredits` says so. */
export type Millicredits = bigint & { readonly [unit]: 'millicredits' };

/** Millicredits as they travel in JSON: a whole number in decimal text, `"-1500"`. */
export type MillicreditsText = string;

const PER_CREDIT = 1000n;

/** Says that a whole number counts millicredits. The one place where the unit is attached. */
export function millicredits(value: bigint | number): Millicredits {
  // BigInt() of a bigint is a call into the engine, and amounts are what the ledger makes most of.
  return (typeof value === 'bigint' ? value : BigInt(value)) as Millicredits;
}

/** Whole credits as millicredits: `credits(25)` is 25,000 millicredits. */
export function credits(value: bigint | number): Millicredits {
  return millicredits(BigInt(value) * PER_CREDIT);
}

export const ZERO = millicredits(0n);
export const ONE_CREDIT = credits(1n);

export function add(...amounts: readonly Millicredits[]): Millicredits {
  return millicredits(amounts.reduce((sum, amount) => sum + amount, 0n));
}

export function subtract(from: Millicredits, amount: Millicredits): Millicredits {
  return millicredits(from - amount);
}

export function negate(amount: Millicredits): Millicredits {
  return millicredits(0n - amount);
}

export function min(a: Millicredits, b: Millicredits): Millicredits {
  return a < b ? a : b;
}

export function max(a: Millicredits, b: Millicredits): Millicredits {
  return a > b ? a : b;
}

/** Reads millicredits from their JSON text. Throws `RangeError` on anything but a whole decimal number. */
export function parseMillicredits(text: MillicreditsText): Millicredits {
  if (!/^-?\d+$/.test(text)) throw new RangeError(`"${text}" is not a whole number of millicredits`);
  return millicredits(BigInt(text));
}

export function toText(amount: Millicredits): MillicreditsText {
  return amount.toString();
}

/** Credits for people, exact: `1500n` is `"1.5"`, `-20n` is `"-0.02"`. No rounding, no locale. */
export function formatCredits(amount: Millicredits): string {
  const sign = amount < 0n ? '-' : '';
  const absolute = amount < 0n ? 0n - amount : amount;
  const fraction = (absolute % PER_CREDIT).toString().padStart(3, '0').replace(/0+$/, '');
  return `${sign}${absolute / PER_CREDIT}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Reads credits as a person writes them, `"12.5"`, exactly. Throws `RangeError` beyond three decimals. */
export function parseCredits(text: string): Millicredits {
  const match = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a number of credits with at most three decimals`);
  const [, sign, whole = '0', fraction = ''] = match;
  const value = BigInt(whole) * PER_CREDIT + BigInt(fraction.padEnd(3, '0'));
  return millicredits(sign === '-' ? -value : value);
}
