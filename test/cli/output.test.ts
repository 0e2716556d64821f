import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sentence } from '../../src/cli/commands/payg-preview';
import { credits } from '../../src/contracts/millicredits';
import { microUsd } from '../../src/contracts/money';
import { grouped, inDollars, usd } from '../../src/cli/commands/amounts';
import { printCsv, printJson } from '../../src/cli/output';
import { ROOT } from '../dev/processes';

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
  it('that nobody reads to its end (`| head`) is no error', async () => {
    const args = ['--import', 'tsx', join(ROOT, 'src/cli/bin.ts'), 'schema'];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(complaints).toBe('');
  });

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

  it('says in one sentence who waits, for how much, in money', () => {
    const waits = (waiting: number, likely: number, likelyCents: bigint): string =>
      sentence({ waiting, likely: credits(likely), likelyCents });
    expect(waits(412, 1236, 124n)).toBe('412 runs wait, about 1,236 credits, $1.24');
    expect(waits(1, 2, 0n)).toBe('1 run waits, about 2 credits, $0.00');
    expect(waits(1200, 5_000_000, 500_000n)).toBe('1,200 runs wait, about 5,000,000 credits, $5000.00');
    expect(waits(0, 0, 0n)).toBe('no run waits');
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
