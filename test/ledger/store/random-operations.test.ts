import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { moveClock, openLedger, type CommittedBatch } from '../../../src/ledger';
import { type Operation } from '../../../src/ledger/core/operations';
import { openReader } from '../../../src/ledger/read';
import { testDatabase } from '../../support';
import { arbitrarySteps, START, type Step } from '../core/arbitrary-operations';
import { TEST_RULES } from '../core/rules';
import { comparable, replay } from './replay';
import { teamRows } from './team-rows';

const LEDGERS = 3;

interface Cut {
  readonly steps: readonly Step[];
  /** How many operations are under way at once, one number after the other. */
  readonly widths: readonly number[];
}

const cuts: fc.Arbitrary<Cut> = fc.record({
  steps: arbitrarySteps({ teams: 4, phrases: 80 }),
  widths: fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 5, maxLength: 20 }),
});

/** Sends the operations from several ledgers, each with connections of its own; so many at once, in turns. */
async function drive({ steps, widths }: Cut): Promise<void> {
  const database = await testDatabase();
  const batches: CommittedBatch[] = [];
  const open = Array.from({ length: LEDGERS }, () =>
    openLedger({ databaseUrl: database.url, rules: TEST_RULES, onBatch: (batch) => batches.push(batch) }),
  );
  const ledgers = await Promise.all(open);
  try {
    const later = (await openReader(database.pool, TEST_RULES).now()) - START;
    let turn = 0;
    for (let at = 0; at < steps.length; turn += 1) {
      const wave = steps.slice(at, at + (widths[turn % widths.length] ?? 1));
      at += wave.length;
      await moveClock(
        database.pool,
        wave.reduce((sum, { waitMs }) => sum + waitMs, 0),
      );
      const [from, earliest] = [batches.length, await openReader(database.pool, TEST_RULES).now()];
      await Promise.all(
        wave.map(async ({ operation }, index) =>
          ledgers[(turn + index) % LEDGERS]?.submit(shifted(operation, later)),
        ),
      );
      // Nobody works with a time from before the clock was moved.
      for (const { now } of batches.slice(from)) expect(now).toBeGreaterThanOrEqual(earliest);
    }
    const predicted = replay(batches, TEST_RULES);
    expect(predicted.size).toBeGreaterThan(0);
    for (const [team, rows] of predicted) {
      expect(comparable(await teamRows(database.pool, team))).toEqual(comparable(rows));
    }
    const reader = openReader(database.pool, TEST_RULES);
    expect((await reader.verify()).violations).toEqual([]);
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await database.drop();
  }
}

/** The histories are about a time of their own; Postgres's clock has the present one. */
function shifted(operation: Operation, later: number): Operation {
  if (operation.kind === 'admit') {
    const quotes = operation.quotes.map((quote) => ({ ...quote, inForceFrom: quote.inForceFrom + later }));
    return { ...operation, quotes };
  }
  if (operation.kind === 'addCredits' && operation.expiresAt !== null) {
    return { ...operation, expiresAt: operation.expiresAt + later };
  }
  if (operation.kind === 'adjustCredits' && operation.expiresAt !== undefined) {
    return { ...operation, expiresAt: operation.expiresAt + later };
  }
  return operation;
}

describe('random operations from several connections at once', () => {
  it('leave the rows that the core predicts from the order of the commits', async () => {
    await fc.assert(fc.asyncProperty(cuts, drive), { numRuns: 12, endOnFailure: true });
  });
});
