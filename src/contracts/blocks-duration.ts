/**
 * How long a `delay` waits. No zod here: the workflow reads the duration when it starts the timer, the validator when
 * it checks the flow, and both must read it alike.
 */

const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The bounds of a delay, in milliseconds: from one millisecond to 366 days. */
export const DELAY_LEAST_MS = 1;
export const DELAY_MOST_MS = 366 * DAY;

/**
 * Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds: `"PT90S"`, `"P1DT12H"`. Milliseconds, or null
 * if it is none. Years and months are not durations: their length depends on the calendar.
 */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null || text.endsWith('P') || text.endsWith('T')) return null;
  const [weeks, days, hours, minutes, seconds] = match
    .slice(1, 6)
    .map((part: string | undefined) => Number(part ?? '0'));
  const fraction = Number((match[6] ?? '').padEnd(3, '0'));
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * DAY +
    (hours ?? 0) * HOUR +
    (minutes ?? 0) * MINUTE +
    (seconds ?? 0) * SECOND +
    fraction
  );
}

/**
 * The milliseconds a `delay` block waits, from its validated config. Throws `RangeError` on a config that no validator
 * has seen.
 */
export function delayMilliseconds(config: Readonly<Record<string, unknown>>): number {
  const { seconds, duration } = config;
  const wait =
    typeof seconds === 'number'
      ? Math.round(seconds * SECOND)
      : typeof duration === 'string'
        ? parseDuration(duration)
        : null;
  if (wait === null || !(wait >= DELAY_LEAST_MS && wait <= DELAY_MOST_MS)) {
    throw new RangeError('a delay needs "seconds" or "duration", more than 0 and at most 366 days');
  }
  return wait;
}
