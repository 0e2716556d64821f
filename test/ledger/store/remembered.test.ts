import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { moveClock, type CommittedBatch, type Ledger } from '../../../src/ledger';
import { Connection } from '../../../src/ledger/store/connection';
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

  it('holds every charge of a run that began with it, but for those that another process made', async () => {
    const fresh = await openTestLedger(database.url);
    const team = uniqueName('team');
    await fresh.submit(newTeam(team));
    await fresh.submit(admitting(team, 'run'));
    await fresh.submit(committing(team, 'run', 'ours', 1));
    expect(await there.submit(committing(team, 'run', 'theirs', 1))).toMatchObject({ repeated: false });
    expect(await fresh.submit(reserving(team, 'run', 'theirs'))).toMatchObject({ status: 'charged' });
    expect(await fresh.submit(committing(team, 'run', 'theirs', 7))).toMatchObject({
      amount: 1_000n,
      repeated: true,
    });
    expect(await fresh.submit(committing(team, 'run', 'ours', 7))).toMatchObject({
      amount: 1_000n,
      repeated: true,
    });
    expect((await teamRows(database.pool, team)).charges.size).toBe(2);
  });

  it('spares the look for charges of such a run', async () => {
    const fresh = await openTestLedger(database.url);
    const team = uniqueName('team');
    await fresh.submit(newTeam(team));
    await fresh.submit(admitting(team, 'run'));
    const queries = jest.spyOn(Connection.prototype, 'query');
    try {
      for (const key of ['a', 'b']) {
        await fresh.submit(reserving(team, 'run', key));
        await fresh.submit(committing(team, 'run', key));
      }
      await fresh.submit(committing(team, 'run', 'c'));
      const looks = queries.mock.calls.filter(([{ name }]) => name === 'time_and_charges');
      expect(looks.length).toBeGreaterThan(0);
      expect(looks.filter(([, [teams]]) => teams !== '{}')).toEqual([]);
    } finally {
      queries.mockRestore();
    }
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

describe('the time that a ledger remembers', () => {
  const HOUR = 3_600_000;
  let fresh: Ledger;
  let times: number[];

  beforeEach(async () => {
    times = [];
    fresh = await openTestLedger(database.url, { onBatch: ({ now }) => times.push(now) });
  });

  /** Callers that reserve and commit without a pause, until told to stop. */
  async function traffic(team: string, until: () => boolean): Promise<void> {
    const caller = async (): Promise<void> => {
      do {
        const key = uniqueName('key');
        await fresh.submit(reserving(team, 'run', key, 0));
        await fresh.submit(committing(team, 'run', key, 0));
      } while (!until());
    };
    await Promise.all(Array.from({ length: 40 }, caller));
  }

  it('is not that of before: who waits for all answers and moves the clock finds it moved', async () => {
    const team = uniqueName('team');
    await fresh.submit(newTeam(team));
    await fresh.submit(admitting(team, 'run'));
    for (let round = 0; round < 5; round += 1) {
      await traffic(team, () => true);
      const latest = Math.max(...times);
      times = [];
      await moveClock(database.pool, HOUR);
      await traffic(team, () => true);
      expect(times.length).toBeGreaterThan(1);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(latest + HOUR);
    }
  });

  it('is read again soon where operations never end', async () => {
    const team = uniqueName('team');
    await fresh.submit(newTeam(team));
    await fresh.submit(admitting(team, 'run'));
    let stop = false;
    const running = traffic(team, () => stop);
    const before = (await teamRows(database.pool, team)).team.lastTime;
    await moveClock(database.pool, HOUR);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await fresh.submit(committing(team, 'run', 'after', 0));
    stop = true;
    await running;
    const { entries } = await teamRows(database.pool, team);
    expect(entries.find(({ key }) => key === 'after')?.at).toBeGreaterThanOrEqual(before + HOUR);
  });
});
