import { describe, expect, it } from '@jest/globals';
import { type RunContext } from '../../src/contracts/context';
import { type Json } from '../../src/contracts/json';
import { estimate, requiresCredits } from '../../src/pricing';
import { modelFaults } from '../../src/pricing/faults';
import { NEWER } from './cards';
import { flowOf } from './flows';

const API: RunContext = { trigger: 'api', location: 'cloud' };
const MANUAL: RunContext = { trigger: 'manual', location: 'local' };
const agent = (config: Record<string, Json>) => flowOf([{ id: 'a', type: 'ai-agent', config }], []);
const of = (least: number, likely: number, most: number) => ({
  least: String(least),
  likely: String(likely),
  most: String(most),
});

describe('an AI agent that has flows as tools', () => {
  it('may call its flows as often as its answers can, or not at all', () => {
    const calls = (...types: string[]): Json => ({
      kind: 'flow',
      name: types.join('-'),
      flow: { blocks: types.map((type, n) => ({ id: `b${n}`, type, config: {} })), connections: [] },
    });
    const config = { model: 'gpt-4o', maxSteps: 2 };
    const tools = [calls('http-request'), calls('http-request', 'http-request')];
    // Two answers of 32 calls each, each of two requests.
    const most = 30_000 + 2 * 32 * 2000;
    expect(estimate(agent({ ...config, tools }), API, NEWER)).toEqual(of(15000, 15000, most));
    expect(estimate(agent({ ...config, tools: [calls('evaluate')] }), MANUAL, NEWER).most).toBe('30000');
    const free = { ...NEWER, blocks: { ...NEWER.blocks } };
    delete free.blocks['ai-agent'];
    expect(requiresCredits(agent({ ...config, tools }), API, free)).toBe(true);
    expect(requiresCredits(agent(config), API, free)).toBe(false);
  });

  it('names the model that has no price, also in a tool', () => {
    const inner = { blocks: [{ id: 'b', type: 'ai-agent', config: { model: 'gpt-9' } }], connections: [] };
    const flow = agent({ model: 'gpt-4o', tools: [{ kind: 'flow', name: 'f', flow: inner }] });
    expect(modelFaults(flow, NEWER).map(({ path }) => path)).toEqual([
      'blocks[0].config.tools[0].flow.blocks[0].config.model',
    ]);
    expect(() => estimate(flow, API, NEWER)).toThrow('blocks[0].config.tools[0].flow.blocks[0].config.model');
  });
});
