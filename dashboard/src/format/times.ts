/** Moments as people of a team read them: in the team's time zone, in the reader's language. */
export class Times {
  private readonly days: Intl.DateTimeFormat;
  private readonly shortDays: Intl.DateTimeFormat;
  private readonly moments: Intl.DateTimeFormat;
  private readonly shortMoments: Intl.DateTimeFormat;
  private readonly precise: Intl.DateTimeFormat;
  private readonly relative: Intl.RelativeTimeFormat;

  constructor(
    readonly timeZone: string,
    locale?: string,
  ) {
    const zone = { timeZone } as const;
    this.days = new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'medium' });
    this.shortDays = new Intl.DateTimeFormat(locale, { ...zone, day: 'numeric', month: 'short' });
    this.moments = new Intl.DateTimeFormat(locale, { ...zone, dateStyle: 'medium', timeStyle: 'short' });
    this.shortMoments = new Intl.DateTimeFormat(locale, {
      ...zone,
      day: 'numeric',
      month: 'short',
      hour: 'numeric',
      minute: '2-digit',
    });
    this.precise = new Intl.DateTimeFormat(locale, {
      ...zone,
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    });
    // Words, and so the page's language: the rest of the sentence is English. No "tomorrow": 47 hours may end the day after.
    this.relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  }

  /** "Nov 30, 2026" */
  day(moment: string): string {
    return this.days.format(new Date(moment));
  }

  /** "Nov 30" */
  shortDay(moment: string): string {
    return this.shortDays.format(new Date(moment));
  }

  /** "Nov 30, 2026, 12:00 AM" */
  moment(moment: string): string {
    return this.moments.format(new Date(moment));
  }

  /** "Nov 30, 12:00 AM" */
  short(moment: string): string {
    return this.shortMoments.format(new Date(moment));
  }

  /** With seconds and the zone's short name: for a title. */
  exact(moment: string): string {
    return this.precise.format(new Date(moment));
  }

  /** "Nov 1 – 30, 2026" of a half-open span: its last day is the one before its end. */
  span(from: string, to: string): string {
    return this.days.formatRange(new Date(from), new Date(new Date(to).getTime() - 1));
  }

  /** "in 5 days", "3 minutes ago", "now", from a moment to another: whole ones, what is over them is left out. */
  distance(moment: string, now: string): string {
    const seconds = Math.round((new Date(moment).getTime() - new Date(now).getTime()) / 1000);
    if (seconds === 0) return 'now';
    const size = Math.abs(seconds);
    const [unit, length] = UNITS.find(([, each]) => size >= each) ?? ['second', 1];
    return this.relative.format(Math.trunc(seconds / length), unit);
  }
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** A day of a report, "2026-11-25", as a moment that is on that day in any zone it is formatted in as UTC. */
export function dayLabel(day: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
