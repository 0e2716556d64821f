import { cpus } from 'node:os';
import { Client } from '@temporalio/client';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { startStack } from '../../src/dev/stack';
import { quietRuntime, startStackWorker } from '../../src/dev/worker';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { loadPricing } from '../../src/pricing';

export interface LoopBench {
  readonly machine: { readonly cpus: number; readonly node: string };
  readonly iterations: number;
  readonly minutes: number;
  readonly iterationsPerSecond: number;
  readonly charges: number;
  /** Iterations that have not exactly one charge. */
  readonly notChargedOnce: number;
  /** Charges that are of no iteration. */
  readonly strangers: number;
  readonly millicreditsCharged: string;
  /** What the closed run still holds. */
  readonly holdsAfter: number;
  readonly violations: number;
  readonly executions: number;
  readonly historyEvents: number;
  /** Of this process, with worker and client in it. */
  readonly megabytesMost: number;
}

const TEAM = 'bench';
const EVERY_MS = 10_000;
const PAGE = 10_000;

/** One run that repeats a block so many times: each iteration is held against its charge in the ledger. */
export async function loopBench(iterations: number, progress: (line: string) => void): Promise<LoopBench> {
  quietRuntime('ERROR');
  const stack = await startStack({ headless: true, schedules: false, onProgress: progress });
  const pricing = loadPricing();
  const reader = openReader(stack.databaseUrl, pricing);
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  const temporal = new Client({ connection, namespace });
  const worker = await startStackWorker(stack);
  try {
    const client = new FlowCreditsClient({ client: temporal });
    await client.upsertTeam(TEAM, {
      plan: 'enterprise',
      anchor: '2026-01-01T00:00',
      openingCredits: String(iterations),
    });
    const begun = performance.now();
    const run = await client.startRun({ team: TEAM, flow: repeating(iterations), trigger: 'api' });
    let megabytesMost = 0;
    const watch = setInterval(() => {
      megabytesMost = Math.max(megabytesMost, Math.round(process.memoryUsage.rss() / 2 ** 20));
      void reader
        .runTotals(TEAM, run.runId)
        .then(({ charges }) => {
          progress(`${charges} of ${iterations} charged, ${megabytesMost} MB`);
        })
        .catch(() => undefined);
    }, EVERY_MS);
    const { charged } = await run.result().finally(() => {
      clearInterval(watch);
    });
    const seconds = (performance.now() - begun) / 1000;
    progress('counting');
    const counted = await countCharges(reader, run.runId, iterations);
    const { violations } = await reader.verify({ team: TEAM });
    const ended = await reader.run(TEAM, run.runId);
    return {
      machine: { cpus: cpus().length, node: process.version },
      iterations,
      minutes: seconds / 60,
      iterationsPerSecond: iterations / seconds,
      ...counted,
      millicreditsCharged: charged,
      holdsAfter: ended?.holds.length ?? NaN,
      violations: violations.length,
      ...(await executionsOf(temporal, run.workflowId)),
      megabytesMost,
    };
  } finally {
    await worker.stop();
    await reader.close();
    await connection.close();
    await stack.stop();
  }
}

/** A block of logic, so many times, its place in the loop computed by it. */
function repeating(times: number): FlowInput {
  const body = chained('body', {
    id: 'n',
    type: 'evaluate',
    config: { expression: 'input.index' },
  });
  return chained('many', { id: 'r', type: 'repeat', config: { times, body } });
}

interface Block {
  readonly id: string;
  readonly type: string;
  readonly config: Record<string, Json>;
}

/** Its type is left to be inferred: a body is JSON. */
function chained(name: string, { id, type, config }: Block) {
  return {
    name,
    blocks: [
      { id: 'start', type: 'start' },
      { id, type, config },
      { id: 'end', type: 'output' },
    ],
    connections: [
      { from: 'start', to: id },
      { from: id, to: 'end' },
    ],
  };
}

async function countCharges(
  reader: LedgerReader,
  runId: string,
  iterations: number,
): Promise<Pick<LoopBench, 'charges' | 'notChargedOnce' | 'strangers'>> {
  const times = new Map<string, number>();
  for (let index = 0; index < iterations; index += 1) times.set(`r[${index}]/n`, 0);
  let charges = 0;
  let strangers = 0;
  for (let after = 0; ;) {
    const page = await reader.charges(TEAM, runId, { after, limit: PAGE });
    for (const { key } of page) {
      const before = times.get(key);
      if (before === undefined) strangers += 1;
      else times.set(key, before + 1);
    }
    charges += page.length;
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  return { charges, strangers, notChargedOnce: [...times.values()].filter((count) => count !== 1).length };
}

/** All executions that continued each other, from the last one back. */
async function executionsOf(
  client: Client,
  workflowId: string,
): Promise<Pick<LoopBench, 'executions' | 'historyEvents'>> {
  let executions = 0;
  let historyEvents = 0;
  for (let runId: string | undefined; ;) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    executions += 1;
    historyEvents += events?.length ?? 0;
    const before = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!before) return { executions, historyEvents };
    runId = before;
  }
}
