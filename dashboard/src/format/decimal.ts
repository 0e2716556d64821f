/** A decimal in text, which `Intl.NumberFormat` takes and loses nothing of. */
export type Decimal = `${number}`;

/** A whole number of thousandths, millionths … as a decimal in text: (-12500, 3) is "-12.5". */
export function decimalText(units: bigint, digits: number): Decimal {
  const size = units < 0n ? -units : units;
  const text = size.toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` as Decimal;
}

/** The other way round: "12.5" of three digits is 12500. Of a decimal that has no more digits than that. */
export function unitsOf(decimal: string, digits: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(digits, '0'));
}
