import { NativeConnection, Runtime } from '@temporalio/worker';
import { eventSettingsFrom } from '../activities';
import { blockSettingsFrom } from '../activities/blocks';
import { temporalSettings } from '../client/connection';
import { loadOwn, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';
import { openLedger, type Ledger } from '../ledger';
import { migrate } from '../ledger/migrations';
import { openReader, type LedgerReader } from '../ledger/read';
import { tracingFrom } from '../ops/tracing';
import { type WorkerOps } from '../ops/worker-ops';
import { loadPricing, pricingFilesFrom, type Pricing } from '../pricing';
import { createFlowCreditsWorker } from './create-worker';
import { runtimeLogs } from './logs';
import { untilThere } from './starting';

/**
 * A whole worker process by its environment: `DATABASE_URL`, the variables of Temporal's own CLI, `FLOW_CREDITS_RATE_CARDS`,
 * `FLOW_CREDITS_PLANS`, those of `blockSettingsFrom`, `FLOW_CREDITS_BLOCKS`, `FLOW_CREDITS_LOG_LEVEL`, `FLOW_CREDITS_LOG_FORMAT`, `FLOW_CREDITS_OPS_PORT`, `FLOW_CREDITS_TASK_QUEUE`, and for events
 * `FLOW_CREDITS_WEBHOOK_URL`, `…_SECRET`, `…_EVENTS`, `…_ATTEMPTS` and `FLOW_CREDITS_EVENTS_KEEP_DAYS`, for traces those of OpenTelemetry. Migrates the database where that is
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
  const opsPort = portOf(env['FLOW_CREDITS_OPS_PORT']);
  Runtime.install(runtimeLogs(env));

  const opened: (() => Promise<void>)[] = [];
  try {
    const reader = openReader(databaseUrl, pricing);
    opened.push(() => reader.close());
    // There before anything was reached: it tells what is being waited for.
    const ops = opsPort === null ? null : await opsOn(opsPort, reader, settings.namespace);
    if (ops !== null) opened.push(() => ops.close());
    const tracing = await tracingFrom(env, 'flow-credits-worker');
    if (tracing !== null) opened.push(() => tracing.close());
    const ledger = await untilThere('Postgres', () => ledgerOf(databaseUrl, pricing));
    opened.push(() => ledger.close());
    if (tracing !== null) ledger.observe(tracing.ledger);
    const connection = await untilThere(`Temporal at ${settings.address}`, () =>
      NativeConnection.connect(settings.connection),
    );
    opened.push(() => connection.close());
    ops?.connected(connection);
    const { namespace } = settings;
    const options = { connection, namespace, ledger, reader, pricing, registry, blocks, connectors, events };
    const taskQueue = env['FLOW_CREDITS_TASK_QUEUE'];
    const worker = await createFlowCreditsWorker({
      ...options,
      ...(taskQueue ? { taskQueue } : {}),
      ...(ops === null ? {} : { observer: ops.observer }),
      ...(tracing === null ? {} : { worker: { plugins: [tracing.plugin] } }),
    });
    ops?.working(worker.worker);
    await worker.run();
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** Loaded by who wants it: it needs `prom-client`. */
async function opsOn(port: number, reader: LedgerReader, namespace: string): Promise<WorkerOps> {
  const { openWorkerOps } = await import('../ops/worker-ops.js');
  const ops = await openWorkerOps({ port, reader, namespace });
  Runtime.instance().logger.info('health, readiness and metrics are served', { port: ops.port });
  return ops;
}

/** Null where none is named. */
function portOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`FLOW_CREDITS_OPS_PORT "${text}": must be a port, 1 to 65535, or 0 for a free one`);
  return port;
}

async function ledgerOf(databaseUrl: string, pricing: Pricing): Promise<Ledger> {
  await migrate(databaseUrl);
  return openLedger({ databaseUrl, rules: pricing });
}
