import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openLedger, type CommittedBatch } from '../../../src/ledger';
import { type Operation } from '../../../src/ledger/core/operations';
import { openReader } from '../../../src/ledger/read';
import { testDatabase } from '../../support';
import { TEST_RULES } from '../core/rules';
import { comparable, replay } from './replay';
import { admitting, committing, newTeam, reserving } from './scene';
import { teamRows } from './team-rows';

const TEAMS = ['ada', 'bea'];

interface Sent {
  readonly operation: Operation;
  /** By the ledger that mostly leaves the teams alone: what the other one remembers is wrong after it. */
  readonly byTheOther: boolean;
}

/** What a ledger carries out on remembered books. Runs and keys are few, so that the same ones come again. */
const operations: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom('admit', 'reserve', 'reserve', 'commit', 'commit', 'commit', 'unreserve', 'close'),
    team: fc.constantFrom(...TEAMS),
    runId: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
    key: fc.integer({ min: 1, max: 12 }).map((n) => `k${n}`),
    amount: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ kind, team, runId, key, amount }): Operation => {
    switch (kind) {
      case 'admit':
        return admitting(team, runId, amount);
      case 'reserve':
        return reserving(team, runId, key, amount);
      case 'commit':
        return committing(team, runId, key, amount);
      case 'unreserve':
        return { kind, team, runId, key };
      case 'close':
        return { kind, team, runId, reason: 'completed' };
    }
  });

const waves: fc.Arbitrary<readonly (readonly Sent[])[]> = fc.array(
  fc
    .record({
      operations: fc.array(operations, { minLength: 1, maxLength: 120 }),
      others: fc.integer({ min: 0, max: 4 }),
    })
    .map((wave) =>
      wave.operations.map((operation, at) => ({ operation, byTheOther: wave.others === 4 && at % 9 === 4 })),
    ),
  { minLength: 4, maxLength: 16 },
);

async function drive(all: readonly (readonly Sent[])[]): Promise<void> {
  const database = await testDatabase();
  const batches: CommittedBatch[] = [];
  const open = (): ReturnType<typeof openLedger> =>
    openLedger({ databaseUrl: database.url, rules: TEST_RULES, onBatch: (batch) => batches.push(batch) });
  const [one, other] = await Promise.all([open(), open()]);
  try {
    for (const team of TEAMS) await one.submit(newTeam(team));
    for (const wave of all) {
      await Promise.all(
        wave.map(({ operation, byTheOther }) => (byTheOther ? other : one).submit(operation)),
      );
    }
    const predicted = replay(batches, TEST_RULES);
    expect([...predicted.keys()].sort()).toEqual(TEAMS);
    for (const [team, rows] of predicted) {
      expect(comparable(await teamRows(database.pool, team))).toEqual(comparable(rows));
    }
    expect((await openReader(database.pool, TEST_RULES).verify()).violations).toEqual([]);
  } finally {
    await Promise.all([one.close(), other.close()]);
    await database.drop();
  }
}

describe('random operations on remembered books', () => {
  it('leave the rows that the core predicts, also when another process interferes now and then', async () => {
    await fc.assert(fc.asyncProperty(waves, drive), { numRuns: 20, endOnFailure: true });
  });
});
