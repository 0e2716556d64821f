import { type Block } from '../contracts/flow';
import { ERROR_PORT, type Edge, type Graph, type Ordered, type PortsOf } from './graph';

/**
 * The cheapest or the dearest way through a flow.
 *
 * A block runs when all its incoming connections have delivered, an `or` or a `collect` when one has; it then delivers
 * on exactly one of its ports. Blocks are taken in topological order; a state is which of the connections still open
 * have delivered, and of all ways into a state only the best is kept. So joins bring the states together again, and what a flow costs
 * is found without walking its every path. Where there are too many states, they are put together into one that is
 * surely not dearer (not cheaper) than each: the answer is then a bound, and still a true one.
 */
export interface Search {
  readonly goal: 'least' | 'most';
  /** Whether blocks whose `error` port is connected may fail. */
  readonly failures: boolean;
  readonly cost: (block: Block) => bigint;
  readonly ports: PortsOf;
  readonly mostStates?: number;
}

/** Enough for seven branches open at the same time; more makes an ill-meant flow slow to admit. */
const MOST_STATES = 128;

/** The ports on which a block that runs may deliver; null stands for one that nothing is connected to. */
function outcomesOf(block: Block, edges: readonly Edge[], { failures, ports }: Search): (string | null)[] {
  const connected = new Set(edges.map(({ port }) => port));
  const possible = ports(block);
  const named = [...connected].filter((port) => port !== ERROR_PORT);
  const delivered: (string | null)[] =
    possible === null ? [...named, null] : possible.map((port) => (connected.has(port) ? port : null));
  if (delivered.length === 0) delivered.push(null);
  if (failures && connected.has(ERROR_PORT)) delivered.push(ERROR_PORT);
  return [...new Set(delivered)];
}

/** One block's part in the search, in bits: a bit is a connected port that has delivered and is still needed. */
interface Step {
  readonly block: Block;
  readonly needs: bigint;
  /** Bits that nobody reads after this block. */
  readonly done: bigint;
  /** What each outcome sets: a port's bit, or nothing. */
  readonly outcomes: readonly bigint[];
}

const signalOf = ({ from, port }: Edge): string => `${from}:${port}`;

/** Gives each connected port a bit for as long as it is needed, and the bit to another afterwards. */
function stepsOf(graph: Graph, { order, incoming, outgoing }: Ordered, search: Search): Step[] {
  const lastReader = new Map<string, number>();
  for (const place of order) {
    for (const edge of incoming[place] ?? []) lastReader.set(signalOf(edge), place);
  }
  const bits = new Map<string, bigint>();
  const free: bigint[] = [];
  let used = 0n;
  const bitFor = (signal: string): bigint => {
    const bit = bits.get(signal) ?? free.pop() ?? 1n << used++;
    bits.set(signal, bit);
    return bit;
  };
  return order.flatMap((place) => {
    const block = graph.blocks[place];
    if (block === undefined) return [];
    const signals = [...new Set((incoming[place] ?? []).map(signalOf))];
    const over = signals.filter((signal) => lastReader.get(signal) === place).map(bitFor);
    const needs = signals.map(bitFor).reduce((mask, bit) => mask | bit, 0n);
    free.push(...over);
    const outcomes = outcomesOf(block, outgoing[place] ?? [], search).map((port) =>
      port === null ? 0n : bitFor(`${place}:${port}`),
    );
    return [{ block, needs, done: over.reduce((mask, bit) => mask | bit, 0n), outcomes }];
  });
}

/** Blocks that run when any of their incoming connections has delivered. */
const JOINS: ReadonlySet<string> = new Set(['or', 'collect']);

function runs({ block, needs }: Step, delivered: bigint): boolean {
  if (JOINS.has(block.type) && needs !== 0n) return (delivered & needs) !== 0n;
  return (delivered & needs) === needs;
}

/** What has delivered, and the best cost of getting there. */
type States = Map<bigint, bigint>;

function keepBest(states: States, delivered: bigint, cost: bigint, goal: Search['goal']): void {
  const known = states.get(delivered);
  if (known === undefined || (goal === 'least' ? cost < known : cost > known)) states.set(delivered, cost);
}

/** More delivered means that no fewer blocks run: so fewer of everything bounds from below, more from above. */
function mergeAll(states: States, goal: Search['goal']): States {
  const [delivered, cost] = [...states].reduce(([mask, best], [otherMask, other]) => [
    goal === 'least' ? mask & otherMask : mask | otherMask,
    (goal === 'least' ? other < best : other > best) ? other : best,
  ]);
  return new Map([[delivered, cost]]);
}

/** What the cheapest (dearest) way through costs. Exact, but for flows with very many open branches at once. */
export function extreme(graph: Graph, ordered: Ordered, search: Search): bigint {
  let states: States = new Map([[0n, 0n]]);
  for (const step of stepsOf(graph, ordered, search)) {
    const price = search.cost(step.block);
    const next: States = new Map();
    for (const [delivered, cost] of states) {
      const left = delivered & ~step.done;
      if (runs(step, delivered)) {
        for (const outcome of step.outcomes) keepBest(next, left | outcome, cost + price, search.goal);
      } else keepBest(next, left, cost, search.goal);
    }
    states = next.size > (search.mostStates ?? MOST_STATES) ? mergeAll(next, search.goal) : next;
  }
  return [...mergeAll(states, search.goal).values()][0] ?? 0n;
}
