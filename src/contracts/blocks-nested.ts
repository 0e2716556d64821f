import { type Block, type Connection, type Flow, type FlowInput } from './flow';
import { type Json } from './json';

/**
 * Flows within flows: the body of a loop, and a called flow. No zod here: the workflow, the estimate and the validator
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

/** The name of the flow that a `flow` block calls, or null if it holds its flow itself. */
export function refOf({ type, config }: Pick<Block, 'type' | 'config'>): string | null {
  const called = type === 'flow' ? config['flow'] : undefined;
  const ref = isObject(called) ? called['ref'] : undefined;
  return typeof ref === 'string' ? ref : null;
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

/** Whether the flow holds or calls another. */
export function nests(flow: Flow): boolean {
  return flow.blocks.some(({ type }) => Object.hasOwn(NESTED_IN, type));
}

/**
 * The flow with every called flow in place of its name. A flow that is called from several places is one object, held
 * by each. For use in memory only: written out, it may be far larger than what it was made from.
 */
export function linked(flow: Flow, named: Readonly<Record<string, FlowInput>>): Flow {
  const done = new Map<string, Json>();

  function linkedConfig(type: string, config: Config): Config {
    const member = Object.hasOwn(NESTED_IN, type) ? NESTED_IN[type] : undefined;
    if (member === undefined) return config;
    const ref = refOf({ type, config });
    if (ref !== null) {
      const called = callee(ref);
      return called === null ? config : { ...config, [member]: called };
    }
    const inner = flowIn(config[member]);
    return inner === null || !nests(inner) ? config : { ...config, [member]: asJson(inner) };
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
