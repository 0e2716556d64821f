import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FlowInput } from '../../src/contracts/flow';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { PATIENT, TEST_TIMEOUT_MS, expectAtRest } from './expectations';
import { Platform } from './platform';

const ITERATIONS = 300;

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

/** Each iteration: a request and a logic block. */
function loop(url: string): FlowInput {
  const body = {
    blocks: [
      { id: 'get', type: 'http-request', config: { url: `${url}/get` } },
      { id: 'note', type: 'evaluate', config: { expression: 'input.status' } },
    ],
    connections: [{ from: 'get', to: 'note' }],
  };
  return {
    name: 'loop',
    blocks: [{ id: 'each', type: 'repeat', config: { times: ITERATIONS, concurrency: 5, body } }],
  };
}

describe('a worker killed by SIGKILL twice in the middle of a loop that continues as new', () => {
  it(
    'goes on with the next one, and charges every block of every iteration once',
    async () => {
      const { gate, client, reader } = platform;
      gate.open();
      const team = uniqueName('team');
      let worker = await platform.startWorker();
      await client.upsertTeam(team, {
        plan: 'enterprise',
        anchor: '2026-01-01T00:00',
        openingCredits: '600',
      });
      const workflowId = uniqueName('run');
      const run = await client.startRun({
        workflowId,
        team,
        trigger: 'api',
        flow: loop(`${gate.url}/${workflowId}`),
        blocksPerExecution: 100,
      });
      const charges = async (): Promise<number> => (await reader.charges(team, run.runId)).length;
      for (const many of [60, 300]) {
        await eventually(async () => (await charges()) >= many, PATIENT);
        await worker.kill();
        expect(await charges()).toBeLessThan(2 * ITERATIONS);
        worker = await platform.startWorker();
      }
      await expect(run.result()).resolves.toMatchObject({
        runId: run.runId,
        charged: String(2 * ITERATIONS * 1000),
      });
      const keys = (await reader.charges(team, run.runId)).map(({ key }) => key).sort();
      const all = Array.from({ length: ITERATIONS }, (_, n) => [`each[${n}]/get`, `each[${n}]/note`]);
      expect(keys).toEqual(all.flat().sort());
      await expectAtRest(platform, team, 1);
    },
    TEST_TIMEOUT_MS,
  );
});
