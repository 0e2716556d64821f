import { BLOCK_TYPES } from '../contracts/blocks-types';
import { type Block, type Connection, type Fault } from '../contracts/flow';
import { type Json } from '../contracts/json';

/** A flow, or the body of a loop, as the estimate reads it. */
export interface Graph {
  readonly blocks: readonly Block[];
  readonly connections: readonly Connection[];
}

export const DEFAULT_PORT = 'out';
export const ERROR_PORT = 'error';

/** The ports a block may deliver on, without `error`; null where only its platform knows. */
export type PortsOf = (block: Block) => readonly string[] | null;

function caseNames(cases: Json | undefined): string[] {
  if (!Array.isArray(cases)) return [];
  return cases.flatMap((item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item) && typeof item['name'] === 'string'
      ? [item['name']]
      : [],
  );
}

/** Ports of the built-in types. A block delivers on exactly one of its ports, or fails. */
export function builtInPorts({ type, config }: Block): readonly string[] | null {
  if (type === 'if') return ['true', 'false'];
  if (type === 'validate') return ['valid', 'invalid'];
  if (type === 'condition') return [...caseNames(config['cases']), 'else'];
  if (type === 'output') return [];
  return Object.hasOwn(BLOCK_TYPES, type) || LOOPS.has(type) ? [DEFAULT_PORT] : null;
}

const LOOPS: ReadonlySet<string> = new Set(['for', 'repeat', 'collect', 'flow']);

export interface Edge {
  readonly from: number;
  readonly port: string;
  readonly to: number;
}

/** Blocks by their place, in an order in which every sender comes before its receivers. */
export interface Ordered {
  readonly order: readonly number[];
  readonly incoming: readonly (readonly Edge[])[];
  readonly outgoing: readonly (readonly Edge[])[];
}

/** What is wrong with the shape of the graph: ids used twice, connections to nowhere, a cycle. */
export function orderOf({ blocks, connections }: Graph): Ordered | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const places = new Map<string, number>();
  for (const [place, { id }] of blocks.entries()) {
    if (places.has(id)) faults.push({ path: `blocks[${place}].id`, message: `"${id}" is used twice` });
    places.set(id, place);
  }
  const incoming: Edge[][] = blocks.map(() => []);
  const outgoing: Edge[][] = blocks.map(() => []);
  for (const [index, { from, port = DEFAULT_PORT, to }] of connections.entries()) {
    const sender = places.get(from);
    const receiver = places.get(to);
    if (sender === undefined)
      faults.push({ path: `connections[${index}].from`, message: `there is no block "${from}"` });
    if (receiver === undefined)
      faults.push({ path: `connections[${index}].to`, message: `there is no block "${to}"` });
    if (sender === undefined || receiver === undefined) continue;
    const edge = { from: sender, port, to: receiver };
    outgoing[sender]?.push(edge);
    incoming[receiver]?.push(edge);
  }
  if (faults.length > 0) return { faults };
  const order = depthFirst(incoming, outgoing);
  if (order.length === blocks.length) return { order, incoming, outgoing };
  const stuck = blocks.find((_, place) => !order.includes(place));
  return {
    faults: [{ path: 'connections', message: `block "${stuck?.id ?? ''}" waits for itself: a cycle` }],
  };
}

/** A topological order that finishes a branch before it begins the next, so that few connections are open at a time. */
function depthFirst(
  incoming: readonly (readonly Edge[])[],
  outgoing: readonly (readonly Edge[])[],
): number[] {
  const missing = incoming.map((edges) => edges.length);
  const ready = missing.flatMap((count, place) => (count === 0 ? [place] : [])).reverse();
  const order: number[] = [];
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    order.push(place);
    const edges = outgoing[place] ?? [];
    for (const { to } of [...edges].reverse()) {
      missing[to] = (missing[to] ?? 0) - 1;
      if (missing[to] === 0) ready.push(to);
    }
  }
  return order;
}
