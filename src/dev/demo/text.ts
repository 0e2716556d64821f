import { formatCredits, millicredits, type Millicredits } from '../../contracts/millicredits';
import { formatUsdCents, microUsd, type PaygRate } from '../../contracts/money';
import { toIso, type Instant } from '../../contracts/time';
import { paygCents } from '../../ledger/core/statement';

/** How the demo writes amounts and moments. */

export function credits(amount: bigint): string {
  return `${formatCredits(millicredits(amount))} ${amount === 1000n ? 'credit' : 'credits'}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `2026-12-01 00:00 UTC`. */
export function moment(at: Instant): string {
  return `${toIso(at).slice(0, 16).replace('T', ' ')} UTC`;
}

export function day(at: Instant): string {
  return toIso(at).slice(0, 10);
}

/** What so many credits cost as pay-as-you-go, rounded as a statement rounds them. */
export function dollars(amount: Millicredits, rate: PaygRate): string {
  return cents(paygCents(amount, rate));
}

/** `$0.03` */
export function cents(amount: bigint): string {
  return `$${formatUsdCents(microUsd(amount * 10_000n))}`;
}

export function rateText({ microUsd: price, credits: per }: PaygRate): string {
  return `$${formatUsdCents(price)} per ${per.toLocaleString('en-US')} credits`;
}

/** A table whose columns stand below each other, numbers to the right. */
export function aligned(rows: readonly (readonly string[])[], isNumber: (column: number) => boolean): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (cell: string, column: number): string =>
    isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}

/** An address that may be shown: without the password somebody's may have. */
export function shown(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.toString();
}
