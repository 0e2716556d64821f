import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { periodAt, periodContaining } from '../../../src/ledger/core';
import { anchorFault } from '../../../src/ledger/core/periods';

const start = (anchor: string, zone: string, index: number): string =>
  new Date(periodAt(anchor, zone, index).start).toISOString();

describe('periods', () => {
  it('start on the last day of a short month and go back to the 31st', () => {
    const starts = [0, 1, 2, 3, 4].map((n) => start('2026-01-31T09:00:00', 'UTC', n).slice(0, 10));
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  });

  it('know leap days', () => {
    expect(start('2023-01-29T00:00:00', 'UTC', 1)).toBe('2023-02-28T00:00:00.000Z');
    expect(start('2024-01-29T00:00:00', 'UTC', 1)).toBe('2024-02-29T00:00:00.000Z');
    expect(start('2024-02-29T00:00:00', 'UTC', 12)).toBe('2025-02-28T00:00:00.000Z');
    expect(start('2024-02-29T00:00:00', 'UTC', 48)).toBe('2028-02-29T00:00:00.000Z');
  });

  it('keep the wall time of their zone over a change of the clocks', () => {
    expect(start('2026-01-31T09:00:00', 'America/New_York', 0)).toBe('2026-01-31T14:00:00.000Z');
    expect(start('2026-01-31T09:00:00', 'America/New_York', 2)).toBe('2026-03-31T13:00:00.000Z');
  });

  it('move a wall time that does not exist forward by the gap', () => {
    // New York's clocks go from 02:00 to 03:00 on 8 March 2026.
    expect(start('2026-02-08T02:30:00', 'America/New_York', 1)).toBe('2026-03-08T07:30:00.000Z');
  });

  it('take a wall time that exists twice the first time', () => {
    // New York's clocks go from 02:00 back to 01:00 on 1 November 2026.
    expect(start('2026-10-01T01:30:00', 'America/New_York', 1)).toBe('2026-11-01T05:30:00.000Z');
  });

  it('reach back before the anchor', () => {
    const period = periodContaining('2026-05-31T00:00:00', 'UTC', Date.parse('2026-04-02T00:00:00Z'));
    expect(period.index).toBe(-2);
    expect(new Date(period.start).toISOString()).toBe('2026-03-31T00:00:00.000Z');
    expect(new Date(period.end).toISOString()).toBe('2026-04-30T00:00:00.000Z');
  });

  it('are contiguous, and the one that contains a moment contains it', () => {
    const zones = [
      'UTC',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Apia',
      'Pacific/Chatham',
      'Africa/Casablanca',
    ];
    const anchors = fc.date({
      min: new Date('1999-01-01'),
      max: new Date('2030-12-31'),
      noInvalidDate: true,
    });
    const moments = fc.integer({ min: Date.parse('1998-01-01'), max: Date.parse('2040-01-01') });
    fc.assert(
      fc.property(anchors, fc.constantFrom(...zones), moments, (date, zone, moment) => {
        const anchor = date.toISOString().slice(0, 19);
        const period = periodContaining(anchor, zone, moment);
        expect(period.start).toBeLessThanOrEqual(moment);
        expect(period.end).toBeGreaterThan(moment);
        expect(periodAt(anchor, zone, period.index)).toEqual(period);
        expect(periodAt(anchor, zone, period.index + 1).start).toBe(period.end);
        // The first moment of a period is its own, not the one before's.
        expect(periodContaining(anchor, zone, period.start)).toEqual(period);
        expect(periodContaining(anchor, zone, period.end).index).toBe(period.index + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('name what is wrong with an anchor or a zone', () => {
    expect(anchorFault('2026-01-31T09:00:00', 'UTC')).toBeNull();
    expect(anchorFault('2026-01-31T09:00:00', 'Mars/Olympus')).toContain(
      'time zone "Mars/Olympus" is unknown',
    );
    expect(anchorFault('2026-01-31T09:00:00', 'SYSTEM')).toContain('time zone "SYSTEM" is unknown');
    expect(anchorFault('2026-02-30T09:00:00', 'UTC')).toContain('anchor "2026-02-30T09:00:00"');
  });
});
