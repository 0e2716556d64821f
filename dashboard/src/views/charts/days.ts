import { type Usage } from '../../api/types';
import { type SourceName } from './sources';

export interface DayAmounts extends Readonly<Record<SourceName, bigint>> {
  readonly day: string;
  readonly amount: bigint;
}

/** Each day of a report's span, also those on which nothing was used. Days are the team's, by its time zone. */
export function daysOf({ items, from, to, timeZone }: Usage): readonly DayAmounts[] {
  const byDay = new Map(items.map((row) => [row.key, row]));
  return dayNames(from, to, timeZone).map((day) => {
    const row = byDay.get(day);
    const of = (amount: string | undefined): bigint => BigInt(amount ?? '0');
    return {
      day,
      amount: of(row?.amount),
      included: of(row?.included),
      purchased: of(row?.purchased),
      adjustment: of(row?.adjustment),
      payg: of(row?.payg),
      overdraft: of(row?.overdraft),
    };
  });
}

/** The days that a half-open span touches in a zone, in order. */
export function dayNames(from: string, to: string, timeZone: string): readonly string[] {
  // Of this locale the date is ISO 8601's.
  const inZone = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const last = inZone.format(new Date(new Date(to).getTime() - 1));
  const names: string[] = [];
  const day = new Date(`${inZone.format(new Date(from))}T00:00:00Z`);
  for (; names.length < MOST_DAYS; day.setUTCDate(day.getUTCDate() + 1)) {
    const name = day.toISOString().slice(0, 10);
    if (name > last) break;
    names.push(name);
  }
  return names;
}

const MOST_DAYS = 400;
