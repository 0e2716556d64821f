import { type Block, type Connection, type Flow, type FlowInput } from './flow';
import { type Json } from './json';

/**
 * Flows within flows: the body of a loop, a called flow, and the flows an agent has as tools. No zod here: the workflow, the estimate and the validator
 * must find the same ones. All but `flowIn` take a flow that was validated.
 */

export const CONCURRENCY_MOST = 100;
export const ITERATIONS_MOST = 1_000_000;
/** Of a loop whose number of iterations is only known when it runs. */
export const ITERATIONS_DEFAULT_MOST = 1000;

type Config = Block['config'];

/** Where a block type holds its nested flow. */
export const NESTED_IN: Readonly<Record<string, string>> = { for: 'body', repeat: 'body', flow: 'flow' };

export function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the flow in `{"ref": name}`; null for a flow that is written out. */
export function refIn(value: Json | undefined): string | null {
  const ref = isObject(value) ? value['ref'] : undefined;
  return typeof ref === 'string' ? ref : null;
}

/** Whether a tool of an agent is a flow. */
function isFlowTool(tool: Json): tool is Record<string, Json> {
  return isObject(tool) && tool['kind'] === 'flow';
}

function toolsIn({ type, config }: Pick<Block, 'type' | 'config'>): readonly Json[] {
  const tools = type === 'ai-agent' ? config['tools'] : undefined;
  return Array.isArray(tools) ? tools : [];
}

/** Where in its config a block holds a nested flow, or the name of one. */
export interface NestedPlace {
  readonly keys: readonly PropertyKey[];
  readonly value: Json;
  /** It may be `{"ref": name}`. */
  readonly mayBeNamed: boolean;
  /**
   * How much deeper it lies. A tool counts for two: its name and the call's number are in the keys of its blocks, and a
   * key must stay below the 1,000 characters that Temporal takes as an activity's id.
   */
  readonly depth: number;
}

export function nestedPlaces(block: Pick<Block, 'type' | 'config'>): readonly NestedPlace[] {
  const { type, config } = block;
  const tools = toolsIn(block).flatMap((tool, place): NestedPlace[] => {
    const value = isFlowTool(tool) ? tool['flow'] : undefined;
    return value === undefined ? [] : [{ keys: ['tools', place, 'flow'], value, mayBeNamed: true, depth: 2 }];
  });
  const member = Object.hasOwn(NESTED_IN, type) ? NESTED_IN[type] : undefined;
  const value = member === undefined ? undefined : config[member];
  if (member === undefined || value === undefined) return tools;
  return [{ keys: [member], value, mayBeNamed: type === 'flow', depth: 1 }];
}

/** The nested flows of a block that are at hand, and where in its config each is. */
export function nestedFlows(
  block: Pick<Block, 'type' | 'config'>,
): readonly { readonly keys: readonly PropertyKey[]; readonly flow: Flow }[] {
  return nestedPlaces(block).flatMap(({ keys, value }) => {
    const flow = flowIn(value);
    return flow === null ? [] : [{ keys, flow }];
  });
}

/** The block's config without the flows of its tools, which are no business of its own texts and steps. */
export function withoutToolFlows<B extends Pick<Block, 'type' | 'config'>>(block: B): B {
  const tools = toolsIn(block);
  if (!tools.some(isFlowTool)) return block;
  const without = tools.map((tool) =>
    isFlowTool(tool) && isObject(tool['flow']) ? { ...tool, flow: {} } : tool,
  );
  return { ...block, config: { ...block.config, tools: without } };
}

/** A flow that an agent has as a tool; `flow` is null where it is only named, and not linked. */
export interface FlowTool {
  /** Its place among the agent's tools. */
  readonly place: number;
  readonly name: string;
  readonly flow: Flow | null;
}

export function flowToolsOf(block: Pick<Block, 'type' | 'config'>): readonly FlowTool[] {
  return toolsIn(block).flatMap((tool, place): FlowTool[] => {
    if (!isFlowTool(tool)) return [];
    const { name, flow } = tool;
    return [{ place, name: typeof name === 'string' ? name : '', flow: flowIn(flow) }];
  });
}

const flows = new WeakMap<object, Flow>();

/** The flow a config holds, with its defaults; null if it holds none. The same value gives the same flow object. */
export function flowIn(value: Json | undefined): Flow | null {
  if (!isObject(value) || !Array.isArray(value['blocks'])) return null;
  const known = flows.get(value);
  if (known !== undefined) return known;
  const { name, blocks, connections = [] } = value;
  const flow: Flow = {
    name: typeof name === 'string' ? name : '',
    blocks: blocks.flatMap(blockIn),
    connections: Array.isArray(connections) ? connections.flatMap(connectionIn) : [],
  };
  flows.set(value, flow);
  return flow;
}

function blockIn(value: Json): Block[] {
  if (!isObject(value)) return [];
  const { id, type, config } = value;
  if (typeof id !== 'string' || typeof type !== 'string') return [];
  return [{ id, type, config: isObject(config) ? config : {} }];
}

function connectionIn(value: Json): Connection[] {
  if (!isObject(value)) return [];
  const { from, to, port } = value;
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  return [typeof port === 'string' ? { from, port, to } : { from, to }];
}

/** The body of a loop, or the flow a `flow` block calls; null for all other blocks and where a call is not linked. */
export function nestedIn({ type, config }: Pick<Block, 'type' | 'config'>): Flow | null {
  const member = Object.hasOwn(NESTED_IN, type) ? NESTED_IN[type] : undefined;
  return member === undefined ? null : flowIn(config[member]);
}

/** Whether the flow holds or calls another, or offers one as a tool. */
export function nests(flow: Flow): boolean {
  return flow.blocks.some((block) => Object.hasOwn(NESTED_IN, block.type) || toolsIn(block).some(isFlowTool));
}

/**
 * The flow with every called flow in place of its name. A flow that is called from several places is one object, held
 * by each. For use in memory only: written out, it may be far larger than what it was made from.
 */
export function linked(flow: Flow, named: Readonly<Record<string, FlowInput>>): Flow {
  const done = new Map<string, Json>();

  function linkedConfig(type: string, config: Config): Config {
    const tools = toolsIn({ type, config });
    if (tools.some(isFlowTool)) return { ...config, tools: tools.map(linkedTool) };
    const member = Object.hasOwn(NESTED_IN, type) ? NESTED_IN[type] : undefined;
    const value = member === undefined ? undefined : config[member];
    return member === undefined || value === undefined
      ? config
      : { ...config, [member]: linkedFlow(value, type === 'flow') };
  }

  function linkedTool(tool: Json): Json {
    const value = isFlowTool(tool) ? tool['flow'] : undefined;
    return isFlowTool(tool) && value !== undefined ? { ...tool, flow: linkedFlow(value, true) } : tool;
  }

  function linkedFlow(value: Json, mayBeNamed: boolean): Json {
    const ref = mayBeNamed ? refIn(value) : null;
    if (ref !== null) return callee(ref) ?? value;
    const inner = flowIn(value);
    return inner === null || !nests(inner) ? value : asJson(inner);
  }

  function callee(name: string): Json | null {
    const known = done.get(name);
    if (known !== undefined) return known;
    const called = Object.hasOwn(named, name) ? named[name] : undefined;
    if (called === undefined) return null;
    const json = asJson(called);
    done.set(name, json);
    return json;
  }

  function asJson({ name, blocks, connections = [] }: FlowInput): Json {
    return {
      name,
      blocks: blocks.map(({ id, type, config = {} }) => ({ id, type, config: linkedConfig(type, config) })),
      connections: connections.map(({ from, port, to }) =>
        port === undefined ? { from, to } : { from, port, to },
      ),
    };
  }

  if (!nests(flow)) return flow;
  const blocks = flow.blocks.map((block) => ({ ...block, config: linkedConfig(block.type, block.config) }));
  return { ...flow, blocks };
}

export function concurrencyOf({ concurrency }: Config): number {
  return typeof concurrency === 'number' ? concurrency : 1;
}

/** The most iterations of a loop whose number is not written down. */
export function iterationsMostOf({ most }: Config): number {
  return typeof most === 'number' ? most : ITERATIONS_DEFAULT_MOST;
}
