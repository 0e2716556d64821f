import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  type LogLevel,
  type WorkerOptions,
} from '@temporalio/worker';
import { eventSettingsFrom, type Observer } from '../activities';
import { blockSettingsFrom, LOOPBACK, type BlockRegistryOptions } from '../activities/blocks';
import { temporalSettings } from '../client/connection';
import { loadOwn, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';
import { openLedger } from '../ledger';
import { openReader } from '../ledger/read';
import { workflowsPath } from '../plugin/bundle';
import { tracingFrom } from '../ops/tracing';
import { createFlowCreditsWorker } from '../plugin/create-worker';
import { loadPricing, pricingFilesFrom } from '../pricing';
import { cachedBundle } from './bundle';
import { type Stack } from './stack';

export interface StackWorkerOptions {
  /** Left out: the worker's own. */
  readonly taskQueue?: string;
  /** Left out: what `blockSettingsFrom` reads, secrets of the environment, and this machine may be reached. */
  readonly registry?: Omit<BlockRegistryOptions, 'own' | 'blocks'>;
  /** Looks at how it works: `stackMetrics` has one. Left out: nothing is measured. */
  readonly observer?: Observer;
  readonly worker?: Partial<Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'activities'>>;
}

/** A worker of ours in this process. */
export interface StackWorker {
  /** Resolves when it was stopped, rejects when it failed by itself. */
  readonly ended: Promise<void>;
  /** Lets it finish what it does, then closes what it used. Throws what it failed with. */
  stop(): Promise<void>;
}

/** Temporal's runtime for a process that handles signals itself. Once a process; a later call changes nothing. */
export function quietRuntime(level: LogLevel = 'WARN'): void {
  try {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger(level) });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'IllegalStateError')) throw error;
  }
}

/** Runs our worker on a stack, with the prices that `FLOW_CREDITS_RATE_CARDS` and `FLOW_CREDITS_PLANS` add. */
export async function startStackWorker(
  stack: Pick<Stack, 'env' | 'databaseUrl'>,
  options: StackWorkerOptions = {},
): Promise<StackWorker> {
  quietRuntime();
  const settings = temporalSettings(stack.env);
  const pricing = loadPricing(pricingFilesFrom(stack.env));
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).reverse()) await each();
  };
  try {
    const connection = await NativeConnection.connect(settings.connection);
    opened.push(() => connection.close());
    const tracing = await tracingFrom(stack.env, 'flow-credits-dev');
    if (tracing !== null) opened.push(() => tracing.close());
    const plugins = tracing === null ? {} : { plugins: [tracing.plugin] };
    const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing });
    opened.push(() => ledger.close());
    if (tracing !== null) ledger.observe(tracing.ledger);
    const reader = openReader(stack.databaseUrl, pricing);
    opened.push(() => reader.close());
    const worker = await createFlowCreditsWorker({
      connection,
      namespace: settings.namespace,
      ledger,
      reader,
      pricing,
      workflowBundle: await cachedBundle({ workflowsPath: workflowsPath(), ...plugins }),
      registry: options.registry ?? registryFrom(stack.env),
      ...loadOwn(stack.env[OWN_BLOCKS_VARIABLE]),
      events: eventSettingsFrom(stack.env),
      ...(options.taskQueue === undefined ? {} : { taskQueue: options.taskQueue }),
      ...(options.observer === undefined ? {} : { observer: options.observer }),
      worker: { ...options.worker, ...plugins },
    });
    const ended = worker.run().finally(close);
    // Told by `ended` and `stop`; until somebody asks it must not end the process as an unhandled rejection.
    ended.catch(() => undefined);
    return {
      ended,
      stop: async () => {
        worker.shutdown();
        await ended;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The stack is this machine's, and so are the servers its flows call. */
function registryFrom(env: NodeJS.ProcessEnv): BlockRegistryOptions {
  const settings = blockSettingsFrom(env);
  return { ...settings, httpAllow: [...LOOPBACK, ...(settings.httpAllow ?? [])] };
}
