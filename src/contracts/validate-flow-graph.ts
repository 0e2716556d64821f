import { didYouMean } from './blocks-suggest';
import { type Connection, type Fault } from './flow';

/** A block as far as its connections care. `ports` is null where a faulty config leaves them unknown. */
export interface Node {
  readonly id: string;
  readonly type: string;
  readonly place: number;
  readonly ports: readonly string[] | null;
  readonly fails: boolean;
}

export interface Graph {
  /** The first block of each id. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Ids of blocks that are there but too faulty to be nodes. */
  readonly faulty: ReadonlySet<string>;
  readonly connections: readonly { readonly place: number; readonly connection: Connection }[];
}

interface Edge {
  readonly place: number;
  readonly from: Node;
  readonly port: string;
  readonly to: Node;
}

function groupBy(edges: readonly Edge[], key: (edge: Edge) => string): ReadonlyMap<string, readonly Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const group = groups.get(key(edge));
    if (group === undefined) groups.set(key(edge), [edge]);
    else group.push(edge);
  }
  return groups;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** All that can be wrong with connections that are well-shaped one by one. */
export function graphFaults(graph: Graph): readonly Fault[] {
  const faults: Fault[] = [];
  const edges = graph.connections.flatMap((item) => resolve(graph, item.place, item.connection, faults));
  faults.push(...duplicates(edges), ...emptyInputs(graph, edges));
  const cycles = cycleFaults(graph, edges);
  // What never runs is only defined where nothing waits for itself.
  return [...faults, ...cycles, ...(cycles.length === 0 ? neverRun(graph, edges) : [])];
}

function resolve(graph: Graph, place: number, connection: Connection, faults: Fault[]): readonly Edge[] {
  const { from, to } = connection;
  const ids = [...graph.nodes.keys()];
  for (const [end, id] of [['from', from] as const, ['to', to] as const]) {
    if (graph.nodes.has(id) || graph.faulty.has(id)) continue;
    faults.push({
      path: `connections[${place}].${end}`,
      message: `connection ${end} "${id}": there is no block "${id}"${didYouMean(id, ids)}`,
    });
  }
  const sender = graph.nodes.get(from);
  const receiver = graph.nodes.get(to);
  if (sender !== undefined) faults.push(...portFaults(sender, place, connection));
  if (receiver?.type === 'start') {
    faults.push({
      path: `connections[${place}].to`,
      message: `connection to "${to}": a "start" block takes nothing but the run's input`,
    });
  }
  if (sender === undefined || receiver === undefined) return [];
  return [{ place, from: sender, port: connection.port ?? 'out', to: receiver }];
}

function portFaults(sender: Node, place: number, { port }: Connection): readonly Fault[] {
  if (sender.ports === null) return [];
  const ports = [...sender.ports, ...(sender.fails ? ['error'] : [])];
  if (ports.includes(port ?? 'out')) return [];
  const path = `connections[${place}]${port === undefined ? '' : '.port'}`;
  const who = `connection from "${sender.id}"`;
  if (ports.length === 0) return [{ path, message: `${who}: an "${sender.type}" block delivers nothing` }];
  const given = port === undefined ? 'names no port' : `uses port "${port}"`;
  const hint = port === undefined ? '' : suggestion(port, ports);
  return [{ path, message: `${who} ${given}; "${sender.type}" blocks deliver on ${list(ports)}${hint}` }];
}

function suggestion(port: string, ports: readonly string[]): string {
  const hint = didYouMean(port, ports);
  return hint.includes('did you mean') ? hint : '';
}

function duplicates(edges: readonly Edge[]): readonly Fault[] {
  const seen = new Map<string, number>();
  const faults: Fault[] = [];
  for (const { place, from, port, to } of edges) {
    const key = JSON.stringify([from.id, port, to.id]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, place);
    else {
      faults.push({
        path: `connections[${place}]`,
        message: `connection from "${from.id}" to "${to.id}" is there already, as connections[${first}]; remove one`,
      });
    }
  }
  return faults;
}

/** Blocks that only hand on what reaches them make no sense when nothing does. */
function emptyInputs({ nodes }: Graph, edges: readonly Edge[]): readonly Fault[] {
  const reached = new Set(edges.map(({ to }) => to.id));
  return [...nodes.values()]
    .filter(({ id, type }) => (type === 'or' || type === 'collect' || type === 'output') && !reached.has(id))
    .map(({ id, type, place }) => ({
      path: `blocks[${place}]`,
      message: `block "${id}": nothing is connected to it, and ${type === 'collect' ? 'a' : 'an'} "${type}" block only hands on what reaches it`,
    }));
}

/** One fault for each group of blocks that wait for each other. */
function cycleFaults({ nodes }: Graph, edges: readonly Edge[]): readonly Fault[] {
  const leaving = groupBy(edges, ({ from }) => from.id);
  const state = new Map<string, 'open' | 'closed'>();
  const faults: Fault[] = [];
  for (const root of nodes.keys()) {
    if (state.has(root)) continue;
    // Depth first with a list of its own: a flow may be a chain of a thousand blocks.
    const way: { readonly id: string; next: number }[] = [{ id: root, next: 0 }];
    state.set(root, 'open');
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const edge = leaving.get(top.id)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        state.set(top.id, 'closed');
        way.pop();
      } else if (state.get(edge.to.id) === 'open') {
        const circle = way.slice(way.findIndex(({ id }) => id === edge.to.id)).map(({ id }) => id);
        faults.push(cycleFault(edge, circle));
      } else if (!state.has(edge.to.id)) {
        state.set(edge.to.id, 'open');
        way.push({ id: edge.to.id, next: 0 });
      }
    }
  }
  return faults;
}

function cycleFault({ place, from, to }: Edge, circle: readonly string[]): Fault {
  const shown = circle.length > 8 ? [...circle.slice(0, 7), '…'] : circle;
  const way = [...shown, to.id].map((id) => (id === '…' ? id : `"${id}"`)).join(' -> ');
  return {
    path: `connections[${place}]`,
    message: `connection from "${from.id}" to "${to.id}" closes a circle: ${way}; each would wait for the other, so remove a connection`,
  };
}

/** Ports that must have been taken for a block to run: `id` to its port. Null: it never runs. */
type Needs = ReadonlyMap<string, string> | null;

/**
 * Blocks that can never run, because they wait for two ports of one block, which delivers on one only. A block needs what
 * its senders need and the port it hangs on; an `or` (or a
 * `collect`) needs what all of its senders need.
 */
function neverRun({ nodes }: Graph, edges: readonly Edge[]): readonly Fault[] {
  const reaching = groupBy(edges, ({ to }) => to.id);
  const needs = new Map<string, Needs>();
  const faults: Fault[] = [];
  for (const node of senderFirst(nodes, edges)) {
    const incoming = reaching.get(node.id) ?? [];
    const each = incoming.map((edge) => needOf(edge, needs.get(edge.from.id) ?? null));
    if (node.type === 'or' || node.type === 'collect') {
      needs.set(node.id, common(each));
    } else {
      const conflict = together(each);
      needs.set(node.id, conflict.needs);
      if (conflict.ports !== null) {
        const [id, first, second] = conflict.ports;
        faults.push({
          path: `blocks[${node.place}]`,
          message: `block "${node.id}" can never run: it waits for port "${first}" and for port "${second}" of "${id}", which delivers on one of them; join the branches with an "or" block`,
        });
      }
    }
  }
  return faults;
}

function senderFirst(nodes: ReadonlyMap<string, Node>, edges: readonly Edge[]): readonly Node[] {
  const leaving = groupBy(edges, ({ from }) => from.id);
  const missing = new Map<string, number>();
  for (const { to } of edges) missing.set(to.id, (missing.get(to.id) ?? 0) + 1);
  const order = [...nodes.values()].filter(({ id }) => !missing.has(id));
  for (const { id } of order) {
    for (const { to } of leaving.get(id) ?? []) {
      const left = (missing.get(to.id) ?? 0) - 1;
      missing.set(to.id, left);
      if (left === 0) order.push(to);
    }
  }
  return order;
}

function needOf({ from, port }: Edge, sender: Needs): Needs {
  if (sender === null) return null;
  const alternatives = (from.ports?.length ?? 0) + (from.fails ? 1 : 0);
  return alternatives > 1 ? new Map([...sender, [from.id, port]]) : sender;
}

function together(all: readonly Needs[]): {
  readonly needs: Needs;
  readonly ports: readonly [string, string, string] | null;
} {
  const union = new Map<string, string>();
  for (const needs of all) {
    // Whatever hangs on a block that never runs is that block's fault.
    if (needs === null) return { needs: null, ports: null };
    for (const [id, port] of needs) {
      const other = union.get(id);
      if (other !== undefined && other !== port) return { needs: null, ports: [id, other, port] };
      union.set(id, port);
    }
  }
  return { needs: union, ports: null };
}

function common(all: readonly Needs[]): Needs {
  const possible = all.filter((needs) => needs !== null);
  const [first, ...rest] = possible;
  if (first === undefined) return all.length === 0 ? new Map<string, string>() : null;
  return new Map([...first].filter(([id, port]) => rest.every((needs) => needs.get(id) === port)));
}
