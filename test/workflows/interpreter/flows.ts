import fc from 'fast-check';
import { type Block, type Connection, type Flow } from '../../../src/contracts/flow';

/** `'f:if'` is block f of type `if`; `'b'` alone is an `evaluate`. `'a>b'` connects a to b, `'a.true>b'` from a port. */
export function flowOf(blocks: readonly string[], connections: readonly string[]): Flow {
  return {
    name: 'test',
    blocks: blocks.map((text): Block => {
      const [id = '', type = 'evaluate'] = text.split(':');
      return { id, type, config: {} };
    }),
    connections: connections.map((text): Connection => {
      const [sender = '', to = ''] = text.split('>');
      const [from = '', port] = sender.split('.');
      return port === undefined ? { from, to } : { from, port, to };
    }),
  };
}

export const PORTS: Readonly<Record<string, readonly string[]>> = {
  start: ['out'],
  output: [],
  or: ['out'],
  delay: ['out'],
  if: ['true', 'false', 'error'],
  condition: ['a', 'b', 'else', 'error'],
  evaluate: ['out', 'error'],
  'http-request': ['out', 'error'],
};

/** A config that each type takes. */
export const CONFIGS: Readonly<Record<string, Block['config']>> = {
  delay: { seconds: 1 },
  if: { condition: 'true' },
  condition: {
    cases: [
      { name: 'a', when: 'input = 1' },
      { name: 'b', when: 'input = 2' },
    ],
  },
  evaluate: { expression: 'input' },
  'http-request': { url: 'https://api.example/{{ input }}' },
};

interface Wish {
  readonly from: number;
  readonly to: number;
  readonly port: number;
}

/** Random flows without cycles and without duplicate connections; some of their blocks can never run. */
export function anyFlow(most = 16): fc.Arbitrary<Flow> {
  const types = fc.array(fc.constantFrom(...Object.keys(PORTS).filter((type) => type !== 'start')), {
    minLength: 1,
    maxLength: most,
  });
  const wish: fc.Arbitrary<Wish> = fc.record({ from: fc.nat(), to: fc.nat(), port: fc.nat() });
  return fc
    .tuple(fc.boolean(), types, fc.array(wish, { maxLength: 2 * most }))
    .map(([hasStart, rest, wishes]) => {
      const all = hasStart ? ['start', ...rest] : rest;
      const blocks = all.map((type, place) => ({ id: `b${place}`, type, config: CONFIGS[type] ?? {} }));
      return { name: 'any', blocks, connections: connectionsOf(all, wishes) };
    });
}

function connectionsOf(types: readonly string[], wishes: readonly Wish[]): Connection[] {
  const taken = new Map<string, Connection>();
  for (const wish of wishes) {
    const from = wish.from % types.length;
    const to = from + 1 + (wish.to % Math.max(1, types.length - from - 1));
    const ports = PORTS[types[from] ?? ''] ?? [];
    if (to >= types.length || ports.length === 0) continue;
    const port = ports[wish.port % ports.length] ?? 'out';
    taken.set(`${from}.${port}>${to}`, { from: `b${from}`, port, to: `b${to}` });
  }
  return [...taken.values()];
}
