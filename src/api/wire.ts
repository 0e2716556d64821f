import {
  formatCredits,
  parseMillicredits,
  type Millicredits,
  type MillicreditsText,
} from '../contracts/millicredits';
import { formatUsdCents, microUsd, type MicroUsd, type PaygRate } from '../contracts/money';
import { toIso, type Instant } from '../contracts/time';

/** How values of the ledger go out: the one place where amounts and moments become text. */

export function text(amount: Millicredits | MicroUsd | bigint): string {
  return amount.toString();
}

export function textOrNull(amount: Millicredits | MicroUsd | bigint | null): string | null {
  return amount === null ? null : amount.toString();
}

/** Credits as a spreadsheet adds them up, exact: `"12500"` is `12.5`. */
export function inCredits(amount: MillicreditsText): string {
  return formatCredits(parseMillicredits(amount));
}

const MICRO_PER_CENT = 10_000n;

/** Dollars as a spreadsheet adds them up, exact: `"124"` cents are `1.24`. */
export function inUsd(cents: string): string {
  return formatUsdCents(microUsd(BigInt(cents) * MICRO_PER_CENT));
}

export function moment(at: Instant): string {
  return toIso(at);
}

export function momentOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}

export function rateOf(rate: PaygRate): { microUsd: string; credits: string } {
  return { microUsd: text(rate.microUsd), credits: rate.credits.toString() };
}

export function periodOf({ index, start, end }: { index: number; start: Instant; end: Instant }): {
  index: number;
  start: string;
  end: string;
} {
  return { index, start: toIso(start), end: toIso(end) };
}
