import { describe, expect, it } from '@jest/globals';
import { linked } from '../../src/contracts/blocks-nested';
import { type RunContext } from '../../src/contracts/context';
import { type Json } from '../../src/contracts/json';
import {
  activitiesRequireCredits,
  estimate,
  likely,
  PricingRefusal,
  requiresCredits,
} from '../../src/pricing';
import { modelFaults } from '../../src/pricing/faults';
import { orderOf } from '../../src/pricing/graph';
import { cardWith, fixedCard, NEWER, OLDER, SOURCE } from './cards';
import { chain, flowOf } from './flows';

const API: RunContext = { trigger: 'api', location: 'cloud' };
const MANUAL: RunContext = { trigger: 'manual', location: 'local' };
const callOf = (id: string, flow: Record<string, Json>) => ({ id, type: 'flow', config: { flow } });
const of = (least: number, likely: number, most: number | null) => ({
  least: String(least),
  likely: String(likely),
  most: most === null ? null : String(most),
});

describe('a flow without branches', () => {
  it('costs the same at least, likely and at most', () => {
    const flow = chain('start', 'http-request', 'evaluate', 'connector', 'output');
    expect(estimate(flow, API, NEWER)).toEqual(of(4000, 4000, 4000));
    expect(estimate(flow, MANUAL, NEWER)).toEqual(of(2000, 2000, 2000));
  });

  it('costs one credit more for the run itself on the older card', () => {
    const flow = chain('start', 'http-request', 'output');
    expect(estimate(flow, API, OLDER)).toEqual(of(2000, 2000, 2000));
    expect(estimate(chain('start', 'output'), API, OLDER)).toEqual(of(1000, 1000, 1000));
    expect(estimate(flow, MANUAL, OLDER)).toEqual(of(0, 0, 0));
  });
});

describe('a branch', () => {
  const card = fixedCard({ if: 1, cheap: 2, dear: 10, more: 5, after: 100 });
  const branch = [{ id: 'if' }, { id: 'cheap' }, { id: 'dear' }] as const;

  it('takes the cheapest way for the least, the dearest for the rest', () => {
    const flow = flowOf(branch, [
      ['if.true', 'cheap'],
      ['if.false', 'dear'],
    ]);
    expect(estimate(flow, API, card)).toEqual(of(3000, 11000, 11000));
  });

  it('may lead nowhere', () => {
    expect(estimate(flowOf(branch.slice(0, 2), [['if.true', 'cheap']]), API, card)).toEqual(
      of(1000, 3000, 3000),
    );
  });

  it('that is joined without "or" skips what follows: one way in was not taken', () => {
    const flow = flowOf(
      [...branch, { id: 'after' }],
      [
        ['if.true', 'cheap'],
        ['if.false', 'dear'],
        ['cheap', 'after'],
        ['dear', 'after'],
      ],
    );
    expect(estimate(flow, API, card)).toEqual(of(3000, 11000, 11000));
  });

  it('that is joined by "or" goes on either way', () => {
    const flow = flowOf(
      [...branch, { id: 'or' }, { id: 'after' }],
      [
        ['if.true', 'cheap'],
        ['if.false', 'dear'],
        ['cheap', 'or'],
        ['dear', 'or'],
        ['or', 'after'],
      ],
    );
    const ports = () => ['out'];
    expect(estimate(flow, API, card, { ports })).toEqual(of(103000, 111000, 111000));
  });

  it('of a condition goes to one of its cases or to else', () => {
    const config = { cases: [{ name: 'a' }, { name: 'b' }] };
    const steps = [{ id: 'condition', config }, { id: 'cheap' }, { id: 'dear' }, { id: 'more' }];
    const [a, b, rest] = [
      ['condition.a', 'cheap'],
      ['condition.b', 'dear'],
      ['condition.else', 'more'],
    ] as const;
    expect(estimate(flowOf(steps, [a, b, rest]), API, card)).toEqual(of(2000, 10000, 10000));
    expect(estimate(flowOf(steps.slice(0, 3), [a, b]), API, card)).toEqual(of(0, 10000, 10000));
  });

  it('of a validation is valid or invalid', () => {
    const steps = [{ id: 'validate' }, { id: 'cheap' }, { id: 'dear' }];
    const flow = flowOf(steps, [
      ['validate.valid', 'cheap'],
      ['validate.invalid', 'dear'],
    ]);
    expect(estimate(flow, API, card)).toEqual(of(2000, 10000, 10000));
  });

  it('taken twice by the same answer is the same branch', () => {
    const flow = flowOf(
      [...branch, { id: 'more' }],
      [
        ['if.true', 'cheap'],
        ['if.false', 'dear'],
        ['if.true', 'more'],
      ],
    );
    expect(estimate(flow, API, card)).toEqual(of(8000, 11000, 11000));
  });
});

describe('a failure', () => {
  const card = fixedCard({ 'http-request': 1, rescue: 20, after: 3 });

  it('counts only for the most', () => {
    const flow = flowOf(
      [{ id: 'http-request' }, { id: 'rescue' }, { id: 'after' }],
      [
        ['http-request.error', 'rescue'],
        ['http-request', 'after'],
      ],
    );
    expect(estimate(flow, API, card)).toEqual(of(4000, 4000, 21000));
  });
});

describe('a platform’s own type', () => {
  const card = fixedCard({ own: 1, left: 2, right: 5 });
  const flow = flowOf(
    [{ id: 'own' }, { id: 'left' }, { id: 'right' }],
    [
      ['own', 'left'],
      ['own.odd', 'right'],
    ],
  );

  it('may deliver on any port or none, as long as nobody says more', () => {
    expect(estimate(flow, API, card)).toEqual(of(1000, 6000, 6000));
  });

  it('delivers on one of the ports its platform names', () => {
    expect(estimate(flow, API, card, { ports: () => ['out', 'odd'] })).toEqual(of(3000, 6000, 6000));
    expect(estimate(flow, API, card, { ports: () => ['out'] })).toEqual(of(3000, 3000, 3000));
  });
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

describe('a loop', () => {
  const card = fixedCard({ 'http-request': 2 });
  const body = {
    blocks: [
      { id: 'h', type: 'http-request' },
      { id: 'i', type: 'if' },
      { id: 'g', type: 'http-request' },
    ],
    connections: [
      { from: 'h', to: 'i' },
      { from: 'i', port: 'true', to: 'g' },
    ],
  };
  const loop = (type: string, config: Record<string, number | string | string[]>) =>
    flowOf([{ id: 'l', type, config: { body, ...config } }], []);

  it('multiplies its body by a known count', () => {
    expect(estimate(loop('repeat', { times: 5 }), API, card)).toEqual(of(10000, 20000, 20000));
    expect(estimate(loop('for', { items: ['a', 'b'] }), API, card)).toEqual(of(4000, 8000, 8000));
    expect(estimate(loop('repeat', { times: 0 }), API, card)).toEqual(of(0, 0, 0));
  });

  it('of unknown count is counted once, at least never, at most without bound', () => {
    expect(estimate(loop('for', {}), API, card)).toEqual(of(0, 4000, null));
    expect(estimate(loop('for', {}), API, fixedCard({}))).toEqual(of(0, 0, 0));
  });

  it('whose number an expression gives is bounded by its "most", 1,000 if it has none', () => {
    expect(estimate(loop('repeat', { times: 'input.n' }), API, card)).toEqual(of(0, 4000, 4_000_000));
    expect(estimate(loop('repeat', { times: 'input.n', most: 5 }), API, card)).toEqual(of(0, 4000, 20000));
    expect(estimate(loop('repeat', { while: 'input.last', most: 7 }), API, card)).toEqual(of(0, 4000, 28000));
    expect(estimate(loop('for', { items: 'input.list' }), API, card)).toEqual(of(0, 4000, null));
  });

  it('costs nothing itself, whatever a card says', () => {
    const dear = fixedCard({ for: 9, repeat: 9, flow: 9, collect: 9, 'http-request': 2 });
    expect(estimate(loop('repeat', { times: 5 }), API, dear)).toEqual(of(10000, 20000, 20000));
    const joined = flowOf([{ id: 'if' }, { id: 'collect' }], [['if.true', 'collect']]);
    expect(estimate(joined, API, dear)).toEqual(of(0, 0, 0));
  });

  it('may hold another', () => {
    const outer = { blocks: [{ id: 'r', type: 'repeat', config: { body, times: 3 } }], connections: [] };
    const flow = flowOf([{ id: 'o', type: 'repeat', config: { body: outer, times: 2 } }], []);
    expect(estimate(flow, API, card)).toEqual(of(12000, 24000, 24000));
  });

  it('with a model that has no price names the field', () => {
    const inner = { blocks: [{ id: 'a', type: 'ai-agent', config: { model: 'gpt-9' } }], connections: [] };
    const flow = flowOf([{ id: 'l', type: 'repeat', config: { body: inner, times: 1 } }], []);
    expect(() => estimate(flow, API, NEWER)).toThrow('blocks[0].config.body.blocks[0].config.model');
  });
});

describe('a called flow', () => {
  const called = { name: 'called', blocks: [{ id: 'h', type: 'http-request', config: {} }], connections: [] };

  it('that is not at hand may cost anything', () => {
    expect(estimate(chain('flow'), MANUAL, NEWER)).toEqual(of(0, 0, null));
  });

  it('costs what it would cost by itself, each time it is called', () => {
    const calls = flowOf(
      [
        { id: 'a', type: 'flow', config: { flow: called } },
        { id: 'b', type: 'flow', config: { flow: called } },
        {
          id: 'r',
          type: 'repeat',
          config: { times: 3, body: { blocks: [callOf('x', called)], connections: [] } },
        },
      ],
      [],
    );
    expect(estimate(calls, API, NEWER)).toEqual(of(5000, 5000, 5000));
    expect(requiresCredits(calls, MANUAL, NEWER)).toBe(false);
  });

  it('is priced once, however often it is called: eight flows, each calling the next a hundred times', () => {
    const named = Object.fromEntries(
      Array.from({ length: 8 }, (_, place) => [
        `f${place}`,
        place === 7
          ? called
          : {
              name: 'f',
              blocks: Array.from({ length: 100 }, (__, n) => callOf(`c${n}`, { ref: `f${place + 1}` })),
            },
      ]),
    );
    const flow = { name: 'root', blocks: [callOf('c', { ref: 'f0' })], connections: [] };
    expect(estimate(linked(flow, named), API, NEWER).least).toBe(String(1000n * 100n ** 7n));
    expect(modelFaults(linked(flow, named), NEWER)).toEqual([]);
  });

  it('that calls a model without a price names the field', () => {
    const agent = { blocks: [{ id: 'a', type: 'ai-agent', config: { model: 'gpt-9' } }], connections: [] };
    const flow = flowOf([{ id: 'c', type: 'flow', config: { flow: agent } }], []);
    expect(modelFaults(flow, NEWER)).toMatchObject([
      { path: 'blocks[0].config.flow.blocks[0].config.model' },
    ]);
  });
});

describe('requiresCredits', () => {
  it('is false only where nothing could ever be charged', () => {
    const local = chain('start', 'http-request', 'if', 'output');
    expect(requiresCredits(local, MANUAL, NEWER)).toBe(false);
    expect(requiresCredits(local, MANUAL, OLDER)).toBe(false);
    expect(requiresCredits(local, API, NEWER)).toBe(true);
    expect(requiresCredits(local, { trigger: 'manual', location: 'cloud' }, NEWER)).toBe(true);
    expect(requiresCredits(chain('connector'), MANUAL, NEWER)).toBe(true);
    expect(requiresCredits(chain('ai-media'), MANUAL, NEWER)).toBe(true);
    expect(requiresCredits(chain('start', 'output'), API, NEWER)).toBe(false);
  });

  it('is true for the run’s own charge', () => {
    expect(requiresCredits(chain('start', 'output'), API, OLDER)).toBe(true);
  });

  it('is true for what only a failure reaches', () => {
    const flow = flowOf([{ id: 'http-request' }, { id: 'connector' }], [['http-request.error', 'connector']]);
    expect(requiresCredits(flow, MANUAL, NEWER)).toBe(true);
  });
});

describe('likely', () => {
  it('is what one block is set aside for', () => {
    const amount = (type: string, context: RunContext, config = {}) =>
      likely({ type, config }, context, NEWER);
    expect(amount('http-request', API)).toBe(1000n);
    expect(amount('http-request', MANUAL)).toBe(0n);
    expect(amount('start', API)).toBe(0n);
    expect(amount('ai-agent', MANUAL, { model: 'gpt-4o-mini' })).toBe(1000n);
    expect(amount('ai-media', MANUAL)).toBe(40000n);
  });

  const card = cardWith({
    activities: {
      scan: { price: 'per-unit', unit: 'page', credits: '2', chargedIn: { cloud: 'assumed' }, ...SOURCE },
    },
  });

  it('is one unit, or as many as the config says', () => {
    const scan = { type: 'scan', rows: 'activities' } as const;
    expect(likely({ ...scan, config: {} }, API, card)).toBe(2000n);
    expect(likely({ ...scan, config: { units: 4 } }, API, card)).toBe(8000n);
  });

  it('tells whether any activity could charge', () => {
    expect(activitiesRequireCredits(API, card)).toBe(true);
    expect(activitiesRequireCredits(MANUAL, card)).toBe(false);
    expect(activitiesRequireCredits(API, NEWER)).toBe(false);
  });
});

describe('a graph that is no flow', () => {
  it('is refused with the path of what is wrong', () => {
    const broken = flowOf(
      [{ id: 'a' }, { id: 'a' }, { id: 'b' }],
      [
        ['a', 'x'],
        ['y', 'b'],
      ],
    );
    expect(orderOf(broken)).toEqual({
      faults: [
        { path: 'blocks[1].id', message: '"a" is used twice' },
        { path: 'connections[0].to', message: 'there is no block "x"' },
        { path: 'connections[1].from', message: 'there is no block "y"' },
      ],
    });
    const cycle = flowOf(
      [{ id: 's' }, { id: 'a' }, { id: 'b' }],
      [
        ['s', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ],
    );
    expect(() => estimate(cycle, API, NEWER)).toThrow('connections: block "a" waits for itself');
  });
});
