import { type Block } from '../contracts/flow';
import { ERROR_PORT, type Edge, type Graph, type Ordered, type PortsOf } from './graph';

/**
 * The cheapest or the dearest way through a flow.
 *
 * A block runs when all its incoming connections have delivered, an `or` when one has; it then delivers on exactly one
 * of its ports. Blocks are taken in topological order; a state is which of the connections still open have delivered,
 * and of all ways into a state only the best is kept. So joins bring the states together again, and what a flow costs
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

const MOST_STATES = 2000;

/** A delivered port of a block: all connections from it share one. */
type Signal = string;

function signalOf({ from, port }: Edge): Signal {
  return `${from}:${port}`;
}

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

function runs(block: Block, edges: readonly Edge[], delivered: ReadonlySet<Signal>): boolean {
  const has = (edge: Edge): boolean => delivered.has(signalOf(edge));
  return block.type === 'or' && edges.length > 0 ? edges.some(has) : edges.every(has);
}

interface State {
  readonly delivered: ReadonlySet<Signal>;
  readonly cost: bigint;
}

function better(a: bigint, b: bigint, goal: Search['goal']): bigint {
  return goal === 'least' ? (a < b ? a : b) : a > b ? a : b;
}

/** More delivered means that no fewer blocks run: so fewer of everything bounds from below, more from above. */
function mergeAll(states: readonly State[], goal: Search['goal']): State {
  return states.reduce((one, other) => ({
    delivered: new Set(
      goal === 'least'
        ? [...one.delivered].filter((signal) => other.delivered.has(signal))
        : [...one.delivered, ...other.delivered],
    ),
    cost: better(one.cost, other.cost, goal),
  }));
}

function keyOf(delivered: ReadonlySet<Signal>): string {
  return [...delivered].sort().join(' ');
}

/** What the cheapest (dearest) way through costs. Exact, but for flows with very many open branches at once. */
export function extreme(graph: Graph, { order, incoming, outgoing }: Ordered, search: Search): bigint {
  const lastReader = new Map<Signal, number>();
  for (const place of order) {
    for (const edge of incoming[place] ?? []) lastReader.set(signalOf(edge), place);
  }
  let states: State[] = [{ delivered: new Set(), cost: 0n }];
  for (const place of order) {
    const block = graph.blocks[place];
    if (block === undefined) continue;
    const into = incoming[place] ?? [];
    const outcomes = outcomesOf(block, outgoing[place] ?? [], search);
    const cost = search.cost(block);
    const done = new Set(into.map(signalOf).filter((signal) => lastReader.get(signal) === place));
    const next = new Map<string, State>();
    for (const state of states) {
      const ran = runs(block, into, state.delivered);
      for (const port of ran ? outcomes : [null]) {
        const delivered = new Set([...state.delivered].filter((signal) => !done.has(signal)));
        if (port !== null) delivered.add(`${place}:${port}`);
        const reached = { delivered, cost: state.cost + (ran ? cost : 0n) };
        const key = keyOf(delivered);
        const known = next.get(key);
        next.set(
          key,
          known === undefined ? reached : { delivered, cost: better(known.cost, reached.cost, search.goal) },
        );
      }
    }
    states = [...next.values()];
    if (states.length > (search.mostStates ?? MOST_STATES)) states = [mergeAll(states, search.goal)];
  }
  return mergeAll(states, search.goal).cost;
}
