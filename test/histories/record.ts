/**
 * Records the histories that `replay.test.ts` replays, on an embedded stack: `npx tsx test/histories/record.ts`, all of
 * them, or those that are named.
 */
import { join } from 'node:path';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { FlowCreditsClient, type StartedRun } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { retryEvents } from '../../src/client/events';
import { deliverEventsId, TASK_QUEUE, teamBillingId, WORKFLOWS } from '../../src/contracts/names';
import { startStack } from '../../src/dev/stack';
import { quietRuntime, startStackWorker } from '../../src/dev/worker';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { loadPricing } from '../../src/pricing';
import { aiProvidersSchema, mcpServersSchema } from '../../src/activities/blocks';
import { startModelServer, type ModelServer } from '../activities/blocks/ai/model-server';
import { everythingByStdio } from '../activities/blocks/ai/tool-servers';
import { startHttpGate } from '../failures/http-gate';
import { orderActivities } from '../plugin/activities';
import { SECRET, startWebhookServer } from '../workflows/webhook-server';
import { BLOCK_HISTORIES, recordBlocks } from './record-blocks';
import { type Keep } from './on-stack';
import { recordLarge } from './record-large';
import { recordLoops } from './record-loops';
import { recordPlugin } from './record-plugin';
import { writeHistory } from './write';

const actor = 'recorder';

const wanted = process.argv.slice(2);

const keep: Keep = (name, history) => {
  if (wanted.length === 0 || wanted.includes(name)) writeHistory(name, history);
};

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  await handle.result().catch(() => undefined);
  keep(name, await handle.fetchHistory());
}

/** Branches, logic side by side, a timer, HTTP, and a block whose failure is caught. */
function manyBlocks(url: string): FlowInput {
  return {
    name: 'many blocks',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'one', type: 'evaluate', config: { expression: '1' } },
      { id: 'two', type: 'evaluate', config: { expression: '2' } },
      { id: 'wait', type: 'delay', config: { seconds: 0.1 } },
      { id: 'fetch', type: 'http-request', config: { url: `${url}/r/fetch` } },
      { id: 'post', type: 'http-request', config: { url: `${url}/r/post` } },
      { id: 'broken', type: 'http-request', config: { url: 'http://127.0.0.1:1/', attempts: 1 } },
      { id: 'either', type: 'or' },
      { id: 'out', type: 'output' },
    ],
    connections: [
      ...['one', 'two', 'wait', 'broken'].map((to) => ({ from: 'start', to })),
      { from: 'one', to: 'fetch' },
      { from: 'two', to: 'post' },
      { from: 'broken', port: 'error', to: 'either' },
      { from: 'wait', to: 'either' },
      { from: 'either', to: 'out' },
    ],
  };
}

function calls(url: string, count: number): FlowInput {
  const ids = ['start', ...Array.from({ length: count }, (_, index) => `call${String(index)}`), 'out'];
  return {
    name: 'calls',
    blocks: ids.map((id) => {
      if (id === 'start') return { id, type: 'start' };
      return id === 'out'
        ? { id, type: 'output' }
        : { id, type: 'http-request', config: { url: `${url}/r/${id}` } };
    }),
    connections: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to })),
  };
}

/** An agent that calls two tools side by side, beside logic. */
function agentBesideLogic(prompt: string): FlowInput {
  const tools = [{ kind: 'mcp', server: 'everything', tools: ['echo', 'get-sum'] }];
  return {
    name: 'an agent',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'agent', type: 'ai-agent', config: { provider: 'local', model: 'gpt-4o-mini', prompt, tools } },
      { id: 'one', type: 'evaluate', config: { expression: '1' } },
      { id: 'two', type: 'evaluate', config: { expression: '2' } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      ...['agent', 'one', 'two'].map((to) => ({ from: 'start', to })),
      { from: 'agent', to: 'out' },
    ],
  };
}

async function recordAgents(
  model: ModelServer,
  client: FlowCreditsClient,
  start: (flow: FlowInput) => Promise<StartedRun>,
  handleOf: (run: StartedRun) => WorkflowHandle,
): Promise<void> {
  const asks = { calls: [['everything__echo', { message: 'x' }], ['everything__get-sum', { a: 1, b: 2 }]] } as const;
  model.script('answers', [asks, { text: 'done' }]);
  model.script('hangs', [asks, { text: 'never' }]);
  await record('run-agent', handleOf(await start(agentBesideLogic('answers'))));
  model.hold('hangs', 1);
  const cancelled = await start(agentBesideLogic('hangs'));
  while (model.times('hangs', 1) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await client.cancelRun(cancelled.workflowId);
  await record('run-agent-cancelled', handleOf(cancelled));
}

async function main(): Promise<void> {
  quietRuntime('ERROR');
  const ofLoops = (name: string): boolean => name.startsWith('run-loops');
  const ofLarge = (name: string): boolean => name.startsWith('run-large');
  const ofBlocks = (name: string): boolean => BLOCK_HISTORIES.includes(name);
  const ofPlugin = (name: string): boolean => name.startsWith('plugin-');
  const isWanted = (group: (name: string) => boolean): boolean => wanted.length === 0 || wanted.some(group);
  if (isWanted(ofLoops)) await recordLoops(keep);
  if (isWanted(ofLarge)) await recordLarge(keep);
  if (isWanted(ofBlocks)) await recordBlocks(record);
  if (isWanted(ofPlugin)) await recordPlugin(record);
  if (isWanted((name) => !ofLoops(name) && !ofLarge(name) && !ofBlocks(name) && !ofPlugin(name))) await recordAllOthers();
}

async function recordAllOthers(): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const gate = await startHttpGate();
  const model = await startModelServer();
  gate.open();
  const hooks = await startWebhookServer();
  hooks.answer(({ body }, earlier) => ({ status: body.seq === 1 && earlier === 0 ? 500 : 204 }));
  try {
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    const handleOf = ({ workflowId }: Pick<StartedRun, 'workflowId'>): WorkflowHandle =>
      temporal.workflow.getHandle(workflowId);
    const events = { FLOW_CREDITS_WEBHOOK_URL: hooks.url, FLOW_CREDITS_WEBHOOK_SECRET: SECRET };
    const worker = await startStackWorker(
      { ...stack, env: { ...stack.env, ...events } },
      {
        registry: {
          providers: aiProvidersSchema.parse({ local: { baseUrl: model.url } }),
          mcpServers: mcpServersSchema.parse({ everything: everythingByStdio() }),
        },
      },
    );

    await client.upsertTeam('acme', { plan: 'solo', anchor: '2026-11-01T00:00:00' });
    const start = (flow: FlowInput, more: object = {}): Promise<StartedRun> =>
      client.startRun({ team: 'acme', flow, trigger: 'api', wait: 'admission', ...more });

    await record('run-many-blocks', handleOf(await start(manyBlocks(gate.url))));
    await record('run-unmetered', handleOf(await start(calls(gate.url, 2), { mode: 'off' })));
    await record('run-limit', handleOf(await start(calls(gate.url, 3), { creditLimit: '2000' })));
    await record('run-invalid', handleOf(await start({ name: 'bad', blocks: [{ id: 'x', type: 'nope' }] })));

    await recordAgents(model, client, start, handleOf);

    gate.shut();
    const cancelled = await start(calls(gate.url, 2));
    while (gate.of('call0').length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await client.cancelRun(cancelled.workflowId);
    await record('run-cancelled', handleOf(cancelled));
    gate.open();

    const spend = await client.setPayAsYouGo('acme', { actor, enabled: false });
    if (spend.status !== 'done') throw new Error(spend.message);
    const reader = openReader(stack.databaseUrl, loadPricing());
    const left = (await reader.team('acme'))?.spendable ?? 0n;
    await client.adjustCredits('acme', { actor, credits: `-${String(left / 1000n)}`, reason: 'empty' });
    const [released, discarded, late] = await Promise.all([
      start(calls(gate.url, 2)),
      start(calls(gate.url, 1)),
      start(calls(gate.url, 1), { longestWaitSeconds: 1 }),
    ]);
    await client.discardRun(discarded, actor, 'recorded');
    await record('run-discarded', handleOf(discarded));
    await record('run-wait-timed-out', handleOf(late));
    await temporal.workflow.getHandle(teamBillingId('acme')).result();
    await client.setPayAsYouGo('acme', { actor, enabled: true, capUsd: '5.00' });
    await client.setPayAsYouGo('acme', { actor, enabled: false });
    await record('run-released', handleOf(released));
    await record('team-billing', temporal.workflow.getHandle(teamBillingId('acme')));

    for (const type of [WORKFLOWS.monthlyReset, WORKFLOWS.reconcile]) {
      const handle = await temporal.workflow.start(type, {
        taskQueue: TASK_QUEUE,
        workflowId: `record-${type}`,
        args: [{}],
      });
      // `reconcile.json` is from before there was an outbox.
      await record(type === WORKFLOWS.reconcile ? 'reconcile-with-events' : type, handle);
    }
    await retryEvents(temporal, {});
    await record('deliverEvents', temporal.workflow.getHandle(deliverEventsId()));
    await worker.stop();
    await recordOrders(stack.databaseUrl, temporal, temporalSettings(stack.env));
    await reader.close();
    await connection.close();
  } finally {
    await hooks.close();
    await gate.close();
    await model.close();
    await stack.stop();
  }
}

async function recordOrders(
  databaseUrl: string,
  temporal: Client,
  settings: ReturnType<typeof temporalSettings>,
): Promise<void> {
  const pricing = loadPricing({ cardFiles: [join(__dirname, '../plugin/card.json')] });
  const ledger = await openLedger({ databaseUrl, rules: pricing });
  const reader = openReader(databaseUrl, pricing);
  const connection = await NativeConnection.connect(settings.connection);
  // Observed, so that the team's empty purse holds it back by nothing.
  const plugin = new FlowCreditsPlugin({ ledger, reader, pricing, team: { argument: '0.team' }, mode: 'observe' });
  for (const [name, plugins] of [
    ['order-before-plugin', []],
    ['order-with-plugin', [plugin]],
  ] as const) {
    const worker = await Worker.create({
      connection,
      namespace: settings.namespace,
      taskQueue: 'orders',
      workflowsPath: require.resolve('../plugin/workflows'),
      activities: orderActivities(),
      plugins: [...plugins],
    });
    await worker.runUntil(async () => {
      const order = { team: 'acme', id: name };
      const handle = await temporal.workflow.start('handleOrder', {
        taskQueue: 'orders',
        workflowId: name,
        args: [order],
      });
      await record(name, handle);
    });
  }
  await connection.close();
  await reader.close();
  await ledger.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
