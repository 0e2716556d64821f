import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { Client } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { LOOPBACK } from '../../src/activities/blocks';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { type ReleasePace } from '../../src/contracts/team';
import { startStack, type Stack } from '../../src/dev/stack';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { loadPricing } from '../../src/pricing';
import { release, type ReleaseFigures } from './release';
import { plainSignals, type SignalFigures } from './signals';

const WAITING = 1000;

export interface ReleaseBench {
  readonly machine: { readonly cpus: number; readonly node: string };
  readonly plainSignals: SignalFigures;
  readonly releases: readonly ReleaseFigures[];
}

/** All at once, and nobody gives way. */
const NO_PACE: ReleasePace = { window: 10_000, signalsAtOnce: 10 };

/**
 * Waiting runs released by pay-as-you-go, at the default pace and with neither pace nor priorities; against what plain
 * signals to plain waiters reach from the same client.
 */
export async function releaseBench(
  progress: (line: string) => void,
  waiting = WAITING,
): Promise<ReleaseBench> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const stack = await startStack({ headless: true, schedules: false, onProgress: progress });
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  const flow = flowOf(`http://127.0.0.1:${port}`);
  const told = (figures: ReleaseFigures): ReleaseFigures => {
    const { name, releasedPerSecond, freshWorstMs } = figures;
    progress(
      `${name}: ${Math.round(releasedPerSecond)} released/s, fresh run at worst ${Math.round(freshWorstMs)} ms`,
    );
    return figures;
  };
  const logger = new DefaultLogger('ERROR');
  const workflowsPath = require.resolve('./workflows');
  const plain = await bundleWorkflowCode({ workflowsPath, logger });
  const careless = await bundleWorkflowCode({
    workflowsPath,
    logger,
    workflowInterceptorModules: [require.resolve('./without-priority')],
  });
  try {
    const [signals, paced] = await withWorker(stack, 'paced', plain, {}, async (scene) => {
      const figures = await plainSignals(scene.temporal, 'paced', waiting);
      progress(`plain signals: ${Math.round(figures.signalsPerSecond)}/s`);
      return [figures, told(await release('paced', { ...scene, flow }, waiting))] as const;
    });
    const neither = await withWorker(stack, 'neither', careless, NO_PACE, async (scene) =>
      told(await release('neither', { ...scene, flow }, waiting)),
    );
    return {
      machine: { cpus: cpus().length, node: process.version },
      plainSignals: signals,
      releases: [paced, neither],
    };
  } finally {
    server.close();
    await stack.stop();
  }
}

interface Scene {
  readonly temporal: Client;
  readonly client: FlowCreditsClient;
  readonly reader: ReturnType<typeof openReader>;
}

/** A worker on a task queue of its own, while `use` lasts. */
async function withWorker<T>(
  stack: Stack,
  taskQueue: string,
  workflowBundle: WorkflowBundleWithSourceMap,
  pace: ReleasePace,
  use: (scene: Scene) => Promise<T>,
): Promise<T> {
  const pricing = loadPricing();
  const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing });
  const reader = openReader(stack.databaseUrl, pricing);
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  const native = await NativeConnection.connect({ address: stack.temporalAddress });
  const temporal = new Client({ connection, namespace });
  const teamBilling = { release: pace };
  const registry = { httpAllow: LOOPBACK };
  const options = {
    connection: native,
    namespace,
    ledger,
    reader,
    pricing,
    registry,
    taskQueue,
    teamBilling,
  };
  const worker = await createFlowCreditsWorker({ ...options, workflowBundle });
  const running = worker.run();
  const client = new FlowCreditsClient({ client: temporal, reader, taskQueue, teamBilling });
  try {
    return await use({ temporal, client, reader });
  } finally {
    worker.shutdown();
    await running;
    await reader.close();
    await ledger.close();
    await connection.close();
    await native.close();
  }
}

/** An HTTP request and an expression: two credits in the cloud. */
function flowOf(url: string): FlowInput {
  return {
    name: 'release',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'get', type: 'http-request', config: { url } },
      { id: 'sum', type: 'evaluate', config: { expression: '1 + 1' } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'get' },
      { from: 'get', to: 'sum' },
      { from: 'sum', to: 'out' },
    ],
  };
}

async function listening(): Promise<Server> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
