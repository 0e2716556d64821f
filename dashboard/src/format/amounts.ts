import { decimalText, type Decimal } from './decimal';
import { TypedDollars } from './typed-dollars';

/**
 * Credits and money, from whole millicredits and whole cents or micro-dollars in text to what a person reads. They stay
 * `bigint` all the way: `Intl.NumberFormat` takes a decimal in text and loses none of it.
 */
export class Amounts {
  private readonly credits: Intl.NumberFormat;
  private readonly counts: Intl.NumberFormat;
  private readonly quantities: Intl.NumberFormat;
  private readonly percents: Intl.NumberFormat;
  private readonly dollars: Intl.NumberFormat;
  private readonly exactDollars: Intl.NumberFormat;
  private readonly roundDollars: Intl.NumberFormat;
  private readonly typedDollars: TypedDollars;

  constructor(locale?: string) {
    this.credits = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
    this.counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.quantities = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
    this.percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
    const usd = { style: 'currency', currency: 'USD' } as const;
    this.dollars = new Intl.NumberFormat(locale, usd);
    this.exactDollars = new Intl.NumberFormat(locale, { ...usd, maximumFractionDigits: 6 });
    this.roundDollars = new Intl.NumberFormat(locale, { ...usd, minimumFractionDigits: 0 });
    this.typedDollars = new TypedDollars(locale);
  }

  /** "1,234.5" */
  ofCredits(millicredits: string | bigint): string {
    return this.credits.format(decimalText(BigInt(millicredits), 3));
  }

  /** "1,234.5 credits" */
  withUnit(millicredits: string | bigint): string {
    const amount = BigInt(millicredits);
    return `${this.ofCredits(amount)} ${amount === 1000n ? 'credit' : 'credits'}`;
  }

  count(count: number | bigint): string {
    return this.counts.format(count);
  }

  /** A quantity as a price list has it, "1200" or "0.5": a decimal in text. */
  ofDecimal(text: string): string {
    return /^-?\d+(\.\d+)?$/.test(text) ? this.quantities.format(text as Decimal) : text;
  }

  /** "$1.24", of whole cents. */
  ofCents(cents: string | bigint): string {
    return this.dollars.format(decimalText(BigInt(cents), 2));
  }

  /** "$1": as prices are written, with cents only where there are some. */
  ofWholeDollars(microUsd: string | bigint): string {
    const amount = BigInt(microUsd);
    return amount % 1_000_000n === 0n
      ? this.roundDollars.format(decimalText(amount, 6))
      : this.exactDollars.format(decimalText(amount, 6));
  }

  /** "$1.236", of millionths of a dollar: exact, at least cents. */
  ofMicroUsd(microUsd: string | bigint): string {
    return this.exactDollars.format(decimalText(BigInt(microUsd), 6));
  }

  /** "12.5", of millionths of a dollar, as the reader would type it: {@link typedDollarsOf} takes it back. */
  toType(microUsd: string | bigint): string {
    return this.typedDollars.textOf(BigInt(microUsd));
  }

  /** Millionths of a dollar of dollars as the reader types them, "1,000" or "25.50"; null where it is none. */
  typedDollarsOf(typed: string): bigint | null {
    return this.typedDollars.parse(typed);
  }

  /** "42 %": a rounded share, to be read beside the exact figures. */
  share(part: bigint, whole: bigint): string {
    return this.percents.format(whole === 0n ? 0 : decimalText((part * 1000n) / whole, 3));
  }
}

/** How far a bar reaches, 0 to 1, in steps of a ten-thousandth: for geometry, never for a figure. */
export function reach(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  return part >= whole ? 1 : Number((part * 10_000n) / whole) / 10_000;
}
