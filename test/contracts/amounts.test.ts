import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  credits,
  formatCredits,
  millicredits,
  negate,
  parseCredits,
  parseMillicredits,
  subtract,
  toText,
} from '../../src/contracts/millicredits';
import { formatUsdCents, microUsd, parseUsd } from '../../src/contracts/money';

const amounts = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(millicredits);

describe('millicredits', () => {
  it('come back from text as they went', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseMillicredits(toText(amount))).toBe(amount);
        expect(parseCredits(formatCredits(amount))).toBe(amount);
      }),
    );
  });

  it('add and subtract exactly where floats would not', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtract(add(a, b), b)).toBe(a);
        expect(add(a, negate(a))).toBe(0n);
      }),
    );
    expect(add(parseCredits('0.1'), parseCredits('0.2'))).toBe(parseCredits('0.3'));
  });

  it.each([
    [credits(25), '25'],
    [millicredits(1500), '1.5'],
    [millicredits(-20), '-0.02'],
    [millicredits(1), '0.001'],
    [millicredits(0), '0'],
  ])('shows %s millicredits as %s credits', (amount, text) => {
    expect(formatCredits(amount)).toBe(text);
  });

  it.each(['', '1.0', '0x10', ' 1', '1e3', '--1', '٣'])('refuses the millicredits "%s"', (text) => {
    expect(() => parseMillicredits(text)).toThrow(RangeError);
  });

  it.each(['', '1.0001', '1e3', '.5', '1.', 'NaN'])('refuses the credits "%s"', (text) => {
    expect(() => parseCredits(text)).toThrow(RangeError);
  });
});

describe('money', () => {
  it.each([
    [1_235_000n, '1.24'],
    [1_234_999n, '1.23'],
    [5_000n, '0.01'],
    [4_999n, '0.00'],
    [-4_999n, '0.00'],
    [-5_000n, '-0.01'],
    [-1_235_000n, '-1.24'],
    [412_000_000n, '412.00'],
  ])('rounds %s micro-dollars once, to %s', (amount, text) => {
    expect(formatUsdCents(microUsd(amount))).toBe(text);
  });

  it.each([
    ['1', 1_000_000n],
    ['0.000001', 1n],
    ['12.34', 12_340_000n],
    ['-0.5', -500_000n],
  ])('reads $%s', (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
  });

  it.each(['', '1.0000001', '$1', '1e3', '1,000'])('refuses the dollars "%s"', (text) => {
    expect(() => parseUsd(text)).toThrow(RangeError);
  });
});
