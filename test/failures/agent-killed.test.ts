import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedRun } from '../../src/client';
import { startModelServer, type ModelServer } from '../activities/blocks/ai/model-server';
import { startToolServer, type ToolServer } from '../activities/blocks/ai/tool-servers';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { TEST_TIMEOUT_MS, PATIENT, expectAtRest } from './expectations';
import { Platform } from './platform';

let platform: Platform;
let model: ModelServer;
let tools: ToolServer;
beforeAll(async () => {
  [model, tools] = await Promise.all([startModelServer(), startToolServer()]);
  const { temporalAddress, namespace } = sharedServers();
  const { url } = await testDatabase();
  platform = await Platform.open(
    {
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: namespace,
      DATABASE_URL: url,
      FLOW_CREDITS_AI_PROVIDERS: JSON.stringify({ local: { baseUrl: model.url, apiKey: '{{secret:KEY}}' } }),
      FLOW_CREDITS_MCP_SERVERS: JSON.stringify({ web: { url: tools.url } }),
      FLOW_CREDITS_SECRET_KEY: 'sk-of-the-killed-worker',
    },
    uniqueName('queue'),
  );
});
afterAll(async () => {
  await platform.close();
  await model.close();
  await tools.close();
});

const SCRIPT = [
  { calls: [['web__echo', { message: 'one' }]] },
  { calls: [['web__get-sum', { a: 1, b: 2 }]] },
  { text: 'done' },
] as const;

async function startAgent(name: string): Promise<{ team: string; run: StartedRun }> {
  model.script(name, SCRIPT);
  const team = uniqueName('team');
  await platform.client.upsertTeam(team, { plan: 'enterprise', anchor: '2026-01-01T00:00' });
  const config = {
    provider: 'local',
    model: 'gpt-4o',
    prompt: name,
    tools: [{ kind: 'mcp', server: 'web' }],
  };
  const run = await platform.client.startRun({
    team,
    trigger: 'manual',
    flow: { name, blocks: [{ id: 'agent', type: 'ai-agent', config }] },
  });
  return { team, run };
}

/** One charge, of three model calls and two tools. */
async function expectOneCharge(team: string, run: StartedRun): Promise<void> {
  await expect(run.result()).resolves.toMatchObject({ charged: '49000' });
  const charges = await platform.reader.charges(team, run.runId);
  expect(
    charges.map(({ key, detail }) => [
      key,
      detail?.lines.map(({ what, millicredits }) => [what, millicredits]),
    ]),
  ).toEqual([
    [
      'agent',
      [
        ['gpt-4o model call', '45000'],
        ['MCP tool echo on web', '2000'],
        ['MCP tool get-sum on web', '2000'],
      ],
    ],
  ]);
  await expectAtRest(platform, team, 1);
}

describe('a worker killed by SIGKILL in the middle of an agent', () => {
  it(
    'while its model thinks: nothing that was answered is asked for again, and there is one charge',
    async () => {
      const worker = await platform.startWorker();
      model.hold('thinks', 1);
      const { team, run } = await startAgent('thinks');
      await eventually(() => model.times('thinks', 1) === 1, PATIENT);
      await worker.kill();
      model.release();
      const again = await platform.startWorker();
      await expectOneCharge(team, run);
      // The call in flight is made again; nobody can know whether it was answered.
      expect([0, 1, 2].map((step) => model.times('thinks', step))).toEqual([1, 2, 1]);
      expect(tools.calls).toEqual(['echo', 'get-sum']);
      await again.kill();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'while a tool works: only that tool is called again',
    async () => {
      const before = tools.calls.length;
      const worker = await platform.startWorker();
      tools.hold('get-sum');
      const { team, run } = await startAgent('works');
      await eventually(() => tools.calls.length === before + 2, PATIENT);
      await worker.kill();
      tools.release();
      const again = await platform.startWorker();
      await expectOneCharge(team, run);
      expect([0, 1, 2].map((step) => model.times('works', step))).toEqual([1, 1, 1]);
      expect(tools.calls.slice(before)).toEqual(['echo', 'get-sum', 'get-sum']);
      await again.kill();
    },
    TEST_TIMEOUT_MS,
  );
});
