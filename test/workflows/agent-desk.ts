import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aiProvidersSchema,
  FileBlobs,
  LOOPBACK,
  mcpServersSchema,
  type BlockRegistryOptions,
} from '../../src/activities/blocks';
import { type StartedRun, type StartRun } from '../../src/client';
import { type ChargeLine } from '../../src/contracts/charge';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { type Operation } from '../../src/ledger/core/operations';
import { LedgerUnavailable } from '../../src/ledger';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { type Pricing } from '../../src/pricing';
import { startModelServer, type ModelServer } from '../activities/blocks/ai/model-server';
import { everythingByStdio, startToolServer, type ToolServer } from '../activities/blocks/ai/tool-servers';
import { atEnd, testNamespace, testNativeConnection, workflowBundle } from '../support';
import { openDesk, type Desk } from './desk';
import { found, historyTexts, ledgerTexts, logTexts } from './payload-texts';

/** Secrets of every team, with characters that encoders treat each in their own way. Whatever is looked at, none of these may be in it. */
export const SECRETS = {
  KEY: 'sk-the key/of+the "provider"&co',
  TOKEN: `token=of/the+mcp "server" it's`,
} as const;
const VALUES = Object.values(SECRETS);

/** Where a secret shows that a run has dealt with, in whatever form: in its history, in the books, in the logs. */
export async function secretsLeft(
  { temporal, pool }: Pick<Desk, 'temporal' | 'pool'>,
  { workflowId }: Pick<StartedRun, 'workflowId'>,
): Promise<readonly string[]> {
  const [history, rows] = await Promise.all([historyTexts(temporal, workflowId), ledgerTexts(pool)]);
  return found(VALUES, [...history, ...rows, ...logTexts()]);
}

/** A secret as servers may write it back: in JSON, in JSON within JSON, in a URL, in a form, in hex, in base64 at any place. */
export function everyForm(secret: string): string {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const bytes = ['', 'a', 'me'].map((before) => Buffer.from(before + secret));
  return [
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    Buffer.from(secret).toString('hex'),
    ...bytes.map((each) => each.toString('base64')),
    Buffer.from(secret).toString('base64url'),
  ].join(' | ');
}

/** A desk with an AI provider, the reference MCP server in both ways, and a ledger that can be taken away. */
export interface AgentDesk extends Desk {
  readonly model: ModelServer;
  /** The server `web`; `process` is the same as a process. */
  readonly tools: ToolServer;
  readonly blobs: FileBlobs;
  /** What its worker is given; a private runner may be given the same. */
  readonly registry: BlockRegistryOptions;
  /** Operations of these kinds fail from now on. */
  away: ReadonlySet<Operation['kind']>;
  startAgent(team: string, config: Record<string, Json>, options?: Partial<StartRun>): Promise<StartedRun>;
  /** The lines of a run's only charge; none where there is no charge. */
  lines(team: string, run: StartedRun): Promise<readonly string[]>;
}

export async function openAgentDesk(pricing?: Pricing): Promise<AgentDesk> {
  const [model, tools] = await Promise.all([startModelServer(), startToolServer()]);
  const folder = mkdtempSync(join(tmpdir(), 'fc-blobs-'));
  atEnd(async () => {
    await Promise.all([model.close(), tools.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const desk = await openDesk({ working: false, ...(pricing === undefined ? {} : { pricing }) });
  const blobs = new FileBlobs(folder);
  const { ledger } = desk;
  const registry: BlockRegistryOptions = {
    // What a flow that is a tool asks: the gate is on this machine.
    httpAllow: LOOPBACK,
    secrets: {
      get: (_team, name) => Promise.resolve(name === 'KEY' || name === 'TOKEN' ? SECRETS[name] : null),
    },
    providers: aiProvidersSchema.parse({
      local: {
        baseUrl: model.url,
        apiKey: '{{secret:KEY}}',
        images: {
          painter: { cost: { field: 'usage.cost' } },
          listed: { id: 'listed-1', cost: { list: [{ size: '1024x1024', usd: '0.04' }] } },
        },
      },
    }),
    mcpServers: mcpServersSchema.parse({
      web: { url: tools.url, headers: { authorization: 'Bearer {{secret:TOKEN}}' } },
      process: everythingByStdio({ TOKEN: '{{secret:TOKEN}}' }),
    }),
    blobs,
  };
  const all: AgentDesk = {
    ...desk,
    model,
    tools,
    blobs,
    registry,
    away: new Set(),
    startAgent: (team, config, options = {}) =>
      desk.client.startRun({ team, trigger: 'manual', flow: agentFlow(config), ...options }),
    lines: async (team, run) => {
      const charges = await desk.reader.charges(team, run.runId);
      if (charges.length > 1) throw new Error(`${String(charges.length)} charges for one block`);
      return (charges[0]?.detail?.lines ?? []).map(lineText);
    },
  };
  const ours = await createFlowCreditsWorker({
    connection: await testNativeConnection(),
    namespace: testNamespace(),
    ledger: {
      submit: (operation, options) =>
        all.away.has(operation.kind)
          ? Promise.reject(new LedgerUnavailable('connection refused'))
          : ledger.submit(operation, options),
      onWake: (listener) => ledger.onWake(listener),
      onEvents: (listener) => ledger.onEvents(listener),
      outbox: ledger.outbox,
    },
    reader: desk.reader,
    pricing: desk.pricing,
    taskQueue: desk.taskQueue,
    teamBilling: { lingerMs: 200 },
    workflowBundle: await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') }),
    registry,
  });
  const running = ours.run();
  running.catch(() => undefined);
  atEnd(async () => {
    model.release();
    tools.release();
    ours.shutdown();
    await running;
  });
  return all;
}

export function agentFlow(config: Record<string, Json>): FlowInput {
  return flowAround({
    id: 'agent',
    type: 'ai-agent',
    config: { provider: 'local', model: 'gpt-4o', ...config },
  });
}

/** A flow of one block. */
export function flowAround(block: FlowInput['blocks'][number]): FlowInput {
  return {
    name: 'one block',
    blocks: [{ id: 'start', type: 'start' }, block, { id: 'out', type: 'output' }],
    connections: [
      { from: 'start', to: block.id },
      { from: block.id, to: 'out' },
    ],
  };
}

/** `gpt-4o model call, 2 x 15000 = 30000`. */
function lineText({ what, quantity, unitMillicredits, millicredits }: ChargeLine): string {
  return `${what}, ${quantity} x ${unitMillicredits} = ${millicredits}`;
}
