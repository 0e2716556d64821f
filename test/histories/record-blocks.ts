import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { aiProvidersSchema, connectorServicesSchema, LOOPBACK, mcpServersSchema } from '../../src/activities/blocks';
import { FlowCreditsClient, type StartRun } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { createPrivateRunner } from '../../src/plugin/create-runner';
import { startModelServer } from '../activities/blocks/ai/model-server';
import { everythingByStdio } from '../activities/blocks/ai/tool-servers';
import { startHttpGate } from '../failures/http-gate';

type Blocks = FlowInput['blocks'];

/** One block after the other, with logic beside them: what is local and what is not may not change places. */
function besideLogic(name: string, ...blocks: Blocks): FlowInput {
  const logic = ['one', 'two', 'three'].map((id) => ({ id, type: 'evaluate', config: { expression: '1 + 1' } }));
  const chainOf = (all: Blocks) =>
    all.map(({ id }, place) => ({ from: all[place - 1]?.id ?? 'start', to: id }));
  return {
    name,
    blocks: [{ id: 'start', type: 'start' }, ...blocks, ...logic, { id: 'out', type: 'output' }],
    connections: [...chainOf(blocks), ...chainOf(logic), { from: blocks.at(-1)?.id ?? 'start', to: 'out' }],
  };
}

/** A flow that an agent calls, or a loop: a request, then logic. */
function lookup(url: string, city = 'input.city'): Record<string, Json> {
  return {
    blocks: [
      { id: 's', type: 'start' },
      { id: 'get', type: 'http-request', config: { url: `${url}/r/{{ ${city} }}` } },
      { id: 'pick', type: 'evaluate', config: { expression: 'input.body.block' } },
      { id: 'o', type: 'output' },
    ],
    connections: [
      { from: 's', to: 'get' },
      { from: 'get', to: 'pick' },
      { from: 'pick', to: 'o' },
    ],
  };
}

function agent(prompt: string, tools: readonly Json[], more: Record<string, Json> = {}): Blocks[number] {
  const config = { provider: 'local', model: 'gpt-4o-mini', prompt, tools: [...tools], ...more };
  return { id: 'agent', type: 'ai-agent', config };
}

export const BLOCK_HISTORIES: readonly string[] = [
  'run-connector',
  'run-flow-tool',
  'run-private',
  'run-private-agent',
];

/** Records runs of connectors, of agents with flows as tools, and of a private runner. */
export async function recordBlocks(
  record: (name: string, handle: WorkflowHandle) => Promise<void>,
): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const [gate, model] = await Promise.all([startHttpGate(), startModelServer()]);
  gate.open();
  const registry = {
    httpAllow: LOOPBACK,
    providers: aiProvidersSchema.parse({ local: { baseUrl: model.url } }),
    mcpServers: mcpServersSchema.parse({ everything: everythingByStdio() }),
    services: connectorServicesSchema.parse({
      warehouse: { kind: 'postgres', connection: '{{secret:WAREHOUSE}}' },
      gate: {
        baseUrl: gate.url,
        operations: {
          get: { method: 'GET', path: '/r/{city}', parameters: { city: { in: 'path', required: true, type: 'string' } } },
        },
      },
    }),
    secrets: { get: () => Promise.resolve(stack.databaseUrl) },
  };
  try {
    const settings = temporalSettings(stack.env);
    const { connection, namespace } = await connectionFromEnv(settings);
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    const worker = await startStackWorker(stack, { registry });
    await client.upsertTeam('acme', { plan: 'enterprise', anchor: '2026-11-01T00:00:00' });
    const recordRun = async (name: string, flow: FlowInput, more: Partial<StartRun> = {}): Promise<void> => {
      const { workflowId } = await client.startRun({ team: 'acme', flow, trigger: 'api', ...more });
      await record(name, temporal.workflow.getHandle(workflowId));
    };

    const query = { service: 'warehouse', operation: 'query', parameters: { sql: 'SELECT 1::bigint AS one' } };
    const get = { service: 'gate', operation: 'get', parameters: { city: 'oslo' } };
    await recordRun(
      'run-connector',
      besideLogic('connectors', { id: 'get', type: 'connector', config: get }, { id: 'query', type: 'connector', config: query }),
    );

    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const tool = { kind: 'flow', name: 'lookup', description: 'Looks a city up', parameters, flow: lookup(gate.url) };
    const calls = [
      ['lookup', { city: 'oslo' }],
      ['lookup', {}],
      ['lookup', { city: 'rome' }],
    ] as const;
    model.script('calls', [{ calls }, { calls: [['lookup', { city: 'bern' }]] }, { text: 'done' }]);
    await recordRun('run-flow-tool', besideLogic('a flow as a tool', agent('calls', [tool])));

    const runner = await createPrivateRunner({
      connection: await NativeConnection.connect(settings.connection),
      namespace,
      team: 'acme',
      registry,
    });
    const polling = runner.run();
    const privately = { location: 'private-runner' } as const;
    const request = { id: 'fetch', type: 'http-request', config: { url: `${gate.url}/r/private` } };
    const each = { id: 'each', type: 'for', config: { items: [1, 2], body: lookup(gate.url, 'input.item') } };
    const broken = { id: 'broken', type: 'http-request', config: { url: 'http://127.0.0.1:1/', attempts: 1 } };
    const caught = besideLogic('private', request, each);
    await recordRun(
      'run-private',
      { ...caught, blocks: [...caught.blocks, broken, { id: 'either', type: 'or' }], connections: [...(caught.connections ?? []), { from: 'broken', port: 'error', to: 'either' }] },
      privately,
    );
    const everything = { kind: 'mcp', server: 'everything', tools: ['echo'] };
    model.script('private', [
      { calls: [['everything__echo', { message: 'x' }], ['lookup', { city: 'oslo' }]] },
      { text: 'done' },
    ]);
    await recordRun(
      'run-private-agent',
      besideLogic('a private agent', agent('private', [everything, tool], { maxCredits: '50' })),
      privately,
    );
    runner.shutdown();
    await polling;
    await worker.stop();
    await connection.close();
  } finally {
    await gate.close();
    await model.close();
    await stack.stop();
  }
}
