import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Flow } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { validateFlow } from '../../src/contracts/validate-flow';
import { anyFlow } from '../workflows/interpreter/flows';

/** A random flow that is well: what validation says never runs, or gets nothing, is taken away until nothing is wrong. */
const wellFlow: fc.Arbitrary<Flow> = anyFlow(10).map((flow) => {
  let { blocks, connections } = flow;
  for (;;) {
    const answer = validateFlow({ name: 'well', blocks, connections });
    if (answer.ok) return answer.flow;
    const places = new Set(answer.faults.map(({ path }) => Number(/^blocks\[(\d+)\]$/.exec(path)?.[1])));
    const gone = new Set(blocks.filter((_, place) => places.has(place)).map(({ id }) => id));
    if (gone.size === 0) throw new Error(JSON.stringify(answer.faults));
    blocks = blocks.filter(({ id }) => !gone.has(id));
    connections = connections.filter(({ from, to }) => !gone.has(from) && !gone.has(to));
    if (blocks.length === 0) blocks = [{ id: 'lone', type: 'evaluate', config: { expression: '1' } }];
  }
});

interface Broken {
  readonly flow: unknown;
  readonly path: string;
  /** What the message must name. */
  readonly names: string;
}

type Breaker = (flow: Flow, place: number) => Broken;

const at = <T>(list: readonly T[], place: number, change: (item: T) => unknown): unknown[] =>
  list.map((item, index) => (index === place ? change(item) : item));

/** Each breaks one thing about the block at a place. */
const BREAKERS: readonly Breaker[] = [
  (flow, place) => ({
    flow: { ...flow, blocks: at(flow.blocks, place, (block) => ({ ...block, type: `${block.type}x` })) },
    path: `blocks[${place}].type`,
    names: `did you mean "${flow.blocks[place]?.type ?? ''}"?`,
  }),
  (flow, place) => ({
    flow: {
      ...flow,
      blocks: at(flow.blocks, place, (block) => ({ ...block, config: { ...block.config, 'no such': 1 } })),
    },
    path: `blocks[${place}].config["no such"]`,
    names: `block "${flow.blocks[place]?.id ?? ''}"`,
  }),
  (flow, place) => ({
    flow: { ...flow, blocks: [...flow.blocks, flow.blocks[place]] },
    path: `blocks[${flow.blocks.length}].id`,
    names: `has the id of blocks[${place}]`,
  }),
  (flow, place) => ({
    flow: { ...flow, blocks: at(flow.blocks, place, ({ type, config }) => ({ type, config })) },
    path: `blocks[${place}].id`,
    names: 'is missing',
  }),
  (flow, place) => ({
    flow: {
      ...flow,
      connections: [...flow.connections, { from: 'nobody', to: flow.blocks[place]?.id }],
    },
    path: `connections[${flow.connections.length}].from`,
    names: '"nobody"',
  }),
  (flow, place) => ({
    flow: {
      ...flow,
      connections: [...flow.connections, { from: flow.blocks[place]?.id, port: 'nowhere', to: 'nobody' }],
    },
    path: `connections[${flow.connections.length}].to`,
    names: '"nobody"',
  }),
  (flow, place) => {
    const extra = { id: 'extra', type: 'evaluate', config: { expression: 'input ~> (' } };
    return {
      flow: { ...flow, blocks: [...flow.blocks.slice(0, place), extra, ...flow.blocks.slice(place)] },
      path: `blocks[${place}].config.expression`,
      names: 'block "extra": expression "input ~> (" is not JSONata',
    };
  },
  (flow, place) => {
    const ring = ['r1', 'r2', 'r3'].map((id) => ({ id, type: 'delay', config: { seconds: 1 } }));
    const edges = [
      { from: 'r1', to: 'r2' },
      { from: 'r2', to: 'r3' },
      { from: 'r3', to: 'r1' },
    ];
    const before = flow.connections.slice(0, place);
    return {
      flow: {
        ...flow,
        blocks: [...ring, ...flow.blocks],
        connections: [...before, ...edges, ...flow.connections.slice(place)],
      },
      path: `connections[${before.length + 2}]`,
      names: '"r1" -> "r2" -> "r3" -> "r1"',
    };
  },
  (flow) => ({
    flow: {
      ...flow,
      connections:
        flow.connections.length === 0
          ? 'none'
          : [...flow.connections, flow.connections[flow.connections.length - 1]],
    },
    path: flow.connections.length === 0 ? 'connections' : `connections[${flow.connections.length}]`,
    names: flow.connections.length === 0 ? 'must be a list' : 'is there already',
  }),
];

const anyBroken = fc
  .record({ flow: wellFlow, place: fc.nat(), breaker: fc.constantFrom(...BREAKERS) })
  .map(({ flow, place, breaker }) => breaker(flow, place % flow.blocks.length));

describe('validateFlow', () => {
  it('names the path of the one thing that is wrong', () => {
    fc.assert(
      fc.property(anyBroken, ({ flow, path, names }) => {
        const answer = validateFlow(flow);
        const faults = answer.ok ? [] : answer.faults;
        const [found] = faults.filter((fault) => fault.path === path);
        expect(found?.message).toContain(names);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back a flow that it takes again', () => {
    fc.assert(
      fc.property(wellFlow, (flow) => {
        expect(validateFlow(JSON.parse(JSON.stringify(flow)))).toEqual({ ok: true, flow });
      }),
      { numRuns: 100 },
    );
  });

  it('never throws, whatever it is given, and says something about all that it refuses', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    const nearly = fc.record(
      {
        name: fc.oneof(fc.string(), anything),
        blocks: fc.oneof(fc.array(fc.oneof(anyNearlyBlock(anything), anything)), anything),
        connections: fc.oneof(
          fc.array(
            fc.oneof(
              fc.record({ from: anyId(), port: fc.string(), to: anyId() }, { requiredKeys: [] }),
              anything,
            ),
          ),
          anything,
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (input) => {
        const answer = validateFlow(input);
        if (answer.ok) return;
        expect(answer.faults.length).toBeGreaterThan(0);
        for (const { path, message } of answer.faults) {
          expect(path).not.toBe('');
          expect(message).toMatch(/^(flow|block|connection)\b/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('survives what only looks like JSON', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const trap = {
      get name(): string {
        throw new Error('no');
      },
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    let deep: Json = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    const wide = { name: 'n', blocks: Array.from({ length: 700_000 }, () => 1) };
    for (const input of [circle, trap, revoked.proxy, deep, wide, () => 1, Symbol('s'), 10n]) {
      expect(validateFlow(input)).toMatchObject({ ok: false });
    }
  });
});

function anyId(): fc.Arbitrary<unknown> {
  return fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '', 3);
}

function anyNearlyBlock(anything: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '{{',
      '}}',
      '{{secret:',
      '{{ input }}',
      '{{secret:A}}',
      'https://x',
      '$',
      '(',
      '/a/',
      '"',
    ),
  );
  const text = fc.array(texts, { maxLength: 4 }).map((parts) => parts.join(''));
  const config = fc.dictionary(
    fc.constantFrom(
      'url',
      'method',
      'headers',
      'query',
      'body',
      'failOn',
      'cases',
      'condition',
      'expression',
      'schema',
      'value',
      'seconds',
      'duration',
      'service',
      'operation',
      'parameters',
      'name',
      'json',
      'when',
      'type',
      'items',
      'times',
      'while',
      'body',
      'flow',
    ),
    fc.oneof(
      text,
      fc.double(),
      anything,
      fc.array(fc.record({ name: text, when: text }, { requiredKeys: [] })),
    ),
  );
  return fc.record(
    {
      id: anyId(),
      type: fc.constantFrom(
        'start',
        'output',
        'or',
        'delay',
        'if',
        'condition',
        'validate',
        'evaluate',
        'http-request',
        'connector',
        'for',
        'repeat',
        'collect',
        'flow',
      ),
      config: fc.oneof(config, anything),
    },
    { requiredKeys: ['type'] },
  );
}
