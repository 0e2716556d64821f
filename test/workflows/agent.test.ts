import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aiProvidersSchema, mcpServersSchema } from '../../src/activities/blocks';
import { type StartRun } from '../../src/client';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { startModelServer, type ModelServer } from '../activities/blocks/ai/model-server';
import { everythingByStdio, startToolServer, type ToolServer } from '../activities/blocks/ai/tool-servers';
import { violationsOf } from '../failures/books';
import { openDesk, type Desk } from './desk';

let desk: Desk;
let model: ModelServer;
let tools: ToolServer;

const KEY = 'sk-the-key-of-the-provider';
const TOKEN = 'token-of-the-mcp-server';

beforeAll(async () => {
  [model, tools] = await Promise.all([startModelServer(), startToolServer()]);
  desk = await openDesk({
    worker: {
      registry: {
        secrets: { get: (_team, name) => Promise.resolve(name === 'KEY' ? KEY : TOKEN) },
        providers: aiProvidersSchema.parse({ local: { baseUrl: model.url, apiKey: '{{secret:KEY}}' } }),
        mcpServers: mcpServersSchema.parse({
          web: { url: tools.url, headers: { authorization: 'Bearer {{secret:TOKEN}}' } },
          process: everythingByStdio({ TOKEN: '{{secret:TOKEN}}' }),
        }),
      },
    },
  });
});
afterAll(async () => {
  await model.close();
  await tools.close();
});

export function agentFlow(config: Record<string, Json>): FlowInput {
  return {
    name: 'an agent',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'agent', type: 'ai-agent', config: { provider: 'local', model: 'gpt-4o', ...config } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'agent' },
      { from: 'agent', to: 'out' },
    ],
  };
}

async function ran(team: string, config: Record<string, Json>, options: Partial<StartRun> = {}) {
  const run = await desk.client.startRun({ team, trigger: 'manual', flow: agentFlow(config), ...options });
  const result = await run.result();
  const charges = await desk.reader.charges(team, run.runId);
  return { run, result, charges };
}

describe('an agent', () => {
  it('answers', async () => {
    const team = await desk.team('team');
    model.script('hello', [{ text: 'Hello!' }]);
    const { result, charges } = await ran(team, { prompt: 'hello {{ input }}' }, { input: 'you' });
    expect(result).toMatchObject({
      charged: '15000',
      outputs: { out: { text: 'Hello!', finish: 'stop', steps: 1, toolCalls: 0 } },
    });
    expect(charges).toHaveLength(1);
    expect(model.calls.at(-1)?.authorization).toBe(`Bearer ${KEY}`);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it.each(['web', 'process'])(
    'calls a tool of the server %s a hundred times, for 2 credits',
    async (server) => {
      const team = await desk.team('team');
      const ten = Array.from({ length: 10 }, (_, n): [string, Json] => [
        `${server}__echo`,
        { message: String(n) },
      ]);
      model.script(`hundred-${server}`, [
        ...Array.from({ length: 10 }, () => ({ calls: ten })),
        { text: 'done' },
      ]);
      const { result, charges } = await ran(team, {
        prompt: `hundred-${server}`,
        maxSteps: 11,
        tools: [{ kind: 'mcp', server }],
      });
      expect(result.outputs).toEqual({ out: { text: 'done', finish: 'stop', steps: 11, toolCalls: 100 } });
      expect(result.charged).toBe(String(11 * 15_000 + 2_000));
      console.log(JSON.stringify(charges, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)));
    },
  );
});
