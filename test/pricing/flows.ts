import fc from 'fast-check';
import { type Block, type Connection } from '../../src/contracts/flow';
import { type Graph } from '../../src/pricing/graph';

export interface Step {
  readonly id: string;
  readonly type?: string;
  readonly config?: Block['config'];
}

/** `['a', 'b']` connects a to b, `['a.true', 'b']` from a's port. */
export function flowOf(steps: readonly Step[], connections: readonly (readonly [string, string])[]): Graph {
  return {
    blocks: steps.map(({ id, type = id, config = {} }) => ({ id, type, config })),
    connections: connections.map(([sender, to]): Connection => {
      const [from = '', port] = sender.split('.');
      return port === undefined ? { from, to } : { from, port, to };
    }),
  };
}

/** A chain of blocks of these types. */
export function chain(...types: readonly string[]): Graph {
  const steps = types.map((type, place) => ({ id: `${type}${place}`, type }));
  const ids = steps.map(({ id }) => id);
  return flowOf(
    steps,
    ids.slice(1).map((id, place) => [ids[place] ?? '', id] as const),
  );
}

const PORTS: Readonly<Record<string, readonly string[]>> = {
  start: ['out'],
  if: ['true', 'false', 'error'],
  validate: ['valid', 'invalid', 'error'],
  condition: ['c1', 'c2', 'else', 'error'],
  or: ['out'],
  'http-request': ['out', 'error'],
  connector: ['out', 'error'],
  evaluate: ['out', 'error'],
  'ai-agent': ['out', 'error'],
  'ai-media': ['out', 'error'],
};
const CASES = { cases: [{ name: 'c1' }, { name: 'c2' }] };

const PLAIN = Object.keys(PORTS).filter((type) => !type.startsWith('ai-'));

/** Small random flows without cycles, with branches, joins, `or` and error ports. */
export function anyFlow(most: number, of: readonly string[] = PLAIN): fc.Arbitrary<Graph> {
  const types = fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: most });
  return types.chain((all) => {
    // Nothing leads to a start.
    const pairs = all.flatMap((from, sender) =>
      all.flatMap((to, receiver) =>
        receiver > sender && to !== 'start'
          ? (PORTS[from] ?? []).map((port) => ({ from: `b${sender}`, port, to: `b${receiver}` }))
          : [],
      ),
    );
    // About two connections a block, whatever the number of possible ones.
    return fc.subarray(pairs, { maxLength: Math.min(pairs.length, 2 * all.length) }).map((connections) => ({
      blocks: all.map((type, place) => ({
        id: `b${place}`,
        type,
        config: type === 'condition' ? CASES : {},
      })),
      connections: connections.map((each) => (each.port === 'out' ? { from: each.from, to: each.to } : each)),
    }));
  });
}

const agentConfig: fc.Arbitrary<Block['config']> = fc.record(
  {
    model: fc.constantFrom('by-call', 'by-tokens', 'counted', 'another'),
    maxSteps: fc.integer({ min: 1, max: 5 }),
    maxTools: fc.nat(3),
    maxCredits: fc.nat(60),
    maxOutputTokens: fc.integer({ min: 1, max: 2_000 }),
    tools: fc.array(
      fc.oneof(
        fc.constant({ kind: 'mcp', server: 'open' }),
        fc.record({
          kind: fc.constant('mcp'),
          server: fc.constantFrom('s1', 's2'),
          tools: fc.uniqueArray(fc.constantFrom('t1', 't2', 't3'), { minLength: 1 }),
        }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['model'] },
);

/** The same with AI Agents, whatever their limits, and AI media. */
export function anyFlowOfModels(most: number): fc.Arbitrary<Graph> {
  return anyFlow(most, [...PLAIN, 'ai-agent', 'ai-agent', 'ai-media']).chain((graph) =>
    fc
      .array(agentConfig, { minLength: graph.blocks.length, maxLength: graph.blocks.length })
      .map((configs) => ({
        ...graph,
        blocks: graph.blocks.map((block, place) =>
          block.type === 'ai-agent' ? { ...block, config: configs[place] ?? {} } : block,
        ),
      })),
  );
}

export function portsOf(type: string): readonly string[] {
  return PORTS[type] ?? ['out'];
}
