import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Flow } from '../../src/contracts/flow';
import { charge, estimate, runCharge, type RateCard } from '../../src/pricing';
import { extreme } from '../../src/pricing/extremes';
import { builtInPorts, orderOf, type Graph } from '../../src/pricing/graph';
import {
  begin,
  delivered,
  failed,
  outcome,
  ready,
  startFlow,
  statuses,
} from '../../src/workflows/interpreter';
import { cardWith, SOURCE } from './cards';
import { anyFlow, portsOf } from './flows';

const API = { trigger: 'api', location: 'cloud' } as const;
const TYPES = ['start', 'if', 'validate', 'condition', 'or', 'http-request', 'connector', 'evaluate'];

const anyCard: fc.Arbitrary<RateCard> = fc
  .tuple(fc.array(fc.nat(20), { minLength: TYPES.length, maxLength: TYPES.length }), fc.nat(3))
  .map(([prices, run]) =>
    cardWith({
      run: { cloud: { credits: run, ...SOURCE } },
      blocks: Object.fromEntries(
        TYPES.slice(1).map((type, index) => [type, { price: 'fixed', credits: prices[index], ...SOURCE }]),
      ),
    }),
  );

const price = (type: string, card: RateCard): bigint =>
  BigInt(charge({ type, usage: {} }, API, card).millicredits);

interface Way {
  readonly cost: bigint;
  readonly failures: number;
}

/** Every way through a flow, one by one: for each block that runs, each port it may deliver on. */
function allWays(graph: Graph, card: RateCard, place = 0, taken = new Map<string, string>()): Way[] {
  const block = graph.blocks[place];
  if (block === undefined) return [{ cost: 0n, failures: 0 }];
  const into = graph.connections.filter(({ to }) => to === block.id);
  const arrived = into.map(({ from, port = 'out' }) => taken.get(from) === port);
  const runs = block.type === 'or' && arrived.length > 0 ? arrived.includes(true) : !arrived.includes(false);
  if (!runs) return allWays(graph, card, place + 1, taken);
  const rescued = graph.connections.some(({ from, port }) => from === block.id && port === 'error');
  const ports = portsOf(block.type).filter((port) => port !== 'error' || rescued);
  return ports.flatMap((port) =>
    allWays(graph, card, place + 1, new Map(taken).set(block.id, port)).map(({ cost, failures }) => ({
      // A failed block is bounded by its full price.
      cost: cost + price(block.type, card),
      failures: failures + (port === 'error' ? 1 : 0),
    })),
  );
}

const least = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (a < b ? a : b));
const most = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (a > b ? a : b));

describe('an estimate', () => {
  it('is the least and the most over all ways through the flow', () => {
    fc.assert(
      fc.property(anyFlow(6), anyCard, (flow, card) => {
        const run = BigInt(runCharge(API, card).millicredits);
        const ways = allWays(flow, card);
        const calm = ways.filter(({ failures }) => failures === 0).map(({ cost }) => run + cost);
        expect(estimate(flow, API, card)).toEqual({
          least: least(calm).toString(),
          likely: most(calm).toString(),
          most: most(ways.map(({ cost }) => run + cost)).toString(),
        });
      }),
      { numRuns: 500 },
    );
  });

  it('stays a bound where it cannot look at every way', () => {
    const search = { ports: builtInPorts, failures: true, mostStates: 1 } as const;
    fc.assert(
      fc.property(anyFlow(6), anyCard, (flow, card) => {
        const ordered = orderOf(flow);
        if ('faults' in ordered) throw new Error('is no flow');
        const ways = allWays(flow, card).map(({ cost }) => cost);
        const cost = ({ type }: { type: string }) => price(type, card);
        expect(extreme(flow, ordered, { ...search, goal: 'least', cost }) <= least(ways)).toBe(true);
        expect(extreme(flow, ordered, { ...search, goal: 'most', cost }) >= most(ways)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('holds for whatever the interpreter does with the flow', () => {
    const choices = fc.infiniteStream(fc.nat(1000));
    fc.assert(
      fc.property(anyFlow(10), anyCard, choices, (graph, card, chooser) => {
        const flow: Flow = { name: 'any', blocks: [...graph.blocks], connections: [...graph.connections] };
        const next = (below: number): number => Number(chooser.next().value) % below;
        let state = startFlow(flow, null);
        for (let waiting = ready(state, flow); waiting.length > 0; waiting = ready(state, flow)) {
          const id = waiting[next(waiting.length)] ?? '';
          const type = flow.blocks.find((block) => block.id === id)?.type ?? '';
          const ports = portsOf(type);
          const port = ports[next(ports.length)] ?? 'out';
          state = begin(state, flow, id);
          state =
            port === 'error'
              ? failed(state, flow, id, { type: 'Test', message: 'fails' })
              : delivered(state, flow, id, { port, value: null });
        }
        const run = BigInt(runCharge(API, card).millicredits);
        const of = (status: string): bigint =>
          flow.blocks
            .filter(({ id }) => statuses(state, flow)[id] === status)
            .reduce((sum, { type }) => sum + price(type, card), 0n);
        const anyFailed = Object.values(statuses(state, flow)).includes('failed');
        const estimated = estimate(flow, API, card);
        expect(run + of('done') + of('failed') <= BigInt(estimated.most ?? -1)).toBe(true);
        if (outcome(state) === 'completed' && !anyFailed) {
          expect(run + of('done') >= BigInt(estimated.least)).toBe(true);
          expect(run + of('done') <= BigInt(estimated.likely)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is quick for a flow as large as flows may be', () => {
    // 499 branches, one after the other, each joined again: 2^499 ways.
    const blocks = Array.from({ length: 998 }, (_, place) => ({
      id: `b${place}`,
      type: place % 2 === 0 ? 'if' : 'or',
      config: {},
    }));
    const connections = blocks.slice(1).flatMap(({ id, type }, place) =>
      type === 'or'
        ? [
            { from: `b${place}`, port: 'true', to: id },
            { from: `b${place}`, port: 'false', to: id },
          ]
        : [{ from: `b${place}`, to: id }],
    );
    const card = cardWith({ blocks: { if: { price: 'fixed', credits: 1, ...SOURCE } } });
    expect(estimate({ blocks, connections }, API, card)).toEqual({
      least: '499000',
      likely: '499000',
      most: '499000',
    });
  });

  it('is a bound for a flow with very many branches side by side', () => {
    const ifs = Array.from({ length: 60 }, (_, place) => ({ id: `i${place}`, type: 'if', config: {} }));
    const ends = ifs.map(({ id }) => ({ id: `h${id}`, type: 'http-request', config: {} }));
    // A last block that waits for all of them keeps every branch open.
    const blocks = [...ifs, ...ends, { id: 'last', type: 'connector', config: {} }];
    const connections = ifs.flatMap(({ id }) => [
      { from: id, port: 'true', to: `h${id}` },
      { from: `h${id}`, to: 'last' },
    ]);
    const rows = { if: 1, 'http-request': 2, connector: 5 };
    const card = cardWith({
      blocks: Object.fromEntries(
        Object.entries(rows).map(([type, credits]) => [type, { price: 'fixed', credits, ...SOURCE }]),
      ),
    });
    const found = estimate({ blocks, connections }, API, card);
    expect(BigInt(found.least) <= 60_000n).toBe(true);
    expect(BigInt(found.most ?? 0) >= 185_000n).toBe(true);
  });
});
