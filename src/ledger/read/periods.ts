import { Instant as Moment, LocalDate, ZoneId } from '@js-joda/core';
import { type Instant, type LocalDateTimeText } from '../../contracts/time';
import { anchorFault, periodAt, periodContaining } from '../core/periods';
import { type Period } from '../core/types';

/** Periods as the ledger opens them, for who asks beforehand. Pure: needs no database. */

export { anchorFault };

/**
 * So many billing periods of an anchor in its zone, in order: from its first one on, or from the one that contains
 * `from`. Throws where {@link anchorFault} finds a fault.
 */
export function periodsOf(
  anchor: LocalDateTimeText,
  timeZone: string,
  { count, from }: { readonly count: number; readonly from?: Instant },
): readonly Period[] {
  const first = from === undefined ? 0 : periodContaining(anchor, timeZone, from).index;
  return Array.from({ length: count }, (_, index) => periodAt(anchor, timeZone, first + index));
}

/** The first moment of a day, `2026-01-31`, in a zone. Throws on what is no day or no zone. */
export function dayStart(day: string, timeZone: string): Instant {
  return LocalDate.parse(day).atStartOfDay(ZoneId.of(timeZone)).toInstant().toEpochMilli();
}

/** Days of a zone: their names, `2026-01-31`, and their first moments in milliseconds, as text. */
export interface Days {
  readonly names: readonly string[];
  readonly starts: readonly string[];
}

/** The days that a span of time touches, in order. By our own time-zone data, as the periods are. */
export function daysOf(from: Instant, to: Instant, timeZone: string): Days {
  const zone = ZoneId.of(timeZone);
  const names: string[] = [];
  const starts: string[] = [];
  for (let day = Moment.ofEpochMilli(from).atZone(zone).toLocalDate(); ; day = day.plusDays(1)) {
    const start = day.atStartOfDay(zone).toInstant().toEpochMilli();
    if (start >= to) return { names, starts };
    names.push(day.toString());
    starts.push(String(start));
  }
}

/** The day that a moment lies on in a zone. */
export function dayOf(at: Instant, timeZone: string): string {
  return Moment.ofEpochMilli(at).atZone(ZoneId.of(timeZone)).toLocalDate().toString();
}
