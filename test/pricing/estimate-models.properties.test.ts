import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { budgetOf } from '../../src/activities/agent-budget';
import { agentStepsOf, agentToolsOf, withAgentCall } from '../../src/contracts/blocks-agent';
import { type Block, type Flow } from '../../src/contracts/flow';
import { type Usage } from '../../src/contracts/usage';
import { charge, estimate, likely, runCharge, type RateCard } from '../../src/pricing';
import { begin, delivered, failed, outcome, ready, startFlow } from '../../src/workflows/interpreter';
import { cardWith, SOURCE } from './cards';
import { anyFlowOfModels, portsOf } from './flows';

const API = { trigger: 'api', location: 'cloud' } as const;

const price = fc.tuple(fc.nat(20), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`);
const anyCard: fc.Arbitrary<RateCard> = fc
  .record({ call: price, input: price, output: price, other: price, tool: price, http: price, run: price })
  .map(({ call, input, output, other, tool, http, run }) => {
    const creditsPerMillionTokens = { input, output: `9${output}` };
    return cardWith({
      run: { cloud: { credits: run, ...SOURCE } },
      blocks: {
        'http-request': { price: 'fixed', credits: http, ...SOURCE },
        'ai-agent': {
          price: 'by-model',
          models: {
            'by-call': { credits: call, ...SOURCE },
            'by-tokens': { creditsPerMillionTokens, ...SOURCE },
            counted: { creditsPerMillionTokens, likelyTokens: { input: 20, output: 9_000 }, ...SOURCE },
          },
          default: { credits: other, ...SOURCE },
          mcpTool: { credits: tool, ...SOURCE },
        },
        'ai-media': { price: 'at-cost', likelyUsd: '0.04', ...SOURCE },
      },
    });
  });

type Next = (below: number) => number;
interface End {
  readonly usage: Usage;
  readonly failed: boolean;
}

const attachedSchema = z.array(z.object({ server: z.string(), tools: z.array(z.string()).optional() }));

/** The tools an agent may call: those that are named, or any of a server that names none. */
function toolsOf({ config }: Block): NonNullable<Usage['mcpTools']> {
  return attachedSchema
    .parse(config['tools'] ?? [])
    .flatMap(({ server, tools = ['u1', 'u2', 'u3', 'u4'] }) =>
      tools.map((tool) => ({ server, tool, calls: 1 })),
    );
}

/** An agent within its own limits, as its workflow holds it to them; whatever the model answers and asks for. */
function agentEnd(block: Block, card: RateCard, next: Next): End {
  const run = { team: 't', runId: 'r', rateCard: card.id, context: API, kind: 'flow' } as const;
  const budget = budgetOf(block, run, card);
  const mostTools = agentToolsOf(block.config);
  let usage: Usage = {};
  for (let step = 1; ; step += 1) {
    try {
      budget.beforeCall(usage);
    } catch {
      return { usage, failed: true };
    }
    // A model that cannot be reached has used nothing.
    if (next(12) === 0) return { usage, failed: true };
    const tokens = { inputTokens: next(4) * next(900), outputTokens: next(4) * next(900) };
    usage = withAgentCall(usage, block.config, { content: '', toolCalls: [], finish: 'stop', ...tokens });
    const called = new Set((usage.mcpTools ?? []).map(({ server, tool }) => `${server} ${tool}`));
    const tools = toolsOf(block).filter(({ server, tool }) => {
      if (next(3) > 0) return false;
      if (!called.has(`${server} ${tool}`) && mostTools !== null && called.size >= mostTools) return false;
      called.add(`${server} ${tool}`);
      return true;
    });
    const goesOn = tools.length > 0;
    if (budget.afterCall(usage, { tools, goesOn }) !== undefined) return { usage, failed: true };
    if (!goesOn) return { usage, failed: false };
    if (step === agentStepsOf(block.config)) return { usage, failed: true };
    usage = { ...usage, mcpTools: [...(usage.mcpTools ?? []), ...tools] };
  }
}

function endOf(block: Block, card: RateCard, next: Next): End {
  if (block.type === 'ai-agent') return agentEnd(block, card, next);
  const fails = portsOf(block.type).includes('error') && next(6) === 0;
  if (block.type !== 'ai-media') return { usage: {}, failed: fails };
  const usage = { model: 'painter', costUsd: `0.0${String(next(1000))}` };
  return { usage: fails && next(2) === 0 ? {} : usage, failed: fails };
}

/** A run of a flow, block by block in any order. */
function runOf(flow: Flow, card: RateCard, next: Next): { charged: bigint; completed: boolean } {
  let charged = BigInt(runCharge(API, card).millicredits);
  let anyFailed = false;
  let state = startFlow(flow, null);
  for (let waiting = ready(state, flow); waiting.length > 0; waiting = ready(state, flow)) {
    const id = waiting[next(waiting.length)] ?? '';
    const block = flow.blocks.find((each) => each.id === id);
    if (block === undefined) throw new Error(`block "${id}" is none of the flow`);
    const end = endOf(block, card, next);
    charged += BigInt(charge({ type: block.type, ...end }, API, card).millicredits);
    anyFailed ||= end.failed;
    const ports = portsOf(block.type).filter((port) => port !== 'error');
    state = begin(state, flow, id);
    state = end.failed
      ? failed(state, flow, id, { type: 'Test', message: 'fails' })
      : delivered(state, flow, id, { port: ports[next(ports.length)] ?? 'out', value: null });
  }
  return { charged, completed: outcome(state) === 'completed' && !anyFailed };
}

describe('an estimate of flows with agents and media', () => {
  it('holds for whatever models answer, ask for and cost', () => {
    const seen = { completed: 0, bounded: 0, positive: 0 };
    const choices = fc.infiniteStream(fc.nat(1_000_000));
    fc.assert(
      fc.property(anyFlowOfModels(6), anyCard, choices, (graph, card, chooser) => {
        const flow: Flow = { name: 'any', blocks: [...graph.blocks], connections: [...graph.connections] };
        const estimated = estimate(flow, API, card);
        const [least, probable] = [BigInt(estimated.least), BigInt(estimated.likely)];
        const most = estimated.most === null ? null : BigInt(estimated.most);
        expect(least <= probable).toBe(true);
        expect(most === null || probable <= most).toBe(true);
        const { charged, completed } = runOf(flow, card, (below) => Number(chooser.next().value) % below);
        if (most !== null) expect(charged <= most).toBe(true);
        if (completed) expect(charged >= least).toBe(true);
        const agents = flow.blocks.some(({ type }) => type === 'ai-agent');
        if (agents && completed) seen.completed += 1;
        if (agents && completed && most !== null) seen.bounded += 1;
        if (agents && completed && least > 0n) seen.positive += 1;
      }),
      { numRuns: 1_000 },
    );
    // The property says something only of those.
    expect(Object.values(seen).every((times) => times > 20)).toBe(true);
  });

  it('expects one call of a model that is priced by tokens, of as many as its row says, never nothing', () => {
    const creditsPerMillionTokens = { input: '2500', output: '10000' };
    const card = cardWith({
      blocks: {
        'ai-agent': {
          price: 'by-model',
          models: {
            unsaid: { creditsPerMillionTokens, ...SOURCE },
            said: { creditsPerMillionTokens, likelyTokens: { input: 4_000, output: 100 }, ...SOURCE },
          },
        },
      },
    });
    const agent = (config: Block['config']) => ({ type: 'ai-agent', config });
    expect(likely(agent({ model: 'unsaid' }), API, card)).toBe(2_500n + 5_000n);
    expect(likely(agent({ model: 'said' }), API, card)).toBe(10_000n + 1_000n);
    expect(likely(agent({ model: 'unsaid', maxOutputTokens: 50 }), API, card)).toBe(2_500n + 500n);
    expect(likely(agent({ model: 'said', maxOutputTokens: 500 }), API, card)).toBe(10_000n + 1_000n);
    const flow = { blocks: [{ id: 'a', ...agent({ model: 'unsaid' }) }], connections: [] };
    // A call of no tokens is nothing, and nothing bounds the tokens.
    expect(estimate(flow, API, card)).toEqual({ least: '0', likely: '7500', most: null });
  });
});
