import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { eventSettingsFrom } from '../activities';
import { blockSettingsFrom } from '../activities/blocks';
import { temporalSettings } from '../client/connection';
import { loadOwn, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';
import { openLedger, type Ledger } from '../ledger';
import { migrate } from '../ledger/migrations';
import { openReader } from '../ledger/read';
import { loadPricing, pricingFilesFrom, type Pricing } from '../pricing';
import { createFlowCreditsWorker } from './create-worker';
import { levelOf, untilThere } from './starting';

/**
 * A whole worker process by its environment: `DATABASE_URL`, the variables of Temporal's own CLI, `FLOW_CREDITS_RATE_CARDS`,
 * `FLOW_CREDITS_PLANS`, those of `blockSettingsFrom`, `FLOW_CREDITS_BLOCKS`, `FLOW_CREDITS_LOG_LEVEL`, `FLOW_CREDITS_TASK_QUEUE`, and for events
 * `FLOW_CREDITS_WEBHOOK_URL`, `…_SECRET`, `…_EVENTS`, `…_ATTEMPTS` and `FLOW_CREDITS_EVENTS_KEEP_DAYS`. Migrates the database where that is
 * needed, runs until SIGINT or SIGTERM, and ends in order. A Postgres or Temporal that is not there yet is waited for.
 */
export async function runWorkerProcess(env: NodeJS.ProcessEnv): Promise<void> {
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: it names the database of the ledger');
  // What is wrong with files is found before anything is waited for.
  const pricing = loadPricing(pricingFilesFrom(env));
  const registry = blockSettingsFrom(env);
  const events = eventSettingsFrom(env);
  const { blocks, connectors } = loadOwn(env[OWN_BLOCKS_VARIABLE]);
  const settings = temporalSettings(env);
  Runtime.install({ logger: new DefaultLogger(levelOf(env['FLOW_CREDITS_LOG_LEVEL'])) });

  const opened: (() => Promise<void>)[] = [];
  try {
    const ledger = await untilThere('Postgres', () => ledgerOf(databaseUrl, pricing));
    opened.push(() => ledger.close());
    const reader = openReader(databaseUrl, pricing);
    opened.push(() => reader.close());
    const connection = await untilThere(`Temporal at ${settings.address}`, () =>
      NativeConnection.connect(settings.connection),
    );
    opened.push(() => connection.close());
    const { namespace } = settings;
    const options = { connection, namespace, ledger, reader, pricing, registry, blocks, connectors, events };
    const taskQueue = env['FLOW_CREDITS_TASK_QUEUE'];
    const worker = await createFlowCreditsWorker({ ...options, ...(taskQueue ? { taskQueue } : {}) });
    await worker.run();
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function ledgerOf(databaseUrl: string, pricing: Pricing): Promise<Ledger> {
  await migrate(databaseUrl);
  return openLedger({ databaseUrl, rules: pricing });
}
