import { decimalText, unitsOf } from './decimal';

/** Dollars as the reader's language has them: "1.000" is a thousand to one reader and one to another. */
export class TypedDollars {
  private readonly plain: Intl.NumberFormat;
  private readonly digits: string;
  private readonly decimal: string;
  private readonly group: string;

  constructor(locale?: string) {
    this.plain = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 6 });
    this.digits = Array.from({ length: 10 }, (_, digit) => this.plain.format(digit)).join('');
    const parts = new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1_234_567.5);
    const of = (type: Intl.NumberFormatPartTypes): string =>
      parts.find((part) => part.type === type)?.value ?? '';
    this.decimal = of('decimal');
    this.group = of('group');
  }

  textOf(microUsd: bigint): string {
    return this.plain.format(decimalText(microUsd, 6));
  }

  /** Millionths of a dollar, or null: separators have to stand where the reader's language has them. */
  parse(typed: string): bigint | null {
    const text = typed
      .trim()
      .replace(/^\$|\$$/, '')
      .trim()
      .replaceAll(SPACES, ' ');
    const plain = Array.from(text, (character) => {
      const digit = this.digits.indexOf(character);
      return digit === -1 ? character : String(digit);
    }).join('');
    const [whole = '', fraction, ...more] = plain.split(this.decimal);
    const group = this.group.replaceAll(SPACES, ' ');
    const parts = group === '' ? [whole] : whole.split(group);
    const digits = parts.length > 1 && areGroups(parts) ? parts.join('') : whole;
    const isAmount = more.length === 0 && /^\d{1,9}$/.test(digits) && /^\d{1,6}$/.test(fraction ?? '0');
    return isAmount ? unitsOf(`${digits}.${fraction ?? '0'}`, 6) : null;
  }
}

/** One to three digits, then twos or threes (some count in lakhs), then three. */
function areGroups(parts: readonly string[]): boolean {
  return /^\d{1,3}( \d{2,3})*$/.test(parts.join(' ')) && parts.at(-1)?.length === 3;
}

/** Some languages part thousands by a space that keyboards do not have. */
const SPACES = /[\u00a0\u202f]/g;
