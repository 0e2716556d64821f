import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nestedIn } from '../../src/contracts/blocks-nested';
import { type Flow } from '../../src/contracts/flow';
import { charge, estimate, requiresCredits, runCharge, type RateCard } from '../../src/pricing';
import { outcome } from '../../src/workflows/interpreter';
import { anyNestedFlow, Decisions } from '../workflows/interpreter/nested-flows';
import { runNested } from '../workflows/interpreter/nested-run';
import { cardWith, SOURCE } from './cards';

const API = { trigger: 'api', location: 'cloud' } as const;
const TYPES = ['if', 'condition', 'delay', 'http-request', 'evaluate', 'for', 'repeat', 'collect', 'flow'];

const anyCard: fc.Arbitrary<RateCard> = fc
  .array(fc.nat(9), { minLength: TYPES.length, maxLength: TYPES.length })
  .map((prices) =>
    cardWith({
      run: { cloud: { credits: 1, ...SOURCE } },
      blocks: Object.fromEntries(
        TYPES.map((type, index) => [type, { price: 'fixed', credits: prices[index], ...SOURCE }]),
      ),
    }),
  );

/** The type of the block at a key. */
function typeAt(flow: Flow, key: string): string {
  const ids = key.split('/').map((segment) => segment.replace(/\[\d+\]$/, ''));
  let inside: Flow | null = flow;
  let type = '';
  for (const id of ids) {
    const block = inside?.blocks.find((each) => each.id === id);
    if (block === undefined) throw new Error(key);
    ({ type } = block);
    inside = nestedIn(block);
  }
  return type;
}

/** What a run of the flow is charged in which every block that was executed is charged in full. */
function actual(flow: Flow, keys: Iterable<string>, card: RateCard): bigint {
  return [...keys].reduce(
    (sum, key) => sum + BigInt(charge({ type: typeAt(flow, key), usage: {} }, API, card).millicredits),
    BigInt(runCharge(API, card).millicredits),
  );
}

describe('an estimate of a flow with loops and called flows', () => {
  it.each([0, 6])('bounds what runs of it cost, whatever happens (one block in %d fails)', (failing) => {
    let bounded = 0;
    fc.assert(
      fc.property(
        anyNestedFlow(),
        anyCard,
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (flow, card, seed, choices) => {
          const choose = (below: number): number => Number(choices.next().value) % below;
          const { state, executed } = runNested(flow, [1, 2], new Decisions(seed, failing), choose);
          const cost = actual(flow, executed.keys(), card);
          const { least, most } = estimate(flow, API, card);
          if (most !== null) {
            bounded += 1;
            expect(cost <= BigInt(most)).toBe(true);
          }
          if (outcome(state) === 'completed' && failing === 0) expect(cost >= BigInt(least)).toBe(true);
          expect(requiresCredits(flow, API, card) || cost === 0n).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
    expect(bounded).toBeGreaterThan(100);
  });
});
