import { describe, expect, it } from '@jest/globals';
import { type Json } from '../../src/contracts/json';
import { validateFlow } from '../../src/contracts/validate-flow';

function faultsOf(type: string, config: Record<string, Json>): readonly string[] {
  const result = validateFlow({ name: 'f', blocks: [{ id: 'x', type, config }] });
  return result.ok ? [] : result.faults.map(({ path, message }) => `${path}: ${message}`);
}

const AGENT = { provider: 'openai', model: 'gpt-4o', prompt: 'Hello {{ input.name }}' };
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
      'offers the flow "lookup" as a tool, which is not available in this version',
    ],
  ])('%s that is wrong is refused, by name', (type, config, message) => {
    const faults = faultsOf(type, JSON.parse(JSON.stringify(config)) as Record<string, Json>);
    expect(faults.join('\n')).toContain(message);
  });
});
