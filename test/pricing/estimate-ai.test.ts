import { describe, expect, it } from '@jest/globals';
import { type RunContext } from '../../src/contracts/context';
import { type Json } from '../../src/contracts/json';
import { estimate, PricingRefusal, requiresCredits } from '../../src/pricing';
import { modelFaults } from '../../src/pricing/faults';
import { NEWER } from './cards';
import { chain, flowOf } from './flows';

const API: RunContext = { trigger: 'api', location: 'cloud' };
const MANUAL: RunContext = { trigger: 'manual', location: 'local' };
const of = (least: number, likely: number, most: number | null) => ({
  least: String(least),
  likely: String(likely),
  most: most === null ? null : String(most),
});

describe('an AI agent', () => {
  const agent = (config: Record<string, Json>) => flowOf([{ id: 'a', type: 'ai-agent', config }], []);
  const server = (name: string, ...tools: string[]): Json =>
    tools.length === 0 ? { kind: 'mcp', server: name } : { kind: 'mcp', server: name, tools };

  it('calls its model at least once, and ten times where its config names no limit', () => {
    expect(estimate(agent({ model: 'gpt-4o' }), MANUAL, NEWER)).toEqual(of(15000, 15000, 150_000));
    expect(estimate(agent({}), MANUAL, NEWER)).toEqual(of(0, 0, null));
  });

  it('is bounded by its steps and by its tools, where these are counted', () => {
    const most = (config: Record<string, Json>): string | null =>
      estimate(agent({ model: 'gpt-4o', maxSteps: 4, ...config }), MANUAL, NEWER).most;
    expect(most({})).toBe('60000');
    expect(most({ tools: [server('s')] })).toBeNull();
    expect(most({ tools: [server('s')], maxTools: 3 })).toBe('66000');
    expect(most({ tools: [server('s', 'a', 'b'), server('t', 'a')] })).toBe('66000');
    expect(most({ tools: [server('s', 'a', 'b'), server('t', 'a')], maxTools: 1 })).toBe('62000');
    expect(most({ tools: [server('s', 'a', 'b'), server('t')] })).toBeNull();
    expect(most({ tools: [{ kind: 'flow', name: 'f' }] })).toBeNull();
  });

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

  it('is bounded by what it may be charged, whatever its tools', () => {
    const limited = { model: 'gpt-4o', tools: [server('s')] };
    expect(estimate(agent({ ...limited, maxCredits: '40.5' }), MANUAL, NEWER).most).toBe('40500');
    expect(estimate(agent({ ...limited, maxCredits: 40 }), MANUAL, NEWER).most).toBe('40000');
    // One that can afford no call never completes.
    expect(estimate(agent({ ...limited, maxCredits: 1 }), MANUAL, NEWER)).toEqual(of(15000, 15000, 15000));
  });

  it('with a model that the card does not price is refused', () => {
    expect(() => estimate(agent({ model: 'gpt-9' }), MANUAL, NEWER)).toThrow(PricingRefusal);
    expect(() => estimate(agent({ model: 'gpt-9' }), MANUAL, NEWER)).toThrow('blocks[0].config.model');
  });

  it('in a branch that is never taken does not unbound the most', () => {
    const steps = [{ id: 'http-request' }, { id: 'a', type: 'ai-agent', config: { model: 'gpt-4o' } }];
    const flow = flowOf(steps, [['http-request.nowhere', 'a']]);
    expect(estimate(flow, API, NEWER)).toEqual(of(1000, 1000, 1000));
  });
});

describe('AI media', () => {
  it('costs what it costs', () => {
    expect(estimate(chain('ai-media'), MANUAL, NEWER)).toEqual(of(0, 40000, null));
  });
});
