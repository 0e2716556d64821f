import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LOCATIONS, type RunContext } from '../../src/contracts/context';
import { type Usage } from '../../src/contracts/usage';
import { charge, type RateCard } from '../../src/pricing';
import { inMillions, parseDecimal, timesDecimal } from '../../src/pricing/decimal';
import { cardWith, NEWER, OLDER, SOURCE } from './cards';

const credits = fc
  .tuple(fc.nat(50), fc.nat(999))
  .map(([whole, part]) => `${whole}.${String(part).padStart(3, '0')}`);

/** A card with models by the call and by tokens, a default, tools, units and media. */
const anyCard: fc.Arbitrary<RateCard> = fc
  .record({ call: credits, input: credits, output: credits, other: credits, tool: credits, unit: credits })
  .map(({ call, input, output, other, tool, unit }) =>
    cardWith({
      blocks: {
        agent: {
          price: 'by-model',
          models: {
            m1: { credits: call, ...SOURCE },
            m2: { creditsPerMillionTokens: { input, output }, ...SOURCE },
          },
          default: { credits: other, ...SOURCE },
          mcpTool: { credits: tool, ...SOURCE },
        },
        pages: { price: 'per-unit', unit: 'page', credits: unit, ...SOURCE },
        media: { price: 'at-cost', ...SOURCE },
      },
    }),
  );

const decimal = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 10n ** 6n }),
    fc.array(fc.nat(9), { maxLength: 20 }).map((digits) => digits.join('')),
  )
  .map(([whole, part]) => (part === '' ? whole.toString() : `${whole}.${part}`));

const modelCall = fc.record({
  model: fc.constantFrom('m1', 'm2', 'm3'),
  calls: fc.nat(200),
  inputTokens: fc.nat(3_000_000),
  outputTokens: fc.nat(3_000_000),
});
const toolCall = fc.record({
  server: fc.constantFrom('s1', 's2'),
  tool: fc.constantFrom('t1', 't2', 't3'),
  calls: fc.nat(5),
});
const agentUsage = fc.record({ modelCalls: fc.array(modelCall), mcpTools: fc.array(toolCall) });

const anyItem: fc.Arbitrary<{ type: string; usage: Usage; failed: boolean }> = fc.oneof(
  fc.record({ type: fc.constant('agent'), usage: agentUsage, failed: fc.boolean() }),
  fc.record({ type: fc.constant('pages'), usage: fc.record({ units: fc.nat() }), failed: fc.boolean() }),
  fc.record({
    type: fc.constant('media'),
    usage: fc.record({ model: fc.constant('x'), costUsd: decimal }),
    failed: fc.boolean(),
  }),
);
const anyContext: fc.Arbitrary<RunContext> = fc.record({
  trigger: fc.constant('manual' as const),
  location: fc.constantFrom(...LOCATIONS),
});

const agent = (usage: Usage, card: RateCard): bigint =>
  BigInt(charge({ type: 'agent', usage }, { trigger: 'api', location: 'cloud' }, card).millicredits);

describe('every charge', () => {
  it('is the sum of its lines, each quantity x unit rounded half up', () => {
    fc.assert(
      fc.property(anyItem, anyContext, anyCard, (item, context, card) => {
        const { millicredits, lines } = charge(item, context, card);
        expect(BigInt(millicredits)).toBe(lines.reduce((sum, line) => sum + BigInt(line.millicredits), 0n));
        for (const line of lines) {
          const { numerator, denominator } = parseDecimal(line.quantity);
          const exact = numerator * BigInt(line.unitMillicredits);
          const twice = 2n * (BigInt(line.millicredits) * denominator - exact);
          // -1/2 < rounded - exact <= 1/2
          expect(twice > -denominator && twice <= denominator).toBe(true);
          expect(numerator > 0n).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order of what was used', () => {
    const both = agentUsage.chain((usage) =>
      fc.record({
        usage: fc.constant(usage),
        shuffled: fc.record({
          modelCalls: fc.shuffledSubarray(usage.modelCalls, { minLength: usage.modelCalls.length }),
          mcpTools: fc.shuffledSubarray(usage.mcpTools, { minLength: usage.mcpTools.length }),
        }),
      }),
    );
    const context = { trigger: 'api', location: 'cloud' } as const;
    fc.assert(
      fc.property(both, anyCard, ({ usage, shuffled }, card) => {
        expect(charge({ type: 'agent', usage: shuffled }, context, card)).toEqual(
          charge({ type: 'agent', usage }, context, card),
        );
      }),
    );
  });

  it('never falls when more is used', () => {
    fc.assert(
      fc.property(agentUsage, agentUsage, anyCard, (usage, more, card) => {
        const both = {
          modelCalls: [...usage.modelCalls, ...more.modelCalls],
          mcpTools: [...usage.mcpTools, ...more.mcpTools],
        };
        expect(agent(both, card) >= agent(usage, card)).toBe(true);
      }),
    );
  });

  it('counts each tool once, however it was reported', () => {
    fc.assert(
      fc.property(fc.array(toolCall), anyCard, (mcpTools, card) => {
        const called = mcpTools.filter(({ calls }) => calls > 0);
        const unique = new Set(called.map(({ server, tool }) => `${server} ${tool}`)).size;
        const one = agent({ mcpTools: [{ server: 's', tool: 't', calls: 1 }] }, card);
        expect(agent({ mcpTools }, card)).toBe(one * BigInt(unique));
      }),
    );
  });

  it('of a failed block is at most that of one that succeeded', () => {
    fc.assert(
      fc.property(anyItem, anyContext, anyCard, (item, context, card) => {
        const failed = BigInt(charge({ ...item, failed: true }, context, card).millicredits);
        expect(failed <= BigInt(charge({ ...item, failed: false }, context, card).millicredits)).toBe(true);
      }),
    );
  });

  it('in a local run is at most that in the cloud', () => {
    const types = [...new Set([...Object.keys(OLDER.blocks), ...Object.keys(NEWER.blocks)])];
    for (const card of [OLDER, NEWER]) {
      for (const type of types) {
        const usage = { modelCalls: [{ model: 'gpt-4o', calls: 1 }], costUsd: '0.5' };
        const at = (location: 'local' | 'cloud') =>
          BigInt(charge({ type, usage }, { trigger: 'manual', location }, card).millicredits);
        expect(at('local') <= at('cloud')).toBe(true);
      }
    }
  });
});

describe('decimals', () => {
  it('agree with whole numbers', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (unit, count) => {
        expect(timesDecimal(unit, count.toString())).toBe(unit * count);
      }),
    );
  });

  it('give back a count from its millions', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (count) => {
        expect(timesDecimal(1_000_000n, inMillions(count))).toBe(BigInt(count));
      }),
    );
  });

  it.each(['', '-1', '+1', '1e3', '.5', '5.', '1,5', ' 1', '0x1', 'NaN', 'Infinity', '1.2.3'])(
    'refuse "%s"',
    (text) => {
      expect(() => parseDecimal(text)).toThrow(RangeError);
    },
  );
});
