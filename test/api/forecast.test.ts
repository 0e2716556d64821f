import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forecast, LEAST_DAYS, LOOK_BACK_DAYS, type UsedDay } from '../../src/api/forecast';

const DAY = 86_400_000;
const days = (...used: bigint[]): UsedDay[] =>
  used.map((amount, index) => ({ start: index * DAY, end: (index + 1) * DAY, used: amount }));

describe('the day the credits run out', () => {
  it('is what is left by what a day used', () => {
    const now = 3 * DAY;
    expect(
      forecast({ now, periodEnd: 30 * DAY, remaining: 5_000n, days: days(1_000n, 3_000n, 2_000n) }),
    ).toEqual({
      status: 'runs-out',
      at: now + 2.5 * DAY,
      basis: { from: 0, to: 3 * DAY, days: 3, used: 6_000n },
    });
  });

  it('is none before the reset where they last', () => {
    const found = forecast({
      now: 3 * DAY,
      periodEnd: 5 * DAY,
      remaining: 5_000n,
      days: days(1_000n, 3_000n, 2_000n),
    });
    expect(found).toMatchObject({ status: 'lasts', leftAtReset: 1_000n });
  });

  it('is not told by one or two days, nor by none', () => {
    const ask = (...used: bigint[]) =>
      forecast({ now: 3 * DAY, periodEnd: 30 * DAY, remaining: 5n, days: days(...used) });
    expect(ask()).toEqual({ status: 'too-little-data', days: 0, needed: LEAST_DAYS });
    expect(ask(0n, 0n, 0n, 0n)).toEqual({ status: 'too-little-data', days: 0, needed: LEAST_DAYS });
    // Days before the first usage are no days of usage.
    expect(ask(0n, 0n, 5n, 7n)).toEqual({ status: 'too-little-data', days: 2, needed: LEAST_DAYS });
    expect(ask(0n, 5n, 0n, 7n).status).toBe('runs-out');
  });

  it('says that nothing is left', () => {
    expect(
      forecast({ now: 3 * DAY, periodEnd: 30 * DAY, remaining: 0n, days: days(1n, 1n, 1n) }).status,
    ).toBe('out');
    expect(forecast({ now: DAY, periodEnd: 30 * DAY, remaining: 0n, days: days(1n) }).status).toBe('out');
    // Also on the first day of usage, of which nothing is over.
    expect(forecast({ now: DAY, periodEnd: 30 * DAY, remaining: 0n, days: [] })).toEqual({
      status: 'out',
      basis: null,
    });
  });

  const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const situation = fc.record({
    used: fc.array(amount, { minLength: LEAST_DAYS, maxLength: LOOK_BACK_DAYS }),
    remaining: fc.bigInt({ min: 1n, max: 10n ** 15n }),
    toReset: fc.integer({ min: 0, max: 31 * DAY }),
  });

  it('is the first moment by which the remaining is used at that pace, and never at or after the reset', () => {
    fc.assert(
      fc.property(situation, ({ used, remaining, toReset }) => {
        const now = used.length * DAY;
        const found = forecast({ now, periodEnd: now + toReset, remaining, days: days(...used) });
        if (found.status === 'runs-out') {
          const span = BigInt(found.basis.to - found.basis.from);
          const until = BigInt(found.at - now);
          expect(found.basis.used * until >= remaining * span).toBe(true);
          expect(found.basis.used * (until - 1n) < remaining * span).toBe(true);
          expect(found.at).toBeLessThanOrEqual(now + toReset);
        }
        if (found.status === 'lasts') {
          expect(found.leftAtReset).toBeGreaterThanOrEqual(0n);
          expect(found.leftAtReset).toBeLessThanOrEqual(remaining);
        }
      }),
    );
  });

  it('comes no later when more was used or less is left', () => {
    fc.assert(
      fc.property(situation, amount, ({ used, remaining, toReset }, more) => {
        const now = used.length * DAY;
        const at = (left: bigint, of: readonly bigint[]): number => {
          const found = forecast({ now, periodEnd: now + toReset, remaining: left, days: days(...of) });
          return found.status === 'runs-out' ? found.at : Infinity;
        };
        const [first = 0n, ...rest] = used;
        // From the first usage on the days are the same.
        fc.pre(first > 0n);
        expect(at(remaining, [first + more, ...rest])).toBeLessThanOrEqual(at(remaining, used));
        expect(at(remaining / 2n + 1n, used)).toBeLessThanOrEqual(at(remaining, used));
      }),
    );
  });
});
