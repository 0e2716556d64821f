import { formatCredits, parseMillicredits, type MillicreditsText } from '../../contracts/millicredits';
import { formatUsdCents, microUsd, type MicroUsd, type PaygRate } from '../../contracts/money';
import { toIso, type Instant } from '../../contracts/time';

/** Amounts and moments for people. */

/** Of an answer on the wire. */
export function inCredits(millicredits: MillicreditsText): string {
  return formatCredits(parseMillicredits(millicredits));
}

/** `1,236`: credits with thousands told apart, exact. */
export function grouped(credits: string): string {
  const [whole = '', fraction] = credits.split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** Whole cents, as statements have them: `1.24`. */
export function inDollars(cents: bigint): string {
  return formatUsdCents(microUsd(cents * MICRO_USD_PER_CENT));
}

const MICRO_USD_PER_CENT = 10_000n;

/** Exact, at least cents: `25.00`, `0.0005`. */
export function usd(amount: MicroUsd): string {
  const [whole, fraction] = dollarsAndFraction(amount);
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function dollarsAndFraction(amount: bigint): [string, string] {
  const fraction = (amount % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return [(amount / 1_000_000n).toString(), fraction];
}

/** `$1.00 per 1000 credits`. */
export function rateText({ microUsd: price, credits }: PaygRate): string {
  return `$${usd(price)} per ${credits.toString()} credits`;
}

/** A moment to the second: what a table has room for. */
export function moment(at: Instant | null): string {
  return at === null ? '' : toIso(at).replace(/\.\d{3}Z$/, 'Z');
}
