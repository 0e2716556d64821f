import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StartedRun } from '../../src/client';
import { startModelServer, type ModelServer } from '../activities/blocks/ai/model-server';
import { startToolServer, type ToolServer } from '../activities/blocks/ai/tool-servers';
import { eventually } from '../support/eventually';
import { PATIENT, TEST_TIMEOUT_MS, expectAtRest } from './expectations';
import { startOwnPlatform, type OwnPlatform } from './own-servers';
import { startRunnerProcess, type WorkerProcess } from './worker';

const PLAN = { plan: 'enterprise', anchor: '2026-01-01T00:00' };

let own: OwnPlatform;
let model: ModelServer;
let tools: ToolServer;
const runners: WorkerProcess[] = [];

beforeAll(async () => {
  [own, model, tools] = await Promise.all([startOwnPlatform(), startModelServer(), startToolServer()]);
  // The platform's own worker has none of it: neither provider nor secret, and it may not call this machine.
  await own.platform.startWorker();
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.kill()));
  await own.stop();
  await model.close();
  await tools.close();
});

/** A team's runner as its customer starts it: with Temporal, and without a database. */
async function startRunner(team: string): Promise<WorkerProcess> {
  const runner = await startRunnerProcess(
    {
      TEMPORAL_ADDRESS: own.temporal.address,
      TEMPORAL_NAMESPACE: own.temporal.namespace,
      DATABASE_URL: undefined,
      FLOW_CREDITS_HTTP_ALLOW: '127.0.0.1',
      FLOW_CREDITS_AI_PROVIDERS: JSON.stringify({ theirs: { baseUrl: model.url, apiKey: '{{secret:KEY}}' } }),
      FLOW_CREDITS_MCP_SERVERS: JSON.stringify({ web: { url: tools.url } }),
      FLOW_CREDITS_SECRET_KEY: 'sk-of-the-customer',
    },
    team,
  );
  runners.push(runner);
  return runner;
}

const SCRIPT = [
  { calls: [['web__echo', { message: 'one' }]] },
  { calls: [['web__get-sum', { a: 1, b: 2 }]] },
  { text: 'done' },
] as const;

/** An agent, and an ordinary block after it. */
async function start(team: string): Promise<StartedRun> {
  const { client, gate } = own.platform;
  model.script(team, SCRIPT);
  await client.upsertTeam(team, PLAN);
  const config = {
    provider: 'theirs',
    model: 'gpt-4o',
    prompt: team,
    tools: [{ kind: 'mcp', server: 'web' }],
  };
  const url = `${gate.url}/${team}/after`;
  return client.startRun({
    team,
    trigger: 'api',
    location: 'private-runner',
    flow: {
      name: team,
      blocks: [
        { id: 'agent', type: 'ai-agent', config },
        { id: 'after', type: 'http-request', config: { url, timeoutSeconds: 300 } },
      ],
      connections: [{ from: 'agent', to: 'after' }],
    },
  });
}

async function expectChargedOnce(team: string, run: StartedRun): Promise<void> {
  const { reader } = own.platform;
  await expect(run.result()).resolves.toMatchObject({ charged: '50000' });
  const charges = await reader.charges(team, run.runId);
  const lines = charges.flatMap(({ key, detail, late }) =>
    (detail?.lines ?? []).map(({ what, millicredits }) => `${key} ${what} ${millicredits} ${String(late)}`),
  );
  expect(lines.sort()).toEqual([
    'after HTTP Request 1000 false',
    'agent MCP tool echo on web 2000 false',
    'agent MCP tool get-sum on web 2000 false',
    'agent gpt-4o model call 45000 false',
  ]);
  await expectAtRest(own.platform, team, 1);
}

describe('a private runner killed by SIGKILL', () => {
  it(
    'amid a model call, and another amid an ordinary block: a third goes on, and nothing is charged twice',
    async () => {
      const team = 'killed';
      const { gate } = own.platform;
      gate.shut();
      model.hold(team, 1);
      const first = await startRunner(team);
      const run = await start(team);
      await eventually(() => model.times(team, 1) === 1, PATIENT);
      await first.kill();
      model.release();

      const second = await startRunner(team);
      await eventually(() => gate.times(team, 'after') === 1, PATIENT);
      await second.kill();
      gate.open();

      await startRunner(team);
      await expectChargedOnce(team, run);
      // What was answered is not asked for again; what was in flight is, once.
      expect([0, 1, 2].map((step) => model.times(team, step))).toEqual([1, 2, 1]);
      expect(tools.calls).toEqual(['echo', 'get-sum']);
      expect(gate.times(team, 'after')).toBe(2);
      expect(new Set(model.calls.map(({ authorization }) => authorization))).toEqual(
        new Set(['Bearer sk-of-the-customer']),
      );
    },
    TEST_TIMEOUT_MS,
  );
});

describe('Postgres killed during a private run', () => {
  it(
    'the run goes on without its ledger, and is charged when that is back',
    async () => {
      const team = 'outage';
      const { gate } = own.platform;
      const before = tools.calls.length;
      gate.shut();
      model.hold(team, 1);
      await startRunner(team);
      const run = await start(team);
      await eventually(() => model.times(team, 1) === 1, PATIENT);

      await own.postgres.kill();
      model.release();
      // The agent has ended without a ledger to charge it, and the next block has begun without one to reserve.
      await eventually(() => gate.times(team, 'after') === 1, PATIENT);
      gate.open();
      await own.postgres.start();

      await expectChargedOnce(team, run);
      expect([0, 1, 2].map((step) => model.times(team, step))).toEqual([1, 1, 1]);
      expect(tools.calls.slice(before)).toEqual(['echo', 'get-sum']);
      expect(gate.times(team, 'after')).toBe(1);
    },
    TEST_TIMEOUT_MS,
  );
});
