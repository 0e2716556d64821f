import { describe, expect, it } from '@jest/globals';
import { credits, millicredits } from '../../src/contracts/millicredits';
import { type Usage } from '../../src/contracts/usage';
import { charge, loadPricing, reprice, type PastCharge, type RateCard } from '../../src/pricing';

const { cards } = loadPricing();
const [older, newer] = cards as readonly [RateCard, RateCard];
const context = { trigger: 'api', location: 'cloud' } as const;

/** A charge as it was made under the older card. */
function past(type: string, usage: Usage = {}, more: Partial<PastCharge> = {}): PastCharge {
  const { millicredits: amount, lines } = charge({ type, usage }, context, older);
  return {
    type,
    usage,
    rows: 'blocks',
    context,
    amount: millicredits(BigInt(amount)),
    lines,
    reversals: [],
    ...more,
  };
}

const AGENT: Usage = {
  modelCalls: [{ model: 'gpt-4o', calls: 2 }],
  mcpTools: [
    { server: 's', tool: 'a', calls: 9 },
    { server: 's', tool: 'b', calls: 1 },
  ],
};

/** The newer card with another price of a tool, and of a call. */
const dearer: RateCard = {
  ...newer,
  id: 'dearer',
  run: { cloud: { credits: '0.5', provenance: 'assumed', source: 'test' } },
  blocks: {
    ...newer.blocks,
    'ai-agent': {
      price: 'by-model',
      models: { 'gpt-4o': { credits: '20', provenance: 'assumed', source: 'test' } },
      mcpTool: { credits: '3', provenance: 'assumed', source: 'test' },
    },
    'http-request': { price: 'fixed', credits: '1.5', provenance: 'assumed', source: 'test' },
  },
};

describe('a past charge under another card', () => {
  it('is what the same usage costs there, in the same run', () => {
    expect(reprice(past('ai-agent', AGENT), dearer)).toEqual({
      status: 'repriced',
      was: credits(34),
      would: credits(46),
    });
    expect(reprice(past('ai-agent', AGENT), older)).toEqual({
      status: 'repriced',
      was: credits(34),
      would: credits(34),
    });
    expect(reprice(past('unheard-of'), dearer)).toEqual({ status: 'repriced', was: 0n, would: 0n });
    const run = past('run', {}, { rows: 'run', amount: credits(1) });
    expect(reprice(run, dearer)).toEqual({ status: 'repriced', was: credits(1), would: millicredits(500) });
    expect(reprice(run, newer)).toEqual({ status: 'repriced', was: credits(1), would: 0n });
  });

  it('is charged no fixed price where it failed; where nobody wrote that down, it did not', () => {
    const amount = { amount: credits(1) };
    expect(reprice(past('http-request', {}, amount), dearer)).toMatchObject({ would: millicredits(1500) });
    expect(reprice(past('http-request', {}, { ...amount, failed: true }), dearer)).toMatchObject({
      would: 0n,
    });
  });

  it('is what it is now: nothing where it was reversed, without the lines that were', () => {
    const all = { reversals: [{ line: null, amount: credits(34) }] };
    expect(reprice(past('ai-agent', AGENT, all), dearer)).toEqual({ status: 'repriced', was: 0n, would: 0n });
    const tool = { reversals: [{ line: 1, amount: credits(2) }] };
    expect(reprice(past('ai-agent', AGENT, tool), dearer)).toEqual({
      status: 'repriced',
      was: credits(32),
      would: credits(43),
    });
    const rest = { reversals: [...tool.reversals, { line: null, amount: credits(32) }] };
    expect(reprice(past('ai-agent', AGENT, rest), dearer)).toEqual({
      status: 'repriced',
      was: 0n,
      would: 0n,
    });
  });

  it('is refused where the card cannot price it, and says why', () => {
    const unknown: Usage = { modelCalls: [{ model: 'gpt-4', calls: 1 }] };
    expect(reprice(past('ai-agent', unknown), dearer)).toMatchObject({
      status: 'refused',
      was: credits(25),
      reason: expect.stringMatching(/^usage\.modelCalls: model "gpt-4" has no row in blocks\.ai-agent/),
    });
    const { 'ai-agent': _agent, ...blocks } = dearer.blocks;
    const tool = { reversals: [{ line: 1, amount: credits(2) }] };
    expect(reprice(past('ai-agent', AGENT, tool), { ...dearer, blocks })).toEqual({
      status: 'refused',
      was: credits(32),
      reason: '"MCP tool a on s" was reversed, and the card has no such line',
    });
  });
});
