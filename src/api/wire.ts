import { type Millicredits } from '../contracts/millicredits';
import { type MicroUsd, type PaygRate } from '../contracts/money';
import { toIso, type Instant } from '../contracts/time';

/** How values of the ledger go out: the one place where amounts and moments become text. */

export function text(amount: Millicredits | MicroUsd | bigint): string {
  return amount.toString();
}

export function textOrNull(amount: Millicredits | MicroUsd | bigint | null): string | null {
  return amount === null ? null : amount.toString();
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
