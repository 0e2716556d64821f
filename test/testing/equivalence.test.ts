import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { moveClock, openLedger, type CommittedBatch } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { TestLedger } from '../../src/testing';
import { arbitrarySteps, type Step } from '../ledger/core/arbitrary-operations';
import { TEST_RULES } from '../ledger/core/rules';
import { comparable } from '../ledger/store/replay';
import { teamRows } from '../ledger/store/team-rows';
import { testDatabase } from '../support';

/** Each operation to Postgres, then to memory at the very time at which Postgres carried it out. */
async function sideBySide(steps: readonly Step[]): Promise<void> {
  const database = await testDatabase();
  const batches: CommittedBatch[] = [];
  const options = { databaseUrl: database.url, rules: TEST_RULES };
  const real = await openLedger({ ...options, onBatch: (batch) => batches.push(batch) });
  const inMemory = new TestLedger(TEST_RULES, 0);
  const reader = openReader(database.pool, TEST_RULES);
  try {
    const woken = { real: new Set<string>(), memory: new Set<string>() };
    real.onWake((teams) => {
      teams.forEach((team) => woken.real.add(team));
    });
    inMemory.onWake((teams) => {
      teams.forEach((team) => woken.memory.add(team));
    });
    for (const { operation, waitMs } of steps) {
      if (waitMs > 0) await moveClock(database.pool, waitMs);
      const answer = await real.submit(operation).catch(String);
      const { now } = batches.at(-1) ?? { now: 0 };
      inMemory.time = now;
      expect(await inMemory.submit(operation).catch(String)).toEqual(answer);
    }
    // Memory tells of news until somebody acts; Postgres at least once.
    expect([...woken.memory].sort()).toEqual(expect.arrayContaining([...woken.real].sort()));
    const page = { after: null, limit: 1_000 };
    const teams = await reader.teams(page);
    expect(teams.length).toBeGreaterThan(0);
    for (const team of teams) {
      const rows = await teamRows(database.pool, team);
      expect(comparable(inMemory.rows(team))).toEqual(comparable(rows));
      expect((await inMemory.reader.untold(team, 100)).map(({ runId }) => runId)).toEqual(
        (await reader.untold(team, 100)).map(({ runId }) => runId),
      );
    }
    expect(await inMemory.reader.teamsToWake(page)).toEqual(await reader.teamsToWake(page));
    const open = { ...page, olderThanMs: 0 };
    expect((await inMemory.reader.openRuns(open)).map(({ runId }) => runId)).toEqual(
      (await reader.openRuns(open)).map(({ runId }) => runId),
    );
  } finally {
    await real.close();
    await database.drop();
  }
}

describe('the ledger in memory and the one in Postgres', () => {
  it('give the same answers and have the same rows after any history', async () => {
    await fc.assert(fc.asyncProperty(arbitrarySteps({ teams: 3, phrases: 40 }), sideBySide), {
      numRuns: 10,
      endOnFailure: true,
    });
  });
});
