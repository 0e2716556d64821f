/** Exact arithmetic on decimals in text; no float comes near an amount. */

interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Reads a decimal such as `"0.0123"` exactly. Throws `RangeError` on anything else, negative numbers included. */
export function parseDecimal(text: string): Ratio {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a decimal number`);
  const [, whole = '0', fraction = ''] = match;
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

/** `unit` times a decimal in text, rounded half up, once. */
export function timesDecimal(unit: bigint, decimal: string): bigint {
  const { numerator, denominator } = parseDecimal(decimal);
  return (2n * unit * numerator + denominator) / (2n * denominator);
}

/** A count of single things as millions, exact: `1500` is `"0.0015"`. */
export function inMillions(count: number): string {
  const digits = BigInt(count).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -6) : `${digits.slice(0, -6)}.${fraction}`;
}
