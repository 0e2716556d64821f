import { beforeAll, describe, expect, it } from '@jest/globals';
import { type CommittedBatch, type Ledger } from '../../../src/ledger';
import { testDatabase, uniqueName, type TestDatabase } from '../../support';
import { admitting, committing, newTeam, openTestLedger, reserving } from './scene';
import { teamRows } from './team-rows';

let database: TestDatabase;
let here: Ledger;
let there: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  here = await openTestLedger(database.url);
  there = await openTestLedger(database.url);
});

describe('what a ledger remembers of a team', () => {
  it('is given up when another process changed the team', async () => {
    const team = uniqueName('team');
    await here.submit(newTeam(team));
    await here.submit(admitting(team, 'run'));
    await here.submit(reserving(team, 'run', 'a'));
    // Remembered here: an open run with a reservation. It ends there.
    expect(await there.submit(committing(team, 'run', 'a', 1))).toMatchObject({ status: 'charged' });
    await there.submit({ kind: 'close', team, runId: 'run', reason: 'completed' });

    expect(await here.submit(committing(team, 'run', 'a', 5))).toMatchObject({
      status: 'charged',
      amount: 1_000n,
    });
    expect(await here.submit(committing(team, 'run', 'b', 2))).toMatchObject({
      status: 'charged',
      late: true,
    });
    const { charges } = await teamRows(database.pool, team);
    expect([...charges.values()].map(({ amount }) => amount)).toEqual([1_000n, 2_000n]);
  });

  it('goes along with batches under way: the second of two finds what the first wrote', async () => {
    const team = uniqueName('team');
    // One that has met nobody else: after a conflict batches are carried out one by one for a while.
    const batches: CommittedBatch[] = [];
    const alone = await openTestLedger(database.url, { onBatch: (batch) => batches.push(batch) });
    await alone.submit(newTeam(team));
    await alone.submit(admitting(team, 'run'));
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const before = batches.length;
    // More than one batch at once: the same keys stand in both, with another amount in the second.
    const first = keys.map((key) => alone.submit(committing(team, 'run', key, 1)));
    const second = keys.map((key) => alone.submit(committing(team, 'run', key, 2)));
    const amounts = (await Promise.all([...first, ...second])).map((answer) =>
      answer.status === 'charged' ? answer.amount : answer.status,
    );
    expect(amounts).toEqual([...keys, ...keys].map(() => 1_000n));
    expect(batches.length - before).toBeGreaterThan(1);
    expect((await teamRows(database.pool, team)).charges.size).toBe(keys.length);
  });

  it('is not spoiled by a neighbour that cannot be carried out', async () => {
    const team = uniqueName('team');
    await here.submit(newTeam(team));
    await here.submit(admitting(team, 'run'));
    const bad = here.submit(committing(team, 'run', 'no \u0000 in Postgres', 1));
    const good = Array.from({ length: 40 }, (_, index) =>
      here.submit(committing(team, 'run', `k${index}`, 1)),
    );
    await expect(bad).rejects.toThrow();
    expect((await Promise.all(good)).map(({ status }) => status)).toEqual(good.map(() => 'charged'));
    expect((await teamRows(database.pool, team)).charges.size).toBe(40);
  });
});
