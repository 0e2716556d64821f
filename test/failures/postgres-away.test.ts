import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually';
import { PATIENT, TEST_TIMEOUT_MS, expectRequestedOnce, expectSettled } from './expectations';
import { startOwnPlatform, type OwnPlatform } from './own-servers';

const BLOCKS = ['a', 'b', 'c'];
const RUNS = 30;
const PLAN = { plan: 'enterprise', anchor: '2026-01-01T00:00' };

let own: OwnPlatform;
beforeAll(async () => {
  own = await startOwnPlatform();
  await own.platform.startWorker();
});
afterAll(() => own.stop());

describe('Postgres away while flows run', () => {
  it.each([
    ['killed by SIGKILL', 'kill'],
    ['stopped cleanly', 'halt'],
  ] as const)(
    '%s: runs in flight go on, new ones wait, nothing runs or is charged twice',
    async (_, end) => {
      const { platform, postgres } = own;
      const { gate, client } = platform;
      gate.shut();
      gate.forget();
      const team = `team-${end}`;
      await client.upsertTeam(team, PLAN);
      const runs = await platform.start(team, RUNS, BLOCKS);
      await eventually(() => gate.of('a').length === RUNS, PATIENT);

      await postgres[end]();
      // Every `a` ends without a ledger to charge it, every `b` begins without one to reserve.
      gate.answer(() => true);
      await eventually(() => gate.of('b').length === RUNS, PATIENT);
      const late = await platform.start(team, 3, BLOCKS, `${team}-late`);

      await postgres.start();
      // Admitted only now; in flight beside the others, whose charges are caught up with.
      await eventually(() => gate.of('a').length === RUNS + late.length, PATIENT);
      gate.open();
      await expectSettled(platform, team, [...runs, ...late], BLOCKS);
      expectRequestedOnce(platform, [...runs, ...late], BLOCKS);
      expect(await platform.reader.team(team)).toMatchObject({
        balances: { included: { available: 500_000n - 99_000n } },
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'killed again and again between commits: what was cut short is neither lost nor done twice',
    async () => {
      const { platform, postgres } = own;
      const { gate } = platform;
      gate.forget();
      gate.open();
      const team = 'team-storm';
      await platform.client.upsertTeam(team, PLAN);
      const runs = await platform.start(team, RUNS, BLOCKS);
      for (const calls of [20, 50]) {
        await eventually(() => gate.calls.length >= calls, { ...PATIENT, everyMs: 1 });
        await postgres.kill();
        await postgres.start();
      }
      await expectSettled(platform, team, runs, BLOCKS);
      expectRequestedOnce(platform, runs, BLOCKS);
    },
    TEST_TIMEOUT_MS,
  );
});
