import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { PATIENT, TEST_TIMEOUT_MS, expectSettled } from './expectations';
import { Platform } from './platform';

const BLOCKS = ['a', 'b', 'c'];
const RUNS = 100;

let platform: Platform;
beforeAll(async () => {
  const { temporalAddress, namespace } = sharedServers();
  const { url } = await testDatabase();
  platform = await Platform.open(
    { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace, DATABASE_URL: url },
    uniqueName('queue'),
  );
});
afterAll(() => platform.close());

describe('a worker killed by SIGKILL in the middle of a hundred running flows, and started again', () => {
  it(
    'completes every run, charges every block once, and leaves no hold',
    async () => {
      const { gate } = platform;
      const team = uniqueName('team');
      const worker = await platform.startWorker();
      await platform.client.upsertTeam(team, { plan: 'enterprise', anchor: '2026-01-01T00:00' });
      const runs = await platform.start(team, RUNS, BLOCKS);

      // All are in flight. Half of them get on: at the kill some are held in `a`, some are between, some are in `b`.
      await eventually(() => gate.of('a').length === RUNS, PATIENT);
      const half = new Set(runs.slice(0, RUNS / 2).map(({ workflowId }) => workflowId));
      gate.answer(({ run }) => half.has(run));
      await eventually(() => gate.of('b').length >= 10, PATIENT);
      await worker.kill();
      const past = new Set(gate.of('b').map(({ run }) => run));
      expect(past.size).toBeLessThan(RUNS);

      gate.open();
      await platform.startWorker();
      await expectSettled(platform, team, runs, BLOCKS);

      // Temporal had the answer of `a` where `b` had begun: that is not asked for again. What was in flight is, once.
      for (const { workflowId: run } of runs) {
        const times = BLOCKS.map((block) => gate.times(run, block));
        const [a = 0, b = 0, c = 0] = times;
        if (past.has(run)) expect(a).toBe(1);
        if (!half.has(run)) expect(a).toBe(2);
        expect(a).toBeLessThanOrEqual(2);
        expect(b).toBe(past.has(run) ? 2 : 1);
        expect(c).toBe(1);
      }
      expect(await platform.reader.team(team)).toMatchObject({
        balances: { included: { available: 500_000n - 300_000n } },
        payg: { charged: 0n },
      });
    },
    TEST_TIMEOUT_MS,
  );
});
