import { type z } from 'zod';
import { BLOCKS, type BlockCatalog, type BlockSpec } from './blocks';
import { nameSchema } from './blocks-config';
import { isObject, withoutToolFlows } from './blocks-nested';
import { FLOW_MOST_BYTES, jsonBytes, SCHEMAS_MOST_BYTES, sizeText } from './blocks-size';
import { didYouMean } from './blocks-suggest';
import { parseTemplate } from './blocks-template';
import {
  blockSchema,
  connectionSchema,
  flowSchema,
  type Block,
  type Connection,
  type Fault,
  type Flow,
} from './flow';
import { type Json } from './json';
import { graphFaults, type Graph, type Node } from './validate-flow-graph';
import { show } from './faults';
import { configError, faultsOf } from './validate-flow-issues';
import { asJson, pathOf } from './validate-flow-json';
import { configsOf, nestedFaults, nestingFaults, within, type NamedFlows } from './validate-flow-nested';

/** A flow that can be run, or everything that is wrong with it. */
export type FlowValidation =
  | {
      readonly ok: true;
      readonly flow: Flow;
      /** The flows it was given with, where there are any. */
      readonly flows?: Readonly<Record<string, Flow>>;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What a flow is held against. */
export interface ValidateFlowOptions {
  /** Block types there are: `blockCatalog({...})` where a platform has its own. Default: ours. */
  readonly blocks?: BlockCatalog;
  /** The flows that `flow` blocks may call and agents may have as tools, by name. Checked like the flow; their paths begin with `flows`. */
  readonly flows?: unknown;
}

/**
 * Checks a flow's shape and what it means, bodies of loops, called flows and tools included: every fault, each with its
 * path and a message that names block, value and way out. Takes anything, never throws. Not for the workflow sandbox.
 */
export function validateFlow(input: unknown, options: ValidateFlowOptions = {}): FlowValidation {
  const json = asJson(input);
  const given = flowsAsJson(options.flows);
  if (!json.ok || !given.ok) {
    return { ok: false, faults: [...(json.ok ? [] : json.faults), ...(given.ok ? [] : given.faults)] };
  }
  const { flows } = given;
  const all = [json.value, ...Object.values(flows)];
  const bytes = all.reduce<number>((sum, flow) => sum + jsonBytes(flow), 0);
  if (bytes > FLOW_MOST_BYTES) {
    const message = `flow: it has ${sizeText(bytes)}${all.length > 1 ? ', with the flows it calls' : ''}; the most is ${sizeText(FLOW_MOST_BYTES)}: it travels with each run`;
    return { ok: false, faults: [{ path: 'flow', message }] };
  }
  const schemas = all.reduce<number>((sum, flow) => sum + schemaBytes(flow), 0);
  if (schemas > SCHEMAS_MOST_BYTES) {
    const message = `flow: its JSON Schemas have ${sizeText(schemas)} together; the most is ${sizeText(SCHEMAS_MOST_BYTES)}`;
    return { ok: false, faults: [{ path: 'blocks', message }] };
  }
  const inside = { catalog: options.blocks ?? BLOCKS, flows };
  const faults = [...allFaults(json.value, flowSchema, inside), ...namedFaults(inside)];
  // How flows call each other is only looked at where each is well by itself.
  const nesting = faults.length > 0 ? [] : nestingFaults(json.value, flows);
  if (faults.length + nesting.length > 0) return { ok: false, faults: [...faults, ...nesting] };
  const flow = flowSchema.parse(json.value);
  if (options.flows === undefined) return { ok: true, flow };
  const named = Object.entries(flows).map(([name, each]) => [name, flowSchema.parse(each)] as const);
  return { ok: true, flow, flows: Object.fromEntries(named) };
}

/** The flow in a config has no name of its own: the block has one. */
const nestedSchema = flowSchema.extend({ name: flowSchema.shape.name.optional() });

interface Inside {
  readonly catalog: BlockCatalog;
  readonly flows: NamedFlows;
}

function flowsAsJson(
  input: unknown,
):
  | { readonly ok: true; readonly flows: NamedFlows }
  | { readonly ok: false; readonly faults: readonly Fault[] } {
  if (input === undefined) return { ok: true, flows: {} };
  const json = asJson(input);
  if (!json.ok) return { ok: false, faults: within(json.faults, 'flows', 'flow') };
  if (isObject(json.value)) return { ok: true, flows: json.value };
  const message = `flow: flows is ${show(json.value)}; it must be an object, flows by their names`;
  return { ok: false, faults: [{ path: 'flows', message }] };
}

function namedFaults(inside: Inside): readonly Fault[] {
  return Object.entries(inside.flows).flatMap(([name, flow]) => {
    const path = pathOf(['flows', name]);
    const fault = nameSchema.safeParse(name).success
      ? []
      : [{ path, message: `flow ${show(name)}: its name must be 1 to 64 letters, digits, "_", "." or "-"` }];
    return [...fault, ...within(allFaults(flow, flowSchema, inside), path, `flow ${show(name)}`)];
  });
}

/** Bytes of what `validate` blocks give as schemas, well-shaped or not. */
function schemaBytes(flow: Json): number {
  return configsOf('validate', flow).reduce((sum, { schema }) => {
    return sum + (schema === undefined ? 0 : jsonBytes(schema));
  }, 0);
}

function allFaults(value: Json, schema: z.ZodType, inside: Inside): readonly Fault[] {
  const { catalog, flows } = inside;
  const whole = schema.safeParse(value);
  const shape = whole.success ? [] : faultsOf(whole.error, schema, value, [], 'flow');
  if (!isObject(value)) return shape;
  const blocks = parsedMembers(value['blocks'], blockSchema);
  const connections = parsedMembers(value['connections'], connectionSchema);
  const faultsIn = (flow: Json): readonly Fault[] => allFaults(flow, nestedSchema, inside);
  return [
    ...shape.map((fault) => named(fault, value['blocks'])),
    ...duplicateIds(blocks),
    ...blocks.flatMap(({ member, place }) => [
      ...blockFaults(member, place, catalog),
      ...nestedFaults(member, place, flows, faultsIn),
    ]),
    ...startFaults(blocks),
    ...graphFaults(graphOf(value['blocks'], blocks, connections, catalog)),
  ];
}

interface Member<T> {
  readonly place: number;
  readonly member: T;
}

/** The well-shaped members of a list; the others have their faults already. */
function parsedMembers<T>(list: Json | undefined, schema: z.ZodType<T>): readonly Member<T>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, place) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [{ place, member: parsed.data }] : [];
  });
}

function idOf(block: Json | undefined): string | null {
  return isObject(block) && typeof block['id'] === 'string' ? block['id'] : null;
}

/** A fault in a block's shape says which block it is, where its id can be read. */
function named(fault: Fault, blocks: Json | undefined): Fault {
  const place = /^blocks\[(\d+)\]/.exec(fault.path)?.[1];
  const id = place === undefined || !Array.isArray(blocks) ? null : idOf(blocks[Number(place)]);
  if (id === null) return fault;
  return { ...fault, message: fault.message.replace(/^flow: blocks\[\d+\]\.?/, `block ${show(id)}: `) };
}

function duplicateIds(blocks: readonly Member<Block>[]): readonly Fault[] {
  const first = new Map<string, number>();
  const faults: Fault[] = [];
  for (const { place, member } of blocks) {
    const other = first.get(member.id);
    if (other === undefined) first.set(member.id, place);
    else {
      faults.push({
        path: `blocks[${place}].id`,
        message: `block "${member.id}" has the id of blocks[${other}]; ids are unique in a flow`,
      });
    }
  }
  return faults;
}

function blockFaults(block: Block, place: number, catalog: BlockCatalog): readonly Fault[] {
  const subject = `block "${block.id}"`;
  const spec = catalog.get(block.type);
  if (spec === undefined) return [unknownType(block, place, [...catalog.keys()])];
  const error = configError(spec, block.config);
  const keys = ['blocks', place, 'config'];
  const shape = error === null ? [] : faultsOf(error, spec.config, block.config, keys, subject);
  // The blocks of a tool's flow have their own rules: there, texts may be no templates, and secrets may be named.
  const { config } = withoutToolFlows(block);
  const deeper = error === null ? (spec.check?.(config) ?? []) : [];
  return [
    ...shape,
    ...deeper.map(({ path, message }) => ({
      path: `${pathOf(keys)}.${path}`,
      message: `${subject}: ${path} ${message}`,
    })),
    ...textFaults(config, [], spec, keys, subject),
  ];
}

function unknownType({ id, type }: Block, place: number, known: readonly string[]): Fault {
  return {
    path: `blocks[${place}].type`,
    message: `block "${id}" has type "${type}"${didYouMean(type, known)}`,
  };
}

/** Templates in every text of a config that takes them; secret references nowhere else. */
function textFaults(
  value: Json,
  inner: readonly PropertyKey[],
  spec: BlockSpec,
  keys: readonly PropertyKey[],
  subject: string,
): readonly Fault[] {
  if (!spec.templates) return [];
  if (typeof value === 'object' && value !== null) {
    const members: readonly (readonly [PropertyKey, Json])[] = Array.isArray(value)
      ? value.map((member, place) => [place, member] as const)
      : Object.entries(value);
    return members.flatMap(([key, member]) => textFaults(member, [...inner, key], spec, keys, subject));
  }
  if (typeof value !== 'string') return [];
  const parsed = parseTemplate(value);
  if (parsed.ok) return [];
  return [{ path: pathOf([...keys, ...inner]), message: `${subject}: ${pathOf(inner)} ${parsed.message}` }];
}

function startFaults(blocks: readonly Member<Block>[]): readonly Fault[] {
  const [first, ...others] = blocks.filter(({ member }) => member.type === 'start');
  return others.map(({ place, member }) => ({
    path: `blocks[${place}]`,
    message: `block "${member.id}" is a second "start" beside "${first?.member.id ?? ''}"; connect what follows to that one`,
  }));
}

function graphOf(
  given: Json | undefined,
  blocks: readonly Member<Block>[],
  connections: readonly Member<Connection>[],
  catalog: BlockCatalog,
): Graph {
  const nodes = new Map<string, Node>();
  for (const { place, member } of blocks) {
    if (!nodes.has(member.id)) nodes.set(member.id, nodeOf(member, place, catalog));
  }
  const all = Array.isArray(given) ? given : [];
  const faulty = new Set(all.map(idOf).filter((id) => id !== null && !nodes.has(id)));
  return {
    nodes,
    faulty: new Set([...faulty].filter((id) => id !== null)),
    connections: connections.map(({ place, member }) => ({ place, connection: member })),
  };
}

function nodeOf({ id, type, config }: Block, place: number, catalog: BlockCatalog): Node {
  const spec = catalog.get(type);
  if (spec === undefined) return { id, type, place, ports: null, fails: true };
  const valid = configError(spec, config) === null;
  return { id, type, place, ports: valid ? spec.ports(config) : null, fails: spec.fails };
}
