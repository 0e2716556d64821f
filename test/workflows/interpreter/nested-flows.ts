import fc from 'fast-check';
import { type Block, type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import { anyFlow } from './flows';

/** Random flows whose blocks are loops and calls, whose bodies are such flows again. */

type NestedBlock = Pick<Block, 'type' | 'config'>;

function plain({ name, blocks, connections }: Flow): Json {
  return {
    name,
    blocks: blocks.map(({ id, type, config }) => ({ id, type, config })),
    connections: connections.map(({ from, port, to }) => ({ from, port: port ?? 'out', to })),
  };
}

function anyLoop(depth: number): fc.Arbitrary<NestedBlock> {
  const count = fc.nat({ max: 3 });
  return fc
    .record({
      body: anyNestedFlow(depth, 3).map(plain),
      kind: fc.constantFrom('list', 'input', 'items', 'times', 'how often', 'while', 'call'),
      count,
      concurrency: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ body, kind, count: times, concurrency }): NestedBlock => {
      switch (kind) {
        case 'list':
          return {
            type: 'for',
            config: { items: Array.from({ length: times }, (_, n) => n), body, concurrency },
          };
        case 'input':
          return { type: 'for', config: { body, concurrency } };
        case 'items':
          return { type: 'for', config: { items: 'asked', body, concurrency } };
        case 'times':
          return { type: 'repeat', config: { times, body, concurrency } };
        case 'how often':
          return { type: 'repeat', config: { times: 'asked', body, concurrency } };
        case 'while':
          return { type: 'repeat', config: { while: 'asked', body } };
        case 'call':
          return { type: 'flow', config: { flow: body } };
      }
    });
}

export function anyNestedFlow(depth = 2, most = 5): fc.Arbitrary<Flow> {
  return fc
    .tuple(
      anyFlow(most),
      fc.array(depth === 0 ? fc.constant(null) : fc.option(anyLoop(depth - 1)), {
        minLength: most + 1,
        maxLength: most + 1,
      }),
    )
    .map(([flow, loops]) => ({
      ...flow,
      blocks: flow.blocks.map((block, place): Block => {
        // Which value an "or" takes depends on the order; a "collect" takes all.
        if (block.type === 'or') return { ...block, type: 'collect' };
        const loop = loops[place] ?? null;
        if (loop === null) return block;
        // These deliver on the same ports as what takes their place.
        return block.type === 'evaluate' || block.type === 'http-request' ? { ...block, ...loop } : block;
      }),
    }));
}

/** What is decided about a block, by its key alone: so it does not matter when it is asked. */
export class Decisions {
  constructor(
    private readonly seed: number,
    /** One block in so many fails; 0 for none. */
    private readonly failing: number,
  ) {}

  private number(key: string, below: number): number {
    let hash = this.seed | 0;
    for (const letter of key) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    return (hash >>> 7) % below;
  }

  /** The port of a block that delivers, or `error`. */
  port(key: string, ports: readonly string[]): string {
    const calm = ports.filter((port) => port !== 'error');
    const fails =
      this.failing > 0 && calm.length < ports.length && this.number(`${key}!`, this.failing) === 0;
    return fails ? 'error' : (calm[this.number(key, calm.length)] ?? 'out');
  }

  /** Its value, or undefined where it hands its input on. */
  value(key: string): Json | undefined {
    return this.number(`${key}?`, 2) === 0 ? { of: key } : undefined;
  }

  /** What a loop's `items` yields. */
  items(key: string): Json {
    const count = this.number(`${key}#`, 4);
    if (count === 0) return null;
    // JSONata makes one value of a list of one.
    return count === 1 ? { only: key } : Array.from({ length: count }, (_, n) => n);
  }

  times(key: string): number {
    return this.number(`${key}#`, 4);
  }

  goesOn(key: string, index: number): boolean {
    return index < this.times(key);
  }
}
