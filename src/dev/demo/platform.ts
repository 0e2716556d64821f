import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Pool } from 'pg';
import { loadAiProviders, loadConnectorServices, loadMcpServers, LOOPBACK } from '../../activities/blocks';
import { FlowCreditsClient } from '../../client';
import { connectionFromEnv, temporalSettings } from '../../client/connection';
import { TASK_QUEUE } from '../../contracts/names';
import { toIso, type Instant } from '../../contracts/time';
import { moveClock } from '../../ledger';
import { openReader, type LedgerReader } from '../../ledger/read';
import { workflowsPath } from '../../plugin/bundle';
import { loadPricing, pricingFilesFrom, type Pricing } from '../../pricing';
import { cachedBundle } from '../bundle';
import { type FlowCreditsMetrics } from '../../ops/metrics';
import { stackMetrics } from '../metrics';
import { startStack, type Stack } from '../stack';
import { startStackWorker } from '../worker';
import { type Closing } from './closing';
import { databaseOfOurOwn } from './database';
import { DemoFailed } from './facts';
import { exampleMcpServers, exampleProviders, exampleServices } from './flows';
import { startDemoModel, type DemoModel } from './model-server';
import { startDemoApi, type DemoApi } from './server';

/** Everything the story needs, up and running: what a platform would have, on this machine. */
export interface Platform {
  readonly stack: Stack;
  readonly api: DemoApi;
  /** What agents ask instead of an AI provider. */
  readonly model: DemoModel;
  readonly temporal: Client;
  readonly client: FlowCreditsClient;
  readonly reader: LedgerReader;
  readonly pricing: Pricing;
  readonly taskQueue: string;
  /** For what the reader does not tell: the order of entries. Read-only by use. */
  readonly pool: Pool;
  /** What its worker measures; null where there is no package for it. */
  readonly metrics: FlowCreditsMetrics | null;
  /** Appended to names, so that a Temporal that is not ours sees no name twice. */
  readonly suffix: string;
  /** Rejects when the worker ends by itself. */
  readonly broken: Promise<never>;
  /** Moves the ledger's time forward to a moment. */
  moveClockTo(moment: Instant): Promise<void>;
}

export interface PlatformOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
  /** What is opened is given to it at once, so that it can be closed whenever somebody stops us. */
  readonly closing: Closing;
}

/** A run that is in the middle of a request when we stop is not waited for. */
const STOPS_SOON = { shutdownGraceTime: '1s', shutdownForceTime: '5s' } as const;

/**
 * Starts Temporal, Postgres, the HTTP servers of the flows and a worker. With `TEMPORAL_ADDRESS` or `DATABASE_URL` those
 * are used, and left as they were: the demo moves the ledger's clock, so it makes a database of its own there, and a
 * task queue of its own.
 */
export async function openPlatform({ env, onProgress, closing }: PlatformOptions): Promise<Platform> {
  installRuntime();
  const [stack, api, model] = await Promise.all([
    closing.keep(ownStack(env, onProgress, closing), (opened) => opened.stop()),
    closing.keep(startDemoApi(), (opened) => opened.close()),
    closing.keep(startDemoModel(), (opened) => opened.close()),
    // Kept on disk: the worker finds it there.
    cachedBundle({ workflowsPath: workflowsPath() }),
  ]);
  const suffix = stack.temporal === null ? `-${Date.now().toString(36)}` : '';
  const taskQueue = `${TASK_QUEUE}${suffix}`;
  const registry = {
    services: loadConnectorServices(exampleServices(api.url)),
    providers: loadAiProviders(exampleProviders(model.url)),
    // Started by the worker when an agent first needs it.
    mcpServers: loadMcpServers(exampleMcpServers()),
    secrets: { get: () => Promise.resolve('demo-secret') },
    httpAllow: LOOPBACK,
  };
  const metrics = await stackMetrics();
  const looked = metrics === null ? {} : { observer: metrics.observer };
  const [{ connection, namespace }, worker] = await Promise.all([
    closing.keep(connectionFromEnv(temporalSettings(stack.env)), (opened) => opened.connection.close()),
    closing.keep(startStackWorker(stack, { taskQueue, registry, ...looked, worker: STOPS_SOON }), (opened) =>
      opened.stop(),
    ),
  ]);
  const broken = brokenBy(worker.ended);
  // It ends in the end; who races it hears of it before.
  broken.catch(() => undefined);
  const pricing = loadPricing(pricingFilesFrom(stack.env));
  const pool = closing.now(new Pool({ connectionString: stack.databaseUrl, max: 2 }), (opened) =>
    opened.end(),
  );
  pool.on('error', () => undefined);
  const reader = closing.now(openReader(stack.databaseUrl, pricing), (opened) => opened.close());
  const temporal = new Client({ connection, namespace });
  return {
    stack,
    api,
    model,
    temporal,
    client: new FlowCreditsClient({ client: temporal, reader, taskQueue }),
    reader,
    pricing,
    taskQueue,
    pool,
    metrics,
    suffix,
    broken,
    moveClockTo: async (moment) => {
      const ahead = moment - (await reader.now());
      if (ahead <= 0) throw new DemoFailed(`the ledger's clock is past ${toIso(moment)} already`);
      await moveClock(pool, ahead);
    },
  };
}

async function ownStack(
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
  closing: Closing,
): Promise<Stack> {
  const { DATABASE_URL: borrowed } = env;
  if (!borrowed) return startStack({ env, onProgress, schedules: false });
  const database = await closing.keep(databaseOfOurOwn(borrowed), (opened) => opened.drop());
  return startStack({ env: { ...env, DATABASE_URL: database.url }, onProgress, schedules: false });
}

/** Ctrl-C is ours: things stop in order. Logs below errors would run through the account. */
function installRuntime(): void {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } },
  });
}

async function brokenBy(running: Promise<void>): Promise<never> {
  await running;
  throw new DemoFailed('the worker stopped by itself');
}
