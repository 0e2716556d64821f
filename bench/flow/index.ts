import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { LOOPBACK } from '../../src/activities/blocks';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { credits } from '../../src/contracts/millicredits';
import { TASK_QUEUE, WORKFLOWS } from '../../src/contracts/names';
import { flowSchema, type FlowInput } from '../../src/contracts/flow';
import { startStack } from '../../src/dev/stack';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { loadPricing } from '../../src/pricing';
import { httpFlow, logicFlow } from './flows';
import { countsOf, figuresOf, round, type Contender, type Figures, type Round } from './measure';
import { obviousActivities } from './obvious-activities';

const TEAM = 'bench';
const ROUNDS = 3;
const RUNS = 60;
const CONCURRENCY = 16;
const WARM_UP = 16;

export interface FlowBench {
  readonly machine: { readonly cpus: number; readonly node: string };
  readonly runsPerRound: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly flows: readonly { readonly flow: string; readonly figures: readonly Figures[] }[];
}

/** Runs of eight blocks: metered, unmetered by the same interpreter, and the obvious way, in alternating rounds. */
export async function flowBench(progress: (line: string) => void): Promise<FlowBench> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const stack = await startStack({ headless: true, schedules: false, onProgress: progress });
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pricing = loadPricing();
  const ledger = await openLedger({ databaseUrl: stack.databaseUrl, rules: pricing });
  const reader = openReader(stack.databaseUrl, pricing);
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  const native = await NativeConnection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection, namespace });
  try {
    await fund(ledger);
    const ours = await createFlowCreditsWorker({
      connection: native,
      namespace,
      ledger,
      reader,
      pricing,
      registry: { httpAllow: LOOPBACK },
      workflowBundle: await bundleWorkflowCode({ workflowsPath: require.resolve('./workflows') }),
    });
    const obvious = await Worker.create({
      connection: native,
      namespace,
      taskQueue: 'bench-ledger',
      activities: { ...obviousActivities(ledger) },
    });
    const running = [ours.run(), obvious.run()];
    try {
      const base = `http://127.0.0.1:${port}`;
      const flows = [];
      for (const flow of [httpFlow(base), logicFlow()]) {
        flows.push({ flow: flow.name, figures: await measureFlow(client, flow, progress) });
      }
      const machine = { cpus: cpus().length, node: process.version };
      return { machine, runsPerRound: RUNS, rounds: ROUNDS, concurrency: CONCURRENCY, flows };
    } finally {
      ours.shutdown();
      obvious.shutdown();
      await Promise.all(running);
    }
  } finally {
    await reader.close();
    await ledger.close();
    await connection.close();
    await native.close();
    server.close();
    await stack.stop();
  }
}

async function fund(ledger: Awaited<ReturnType<typeof openLedger>>): Promise<void> {
  await ledger.submit({
    kind: 'upsertTeam',
    team: TEAM,
    plan: 'enterprise',
    anchor: '2026-01-01T00:00:00',
    timeZone: 'UTC',
    openingBalance: credits(1_000_000),
  });
}

async function measureFlow(
  client: Client,
  flow: FlowInput,
  progress: (line: string) => void,
): Promise<readonly Figures[]> {
  const stamp = `${flow.name}-${Date.now().toString(36)}`;
  let started = 0;
  const options = (kind: string): { taskQueue: string; workflowId: string } => {
    started += 1;
    return { taskQueue: TASK_QUEUE, workflowId: `${kind}-${stamp}-${started}` };
  };
  const flowRun = (kind: string, mode: 'enforce' | 'off'): Contender => ({
    name: kind,
    start: () =>
      client.workflow.start(WORKFLOWS.flowRun, {
        ...options(kind),
        args: [{ team: TEAM, flow, trigger: 'api', mode }],
      }),
  });
  const contenders: Contender[] = [
    flowRun('metered', 'enforce'),
    flowRun('unmetered', 'off'),
    {
      name: 'obvious',
      start: () =>
        client.workflow.start('obviousRun', {
          ...options('obvious'),
          args: [{ team: TEAM, flow: flowSchema.parse(flow) }],
        }),
    },
  ];
  const rounds = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  const counts = new Map<string, { historyEvents: number; actions: number }>();
  for (const contender of contenders) {
    await round(contender, WARM_UP, CONCURRENCY);
    const alone = await contender.start(0);
    await alone.result();
    counts.set(contender.name, await countsOf(client, alone));
  }
  for (let number = 1; number <= ROUNDS; number += 1) {
    // Each round in another order: what warms up or fills up must not favour one of them.
    for (let offset = 0; offset < contenders.length; offset += 1) {
      const contender = contenders[(number + offset) % contenders.length];
      if (contender === undefined) continue;
      const result = await round(contender, RUNS, CONCURRENCY);
      rounds.get(contender.name)?.push(result);
      progress(
        `${flow.name}, round ${number}/${ROUNDS}, ${contender.name}: ${(RUNS / result.seconds).toFixed(1)} runs/s`,
      );
    }
  }
  return contenders.map(({ name }) =>
    figuresOf(name, rounds.get(name) ?? [], counts.get(name) ?? { historyEvents: NaN, actions: NaN }),
  );
}
