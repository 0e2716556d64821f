import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextPage } from '../../dashboard/src/api/next-page';
import { Amounts, reach } from '../../dashboard/src/format/amounts';
import { decimalText, unitsOf } from '../../dashboard/src/format/decimal';
import { Times } from '../../dashboard/src/format/times';
import { nameOf, part } from '../../dashboard/src/shell/links';
import { ticksTo } from '../../dashboard/src/views/charts/axis';
import { shownTypes } from '../../dashboard/src/views/charts/types';
import { dayNames } from '../../dashboard/src/views/charts/days';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('amounts on the page', () => {
  it('keep every digit, however large', () => {
    const amounts = new Amounts('en-US');
    expect(amounts.ofCredits('9007199254740993001')).toBe('9,007,199,254,740,993.001');
    expect(amounts.ofCredits('-12500')).toBe('-12.5');
    expect(amounts.ofCredits('0')).toBe('0');
    expect(amounts.withUnit('1000')).toBe('1 credit');
    expect(amounts.withUnit('1001')).toBe('1.001 credits');
  });

  it('are written as the reader writes them', () => {
    const german = new Amounts('de-DE');
    expect(german.ofCredits('1234567')).toBe('1.234,567');
    expect(plain(german.ofCents('123456'))).toBe('1.234,56 $');
    expect(new Amounts('en-US').ofMicroUsd('1236000')).toBe('$1.236');
    expect(new Amounts('en-US').ofMicroUsd('25000000')).toBe('$25.00');
    expect(new Amounts('en-US').ofWholeDollars('10000000')).toBe('$10');
    expect(new Amounts('en-US').ofWholeDollars('500000')).toBe('$0.50');
    expect(new Amounts('en-US').share(1n, 3n)).toBe('33%');
    expect(new Amounts('en-US').share(1n, 0n)).toBe('0%');
  });

  it('come back from their text as they were', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.constantFrom(2, 3, 6),
        (units, digits) => {
          const text = decimalText(units, digits);
          const [whole = '', fraction = ''] = text.replace('-', '').split('.');
          const back = BigInt(whole) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0'));
          expect(text.startsWith('-') ? -back : back).toBe(units);
          if (units >= 0n) expect(unitsOf(text, digits)).toBe(units);
        },
      ),
    );
  });

  it('say how far a bar reaches, between nothing and all', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -10n, max: 10n ** 20n }),
        fc.bigInt({ min: -10n, max: 10n ** 20n }),
        (part, whole) => {
          const share = reach(part, whole);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        },
      ),
    );
    expect(reach(1n, 3n)).toBe(0.3333);
    expect(reach(3n, 3n)).toBe(1);
  });

  it.each<[string, string, bigint | null]>([
    ['en-US', '25', 25_000_000n],
    ['en-US', ' $12.50 ', 12_500_000n],
    ['en-US', '0', 0n],
    ['en-US', '1,000', 1_000_000_000n],
    ['en-US', '1,234,567.89', 1_234_567_890_000n],
    ['en-US', '12,50', null],
    ['en-US', '', null],
    ['en-US', '.', null],
    ['en-US', '-1', null],
    ['en-US', '1e3', null],
    ['en-US', '1.2.3', null],
    ['en-US', '0.0000001', null],
    ['de-DE', '1.000', 1_000_000_000n],
    ['de-DE', '12,50', 12_500_000n],
    ['de-DE', '1.234,5 $', 1_234_500_000n],
    ['de-DE', '12.50', null],
    ['fr-FR', '1 000,5', 1_000_500_000n],
    ['en-IN', '1,00,000', 100_000_000_000n],
    ['ar-EG', '٢٥', 25_000_000n],
  ])('take, in %s, %j as a cap: %j', (locale, typed, taken) => {
    expect(new Amounts(locale).typedDollarsOf(typed)).toBe(taken);
  });

  it('are typed as they are proposed, in any language', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
        fc.constantFrom('en-US', 'de-DE', 'fr-FR', 'de-CH', 'pl-PL', 'hi-IN', 'ar-EG', 'ja-JP'),
        (microUsd, locale) => {
          const amounts = new Amounts(locale);
          expect(amounts.typedDollarsOf(amounts.toType(microUsd))).toBe(microUsd);
        },
      ),
    );
  });

  it('have a type for each bar, and one for all others: together they are the total', () => {
    const items = Array.from({ length: 11 }, (_, index) => ({
      key: `type-${String(index)}`,
      workflowId: null,
      flow: null,
      charges: 2,
      amount: String(12 - index),
      reversed: '0',
      included: '0',
      purchased: '0',
      adjustment: '0',
      payg: '0',
      overdraft: '0',
    }));
    const shown = shownTypes(items);
    expect(shown).toHaveLength(8);
    expect(shown.at(-1)).toMatchObject({ name: '4 other types', charges: 8 });
    expect(shown.reduce((sum, { amount }) => sum + amount, 0n)).toBe(77n);
    expect(shownTypes(items.slice(0, 8)).map(({ key }) => key)).toEqual(
      items.slice(0, 8).map(({ key }) => key),
    );
  });

  it('have an axis of round steps that reaches the highest', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (highest) => {
        const ticks = ticksTo(highest);
        expect(ticks[0]).toBe(0n);
        expect((ticks.at(-1) ?? 0n) >= highest).toBe(true);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(String(ticks[1])).toMatch(/^[125]0*$/);
      }),
    );
  });
});

describe('times on the page', () => {
  const berlin = new Times('Europe/Berlin', 'en-US');

  it('are those of the team, whatever the machine says', () => {
    expect(plain(berlin.moment('2026-11-30T23:00:00.000Z'))).toBe('Dec 1, 2026, 12:00 AM');
    expect(plain(berlin.exact('2026-07-01T10:00:00.000Z'))).toBe('Jul 1, 2026, 12:00:00 PM GMT+2');
    expect(plain(new Times('Asia/Tokyo', 'de-DE').day('2026-11-30T15:00:00.000Z'))).toBe('01.12.2026');
  });

  it('say a half-open span by its last day', () => {
    const span = plain(berlin.span('2026-10-31T23:00:00.000Z', '2026-11-30T23:00:00.000Z'));
    expect(span.replaceAll(/\s/g, ' ')).toBe('Nov 1 – 30, 2026');
  });

  it('count from the ledger’s time, not the browser’s', () => {
    expect(berlin.distance('2026-12-01T00:00:00Z', '2026-11-25T12:00:00Z')).toBe('in 5 days');
    expect(berlin.distance('2026-12-01T00:00:00Z', '2026-11-30T21:30:00Z')).toBe('in 2 hours');
    expect(berlin.distance('2026-12-01T00:00:00Z', '2026-12-01T00:00:20Z')).toBe('20 seconds ago');
  });

  it('are as far away as they are, in the language of the sentence', () => {
    const german = new Times('Europe/Berlin', 'de-DE');
    // The day after tomorrow.
    expect(german.distance('2026-12-01T23:00:00Z', '2026-11-30T00:00:00Z')).toBe('in 1 day');
    expect(german.distance('2026-11-30T00:00:00Z', '2026-12-01T23:00:00Z')).toBe('1 day ago');
    expect(german.distance('2026-12-01T00:00:00Z', '2026-12-01T00:00:00.200Z')).toBe('now');
  });

  it('have each day of a month once, also where a day has 23 or 25 hours', () => {
    const october = dayNames('2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z', 'Europe/Berlin');
    expect(october).toHaveLength(31);
    expect([october[0], october.at(-1)]).toEqual(['2026-10-01', '2026-10-31']);
    expect(dayNames('2026-03-28T23:00:00.000Z', '2026-03-30T22:00:00.000Z', 'Europe/Berlin')).toEqual([
      '2026-03-29',
      '2026-03-30',
    ]);
  });
});

describe('names in addresses', () => {
  it('come back as they were, also after the router decoded what it takes for escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const address = part(name);
        expect(address).not.toMatch(/[%/?#]/);
        expect(nameOf(decodeURI(address))).toBe(name);
      }),
    );
    expect(nameOf(encodeURIComponent('a/b:c d'))).toBe('a/b:c d');
  });
});

describe('the next page of a CSV', () => {
  it.each([
    ['</v1/teams/acme/runs?cursor=abc>; rel="next"', '/v1/teams/acme/runs?cursor=abc'],
    ['<https://api.example/v1/x?cursor=a>; rel=next', '/v1/x?cursor=a'],
    ['</v1/x>; rel="prev"', null],
    [null, null],
  ])('%j: %j', (header, next) => {
    expect(nextPage(header)).toBe(next);
  });
});
