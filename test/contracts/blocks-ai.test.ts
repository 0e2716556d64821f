import { describe, expect, it } from '@jest/globals';
import { flowToolsOf, linked } from '../../src/contracts/blocks-nested';
import { flowSchema } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { validateFlow } from '../../src/contracts/validate-flow';
import { flowHash } from '../../src/contracts/validate-flow-hash';

function faultsOf(type: string, config: Record<string, Json>): readonly string[] {
  const result = validateFlow({ name: 'f', blocks: [{ id: 'x', type, config }] });
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path}: ${message}`);
}

const AGENT = { provider: 'openai', model: 'gpt-4o', prompt: 'Hello {{ input.name }}' };
const WELL = {
  blocks: [{ id: 'h', type: 'http-request', config: { url: 'https://a.example/{{secret:KEY}}' } }],
};

function flowTool(flow: Json, parameters: Json = { type: 'object' }): Record<string, Json> {
  return { kind: 'flow', name: 'lookup', description: 'Looks up', parameters, flow };
}

const MEDIA = { provider: 'openai', model: 'gpt-image-1', prompt: 'A cat' };

describe('the config of an AI block', () => {
  it('that is well is taken', () => {
    const tools = [
      { kind: 'mcp', server: 'files', tools: ['read'] },
      { kind: 'mcp', server: 'web' },
    ];
    const limits = { maxSteps: 5, maxTools: 3, maxCredits: '99.5', timeoutSeconds: 60, attempts: 2 };
    const output = { schema: { type: 'object' } };
    expect(faultsOf('ai-agent', AGENT)).toEqual([]);
    expect(faultsOf('ai-agent', { ...AGENT, system: 'Be kind', tools, output, ...limits })).toEqual([]);
    expect(faultsOf('ai-media', { ...MEDIA, size: '1024x1024', quality: 'high' })).toEqual([]);
  });

  it.each([
    [
      'ai-agent',
      { ...AGENT, prompt: 'the key is {{secret:KEY}}' },
      'config.prompt: block "x": prompt holds {{secret:KEY}}',
    ],
    ['ai-media', { ...MEDIA, prompt: '{{secret:KEY}}' }, 'secrets belong into the settings of the provider'],
    ['ai-agent', { ...AGENT, prompt: 'Hello {{ input.' }, 'config.prompt'],
    ['ai-agent', { ...AGENT, model: undefined }, 'config.model: block "x": model is missing'],
    ['ai-agent', { ...AGENT, maxStep: 3 }, 'did you mean "maxSteps"?'],
    ['ai-agent', { ...AGENT, maxSteps: 101 }, 'is 101; it must be at most 100'],
    ['ai-agent', { ...AGENT, maxCredits: '1.2345' }, 'must be credits'],
    ['ai-agent', { ...AGENT, output: { schema: { type: 'objekt' } } }, 'output.schema is not a JSON Schema'],
    ['ai-agent', { ...AGENT, output: { schema: { const: 'x'.repeat(20_000) } } }, 'the most is 16 kB'],
    ['ai-agent', { ...AGENT, tools: [{ kind: 'mcp', command: 'rm' }] }, 'tools[0]'],
    [
      'ai-agent',
      {
        ...AGENT,
        tools: [
          { kind: 'mcp', server: 's' },
          { kind: 'mcp', server: 's', tools: ['a'] },
        ],
      },
      'tools[1].server is "s" for the second time',
    ],
    [
      'ai-agent',
      {
        ...AGENT,
        tools: [{ kind: 'flow', name: 'lookup', description: 'Looks up', flow: { ref: 'lookup' } }],
      },
      'blocks[0].config.tools[0].flow.ref: block "x": tools[0].flow.ref is "lookup", no flow that the run brings',
    ],
    [
      'ai-agent',
      { ...AGENT, tools: [flowTool({ blocks: [{ id: 'h', type: 'evalute' }] })] },
      'blocks[0].config.tools[0].flow.blocks[0].type: block "x", tools[0].flow: block "h" has type "evalute"; did you mean "evaluate"?',
    ],
    [
      'ai-agent',
      { ...AGENT, tools: [flowTool({ ref: 'a', blocks: [] })] },
      'blocks[0].config.tools[0].flow.blocks: block "x": tools[0].flow has "ref" and "blocks"',
    ],
    [
      'ai-agent',
      { ...AGENT, tools: [flowTool(WELL), flowTool(WELL)] },
      'tools[1].name is "lookup" for the second time',
    ],
    [
      'ai-agent',
      { ...AGENT, tools: [flowTool(WELL, { type: 'string' })] },
      'tools[0].parameters has the type "string"; a model gives a tool an object',
    ],
    [
      'ai-agent',
      { ...AGENT, tools: [flowTool(WELL, { type: 'object', properties: 3 })] },
      'tools[0].parameters is not a JSON Schema',
    ],
  ])('%s that is wrong is refused, by name', (type, config, message) => {
    const faults = faultsOf(type, JSON.parse(JSON.stringify(config)) as Record<string, Json>);
    expect(faults.join('\n')).toContain(message);
  });
});

describe('a flow as a tool', () => {
  const agent = (flow: Json): Json => ({
    name: 'f',
    blocks: [{ id: 'x', type: 'ai-agent', config: { ...AGENT, tools: [flowTool(flow)] } }],
  });
  const pathsOf = (flow: Json, flows: Json): readonly string[] => {
    const result = validateFlow(flow, { flows });
    return result.ok ? [] : result.faults.map(({ path, message }) => `${path}: ${message}`);
  };

  it('is taken inline or by name; its blocks may name secrets, which the agent may not', () => {
    expect(faultsOf('ai-agent', { ...AGENT, tools: [flowTool(WELL)] })).toEqual([]);
    expect(pathsOf(agent({ ref: 'a' }), { a: { name: 'a', ...WELL } })).toEqual([]);
  });

  it('may not have itself as a tool', () => {
    expect(pathsOf(agent({ ref: 'a' }), { a: agent({ ref: 'a' }) })).toEqual([
      'flows.a.blocks[0].config.tools[0].flow.ref: flow "a" calls itself: "a" -> "a"; a flow may not, let a "repeat" block go round',
    ]);
  });

  it('lies as deep as two flows: its name is in its keys', () => {
    const deep = (levels: number): Json => (levels === 0 ? WELL : agent(deep(levels - 1)));
    expect(pathsOf(deep(4), {})).toEqual([]);
    expect(pathsOf(deep(5), {})).toEqual([
      'blocks: flow: its loops, called flows and tools lie 10 deep in each other; the most is 8',
    ]);
  });

  it('is pinned by the hash, and found where the flow is linked', () => {
    const flow = flowSchema.parse(agent({ ref: 'a' }));
    const named = (url: string) => ({
      a: flowSchema.parse({ name: 'a', blocks: [{ id: 'h', type: 'http-request', config: { url } }] }),
    });
    const [one, other] = [named('https://a.example'), named('https://b.example')];
    expect(flowHash(flow, one)).not.toBe(flowHash(flow, other));
    const [block] = linked(flow, one).blocks;
    expect(block === undefined ? [] : flowToolsOf(block)).toEqual([
      { place: 0, name: 'lookup', flow: { name: 'a', blocks: one.a.blocks, connections: [] } },
    ]);
  });
});
