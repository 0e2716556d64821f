import { z } from 'zod';
import { type Instant } from '../../contracts/time';
import { UserError } from '../output';

/** What options carry, parsed at the door. Each failure names the option, the value and what it must be. */

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A whole number within bounds. */
export function wholeNumber(option: string, text: string, { least, most }: Bounds): number {
  const value = Number(text);
  const form = least < 0 ? /^-?\d+$/ : /^\d+$/;
  if (!form.test(text) || value < least || value > most) {
    throw new UserError(`${option} ${text}: must be a whole number from ${least} to ${most}`);
  }
  return value;
}

const momentSchema = z.iso.datetime({ offset: true });
const daySchema = z.iso.date();

/** A moment, `2026-03-01T00:00:00Z`, or a day, `2026-03-01`: its first moment in a zone. */
export async function momentOption(option: string, text: string, timeZone: string): Promise<Instant> {
  if (momentSchema.safeParse(text).success) return Date.parse(text);
  if (daySchema.safeParse(text).success) {
    const { dayStart } = await import('../../ledger/read/periods.js');
    return dayStart(text, timeZone);
  }
  throw new UserError(
    `${option} ${text}: must be a moment such as 2026-03-01T00:00:00Z, or a day such as 2026-03-01 (in ${timeZone})`,
  );
}

/** Credits as a person writes them, `12.5`; `signed` may take away. Gives the text back. */
export function creditsText(option: string, text: string, { signed = false } = {}): string {
  const form = signed ? /^-?\d+(\.\d{1,3})?$/ : /^\d+(\.\d{1,3})?$/;
  if (form.test(text)) return text;
  throw new UserError(
    `${option} ${text}: must be credits with at most three decimals, such as ${signed ? '-12.5' : '12.5'}`,
  );
}

/** Dollars as a person writes them, `25.00`. Gives the text back. */
export function dollarsText(option: string, text: string): string {
  if (/^\d{1,12}(\.\d{1,6})?$/.test(text)) return text;
  throw new UserError(`${option} ${text}: must be dollars with at most six decimals, such as 25.00`);
}
