import { LocalDateTime, ZoneId } from '@js-joda/core';
import '@js-joda/timezone';
import { type Instant, type LocalDateTimeText } from '../../contracts/time';
import { type Period } from './types';

const MONTHS_PER_YEAR = 12;
/** Starts are pure functions of their arguments and dear to compute; kept while they are few. */
const MOST_REMEMBERED = 10_000;
const remembered = new Map<string, Instant>();

/**
 * Where period `index` starts: `index` months after the anchor's wall time, clamped to the month's last day, in the
 * team's zone. A wall time that does not exist moves forward by the gap, one that exists twice is the first (RFC 5545).
 */
export function periodStart(anchor: LocalDateTimeText, timeZone: string, index: number): Instant {
  const key = `${timeZone} ${anchor} ${index}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const wall = LocalDateTime.parse(anchor).plusMonths(index);
  const start = wall.atZone(ZoneId.of(timeZone)).toInstant().toEpochMilli();
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(key, start);
  return start;
}

/** Period `index` of an anchor; half-open. */
export function periodAt(anchor: LocalDateTimeText, timeZone: string, index: number): Period {
  return {
    index,
    start: periodStart(anchor, timeZone, index),
    end: periodStart(anchor, timeZone, index + 1),
  };
}

/** The period that contains `instant`. Before the anchor the same months reach back, with negative indices. */
export function periodContaining(anchor: LocalDateTimeText, timeZone: string, instant: Instant): Period {
  let index = monthsBetween(LocalDateTime.parse(anchor), new Date(instant));
  while (periodStart(anchor, timeZone, index) > instant) index -= 1;
  while (periodStart(anchor, timeZone, index + 1) <= instant) index += 1;
  return periodAt(anchor, timeZone, index);
}

function monthsBetween(anchor: LocalDateTime, date: Date): number {
  return (
    (date.getUTCFullYear() - anchor.year()) * MONTHS_PER_YEAR + date.getUTCMonth() + 1 - anchor.monthValue()
  );
}

/** What is wrong with an anchor and its zone, or null. */
export function anchorFault(anchor: LocalDateTimeText, timeZone: string): string | null {
  // "SYSTEM" would be the machine's own zone, another one on every machine.
  if (timeZone === 'SYSTEM' || !makesSense(() => ZoneId.of(timeZone))) {
    return `time zone "${timeZone}" is unknown; use an IANA name such as "Europe/Amsterdam"`;
  }
  return makesSense(() => periodAt(anchor, timeZone, 0))
    ? null
    : `anchor "${anchor}" is no wall time; write it as "2026-01-31T09:00:00"`;
}

/** js-joda throws errors of several classes that have nothing in common. */
function makesSense(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
