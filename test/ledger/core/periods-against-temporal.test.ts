import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from '@js-temporal/polyfill';
import { periodAt } from '../../../src/ledger/core';
import { periodStart } from '../../../src/ledger/core/periods';

/**
 * Another implementation (the Temporal proposal's polyfill), with time-zone data of its own (the machine's ICU): only
 * zones whose rules have long been the same, so that an older machine agrees.
 */
function oracle(anchor: string, timeZone: string, index: number): number {
  return Temporal.PlainDateTime.from(anchor)
    .add({ months: index }, { overflow: 'constrain' })
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

const ZONES = [
  'UTC',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'Atlantic/Azores',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
] as const;

const pad = (value: number): string => String(value).padStart(2, '0');

/** Month ends and the hours in which clocks change come often. */
const anchors = fc
  .record({
    year: fc.integer({ min: 2015, max: 2060 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.oneof(fc.constantFrom(1, 28, 29, 30, 31), fc.integer({ min: 1, max: 31 })),
    hour: fc.oneof(fc.constantFrom(0, 1, 2, 3, 23), fc.integer({ min: 0, max: 23 })),
    minute: fc.constantFrom(0, 1, 15, 30, 45, 59),
  })
  .map(({ year, month, day, hour, minute }) => {
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    return `${year}-${pad(month)}-${pad(Math.min(day, last))}T${pad(hour)}:${pad(minute)}:00`;
  });

describe('periods', () => {
  it('start where the Temporal proposal says', () => {
    fc.assert(
      fc.property(
        anchors,
        fc.constantFrom(...ZONES),
        fc.integer({ min: -36, max: 400 }),
        (anchor, zone, index) => {
          expect(periodStart(anchor, zone, index)).toBe(oracle(anchor, zone, index));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('are half-open, contiguous and ever later', () => {
    fc.assert(
      fc.property(
        anchors,
        fc.constantFrom(...ZONES),
        fc.integer({ min: -24, max: 200 }),
        (anchor, zone, first) => {
          const periods = Array.from({ length: 14 }, (_, index) => periodAt(anchor, zone, first + index));
          periods.forEach(({ index, start, end }, at) => {
            expect(index).toBe(first + at);
            expect(start).toBeLessThan(end);
            if (at > 0) expect(start).toBe(periods[at - 1]?.end);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a start', () => {
  it.each([
    // The clocks skip this wall time: it moves forward by what they skip.
    ['2026-01-08T02:30:00', 'America/New_York', 2, '2026-03-08T07:30:00Z', 'a gap of an hour'],
    ['2026-02-28T02:00:00', 'Europe/Berlin', 1, '2026-03-28T01:00:00Z', 'the day before a gap'],
    ['2026-02-28T01:30:00', 'Europe/London', 13, '2027-03-28T01:30:00Z', 'a gap a year later'],
    ['2026-09-04T02:15:00', 'Australia/Lord_Howe', 1, '2026-10-03T15:45:00Z', 'a gap of half an hour'],
    ['2026-09-04T02:00:00', 'Australia/Lord_Howe', 1, '2026-10-03T15:30:00Z', 'the first moment of a gap'],
    ['2026-09-04T02:30:00', 'Australia/Lord_Howe', 1, '2026-10-03T15:30:00Z', 'the end of a gap'],
    ['2026-02-08T00:00:00', 'America/Havana', 1, '2026-03-08T05:00:00Z', 'a midnight that is not'],
    ['2025-08-06T00:00:00', 'America/Santiago', 13, '2026-09-06T04:00:00Z', 'a day that begins at one'],
    ['2026-02-28T00:30:00', 'Atlantic/Azores', 13, '2027-03-28T01:30:00Z', 'a gap at midnight'],
    // The wall time comes twice: the first.
    ['2026-10-01T01:30:00', 'America/New_York', 1, '2026-11-01T05:30:00Z', 'an overlap of an hour'],
    ['2026-09-25T02:30:00', 'Europe/Berlin', 1, '2026-10-25T00:30:00Z', 'an overlap'],
    ['2026-03-05T01:45:00', 'Australia/Lord_Howe', 1, '2026-04-04T14:45:00Z', 'an overlap of half an hour'],
    ['2026-03-05T02:45:00', 'Pacific/Chatham', 1, '2026-04-04T13:00:00Z', 'an overlap at a quarter to three'],
    // From the anchor, not from the period before.
    ['2026-01-31T09:00:00', 'America/New_York', 1, '2026-02-28T14:00:00Z', 'the 31st in February'],
    ['2026-01-31T09:00:00', 'America/New_York', 2, '2026-03-31T13:00:00Z', 'the 31st again'],
    ['2026-01-30T00:00:00', 'UTC', 1, '2026-02-28T00:00:00Z', 'the 30th in February'],
    ['2026-01-30T00:00:00', 'UTC', 2, '2026-03-30T00:00:00Z', 'the 30th again'],
    ['2026-01-29T00:00:00', 'UTC', 1, '2026-02-28T00:00:00Z', 'the 29th in a common February'],
    ['2026-01-29T00:00:00', 'UTC', 25, '2028-02-29T00:00:00Z', 'the 29th in a leap February'],
    ['2024-02-29T12:00:00', 'Asia/Kathmandu', 12, '2025-02-28T06:15:00Z', 'a leap day a year later'],
    ['2024-02-29T12:00:00', 'Asia/Kathmandu', 48, '2028-02-29T06:15:00Z', 'a leap day four years later'],
    ['2100-01-31T00:00:00', 'UTC', 1, '2100-02-28T00:00:00Z', 'a century that is no leap year'],
    ['2000-01-31T00:00:00', 'UTC', 1, '2000-02-29T00:00:00Z', 'a century that is one'],
    ['2045-06-15T09:00:00', 'America/New_York', 0, '2045-06-15T13:00:00Z', 'summer beyond 2037'],
  ])('%s in %s, number %i: %s (%s)', (anchor, zone, index, start) => {
    expect(new Date(periodStart(anchor, zone, index)).toISOString()).toBe(start.replace('Z', '.000Z'));
    expect(oracle(anchor, zone, index)).toBe(Date.parse(start));
  });
});
