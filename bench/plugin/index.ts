import { cpus } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type AgentActivities, type Message } from '../../examples/agent-loop/activities';
import { type CatalogActivities } from '../../examples/catalog-loop/activities';
import { type OrderActivities } from '../../examples/order-saga/activities';
import { reportUsage, type Usage } from '../../src/activity';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { loadPricing } from '../../src/pricing';
import { countsOf } from '../flow/measure';

/** One workflow's history: how much of it there is, and what Temporal Cloud would bill. */
export interface PluginFigures {
  readonly workflow: string;
  readonly how: string;
  readonly historyEvents: number;
  readonly actions: number;
}

export interface PluginBench {
  readonly machine: { readonly cpus: number; readonly node: string };
  readonly figures: readonly PluginFigures[];
}

const TEAM = 'bench';
const PAGES = 10;

const orders: OrderActivities = {
  reserveStock: () => Promise.resolve(),
  chargeCard: () => Promise.resolve(),
  ship: () => Promise.resolve('shipped'),
  refundCard: () => Promise.resolve(),
  releaseStock: () => Promise.resolve(),
};
/** Says what it used, as an activity beside the ledger does, and in its result, as one elsewhere does. */
function using<T extends object>(used: Usage, result: T): Promise<T> {
  reportUsage(used);
  return Promise.resolve({ ...result, used });
}

const catalogs: CatalogActivities = {
  fetchPage: (_catalog, cursor) =>
    using({ units: 1 }, { items: 1, next: cursor + 1 < PAGES ? cursor + 1 : null }),
};
const agents: AgentActivities = {
  callModel: (messages) => using({ modelCalls: [{ model: 'small', calls: 1 }] }, answerTo(messages)),
  callTool: () => Promise.resolve('rain'),
};

/** Two turns with a tool, then the answer. */
function answerTo(messages: readonly Message[]): Message {
  if (messages.length > 4) return { role: 'assistant', content: 'rain' };
  const call = { id: 'one', function: { name: 'weather', arguments: '{}' } };
  return { role: 'assistant', content: null, tool_calls: [call] };
}

const EXAMPLES = [
  { name: 'order-saga', type: 'orderSaga', activities: orders, args: { orderId: 'o' } },
  { name: 'catalog-loop', type: 'mirrorCatalog', activities: catalogs, args: { catalogId: 'c' } },
  { name: 'agent-loop', type: 'answerQuestion', activities: agents, args: { question: 'q' } },
] as const;

const WAYS: Readonly<Record<string, Partial<FlowCreditsPluginOptions> | null>> = {
  'without the plugin': null,
  'of no team': { team: { memo: 'nobody names it' } },
  metered: {},
  'metered around': {
    around: {
      activities: ['reserveStock', 'chargeCard', 'ship', 'callModel', 'callTool', 'fetchPage'],
      usage: 'used',
    },
  },
};

/** The examples' workflows with activities that do nothing: what metering adds to a history and to a bill. */
export async function pluginBench(progress: (line: string) => void): Promise<PluginBench> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const stack = await startStack({ headless: true, schedules: false, onProgress: progress });
  const settings = temporalSettings(stack.env);
  const { connection, namespace } = await connectionFromEnv(settings);
  const native = await NativeConnection.connect(settings.connection);
  const client = new Client({ connection, namespace });
  const keeper = await startStackWorker(stack);
  const figures: PluginFigures[] = [];
  try {
    await new FlowCreditsClient({ client }).upsertTeam(TEAM, {
      plan: 'enterprise',
      anchor: '2026-01-01T00:00',
    });
    for (const { name, type, activities, args } of EXAMPLES) {
      const folder = join(__dirname, '../../examples', name);
      const pricing = loadPricing({ cardFiles: [join(folder, 'rate-card.json')] });
      const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing });
      const reader = openReader(stack.databaseUrl, pricing);
      for (const [how, options] of Object.entries(WAYS)) {
        const all = { ledger, reader, pricing, team: 'args[0].teamId', ...options };
        const taskQueue = `${name} ${how}`;
        const worker = await Worker.create({
          connection: native,
          namespace,
          taskQueue,
          workflowsPath: require.resolve(join(folder, 'workflows')),
          activities,
          plugins: options === null ? [] : [new FlowCreditsPlugin(all)],
        });
        await worker.runUntil(async () => {
          const asked = [{ teamId: TEAM, ...args }];
          const handle = await client.workflow.start(type, { taskQueue, workflowId: taskQueue, args: asked });
          await handle.result();
          figures.push({ workflow: name, how, ...(await countsOf(client, handle)) });
        });
        progress(`${name}, ${how}`);
      }
      await reader.close();
      await ledger.close();
    }
  } finally {
    await keeper.stop();
    await connection.close();
    await native.close();
    await stack.stop();
  }
  return { machine: { cpus: cpus().length, node: process.version }, figures };
}
