import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { microUsd } from '../../src/contracts/money';
import { grouped, inDollars, usd } from '../../src/cli/commands/amounts';
import { printCsv, printJson } from '../../src/cli/output';

let printed = '';
const write = process.stdout.write.bind(process.stdout);
beforeEach(() => {
  printed = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    printed += String(chunk);
    return true;
  };
});
afterEach(() => {
  process.stdout.write = write;
});

describe('output', () => {
  it('has amounts and moments as text in JSON, and leaves other numbers', () => {
    printJson({ at: 0, limit: 5, amount: 12n, period: { index: 3, start: 1000 }, to: null });
    expect(JSON.parse(printed)).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      limit: 5,
      amount: '12',
      period: { index: 3, start: '1970-01-01T00:00:01.000Z' },
      to: null,
    });
  });

  it('quotes CSV, and keeps text that looks like a formula from being one', () => {
    printCsv([
      ['flow', 'credits'],
      ['=cmd|calc', '-2.5'],
      ['a, "b"', '-1'],
      ['@x', '12'],
    ]);
    expect(printed).toBe('flow,credits\n\'=cmd|calc,-2.5\n"a, ""b""",-1\n\'@x,12\n');
  });

  it('tells thousands apart, and dollars to the last fraction', () => {
    expect(['1', '999', '1000', '1236.5', '1234567', '1234.5678'].map(grouped)).toEqual([
      ...['1', '999', '1,000', '1,236.5', '1,234,567', '1,234.5678'],
    ]);
    expect([0n, 124n, 100_000n].map(inDollars)).toEqual(['0.00', '1.24', '1000.00']);
    expect([0n, 500n, 25_000_000n, 1_234_560n].map((amount) => usd(microUsd(amount)))).toEqual([
      ...['0.00', '0.0005', '25.00', '1.23456'],
    ]);
  });
});
