import { type Estimate } from '../contracts/charge';
import { agentStepsOf, agentToolsOf } from '../contracts/blocks-agent';
import { type RunContext } from '../contracts/context';
import { type Block } from '../contracts/flow';
import { type Json } from '../contracts/json';
import { millicredits, parseCredits, toText, ZERO, type Millicredits } from '../contracts/millicredits';
import { chargedIn, runCharge } from './charge';
import { type ByModelRow, type PriceRow, type RateCard } from './card-schema';
import { timesDecimal } from './decimal';
import { extreme } from './extremes';
import { builtInPorts, orderOf, type Graph, type PortsOf } from './graph';
import { PricingRefusal } from './refusal';
import { modelRowOf, rowOf, type Table } from './rows';

const MILLICREDITS_PER_USD = 1_000_000n;

interface Bounds {
  readonly least: bigint;
  readonly likely: bigint;
  /** Null where nothing bounds it. */
  readonly most: bigint | null;
}

const FREE: Bounds = { least: 0n, likely: 0n, most: 0n };

/** A block of a flow, or an activity, before it runs. */
export interface Planned {
  readonly type: string;
  readonly config: Readonly<Record<string, Json>>;
  /** Which rows of the card price it. Default `blocks`. */
  readonly rows?: Table;
}

export interface EstimateOptions {
  /** The ports of a platform's own block types; those it does not know may deliver anywhere or nowhere. */
  readonly ports?: PortsOf;
}

const unbounded = (price: bigint): bigint | null => (price === 0n ? 0n : null);

function count(value: Json | undefined): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null;
}

/** Credits in a config: text, or a whole number. */
function creditsIn(value: Json | undefined): bigint | null {
  const credits = typeof value === 'string' ? value : count(value)?.toString();
  return credits !== undefined && /^\d+(\.\d{1,3})?$/.test(credits) ? parseCredits(credits) : null;
}

function offersFlows({ tools }: Planned['config']): boolean {
  return Array.isArray(tools) && tools.some((tool) => isObject(tool) && tool['kind'] === 'flow');
}

/**
 * An agent that completes has called its model at least once; its limits bound the rest. Of `ai-agent` itself all limits
 * are known; of a platform's own type, and of an activity, those that its config names.
 */
function agentBounds(row: ByModelRow, path: string, { type, config, rows = 'blocks' }: Planned): Bounds {
  const tool = row.mcpTool === undefined ? 0n : parseCredits(row.mcpTool.credits);
  const model = config['model'];
  if (typeof model !== 'string') return { least: 0n, likely: 0n, most: null };
  const found = modelRowOf(row, path, model);
  if (found === null) {
    throw new PricingRefusal('config.model', `model "${model}" has no row in ${path} and it has no default`);
  }
  // Priced by tokens: how many there will be is not known.
  if (found.row.credits === undefined) return { least: 0n, likely: 0n, most: null };
  const call = parseCredits(found.row.credits);
  const ours = type === 'ai-agent' && rows === 'blocks';
  const calls = ours ? BigInt(agentStepsOf(config)) : count(config['maxSteps']);
  const most = ours ? agentToolsOf(config) : config['maxTools'];
  const tools = count(most ?? undefined);
  const models = calls === null ? unbounded(call) : calls * call;
  const used = tools === null ? unbounded(tool) : tools * tool;
  const limits = [
    models === null || used === null ? null : models + used,
    // A call and its tools are only paid for where they fit below the limit.
    ours ? creditsIn(config['maxCredits']) : null,
  ].flatMap((limit) => (limit === null ? [] : [limit < call ? call : limit]));
  const least = limits.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null);
  // What a flow that is offered as a tool does is charged for itself.
  return { least: call, likely: call, most: offersFlows(config) ? null : least };
}

function rowBounds(row: PriceRow, path: string, block: Planned): Bounds {
  switch (row.price) {
    case 'fixed': {
      const price = parseCredits(row.credits);
      return { least: price, likely: price, most: price };
    }
    case 'per-unit': {
      const price = parseCredits(row.credits);
      return { least: 0n, likely: price * (count(block.config['units']) ?? 1n), most: unbounded(price) };
    }
    case 'by-model':
      return agentBounds(row, path, block);
    case 'at-cost':
      return { least: 0n, likely: timesDecimal(MILLICREDITS_PER_USD, row.likelyUsd ?? '0'), most: null };
  }
}

/** The block's own row, without what it calls or repeats. */
function ownBounds(block: Planned, context: RunContext, card: RateCard): Bounds {
  const table = block.rows ?? 'blocks';
  const row = rowOf(card, table, block.type);
  if (row === null || chargedIn(row, context.location) === null) return FREE;
  return rowBounds(row, `${table}.${block.type}`, block);
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A nested flow as a loop's config holds it, or null if it holds none. */
function bodyOf(value: Json | undefined): Graph | null {
  if (!isObject(value) || !Array.isArray(value['blocks'])) return null;
  const connections = value['connections'] ?? [];
  if (!Array.isArray(connections)) return null;
  return {
    blocks: value['blocks'].flatMap((block) => {
      const [id, type] = isObject(block) ? [text(block['id']), text(block['type'])] : [null, null];
      if (!isObject(block) || id === null || type === null) return [];
      return [{ id, type, config: isObject(block['config']) ? block['config'] : {} }];
    }),
    connections: connections.flatMap((connection) => {
      if (!isObject(connection)) return [];
      const [from, to, port] = [text(connection['from']), text(connection['to']), text(connection['port'])];
      if (from === null || to === null) return [];
      return [port === null ? { from, to } : { from, to, port }];
    }),
  };
}

/** How often a loop's body runs, where its config says it. */
function repetitions({ type, config }: Block): bigint | null {
  if (type === 'repeat') return count(config['count']);
  return Array.isArray(config['items']) ? BigInt(config['items'].length) : null;
}

function loopBounds(block: Block, context: RunContext, card: RateCard, options: EstimateOptions): Bounds {
  const body = bodyOf(block.config['body']);
  if (body === null) return { least: 0n, likely: 0n, most: null };
  const once = within('config.body', () => graphBounds(body, context, card, options));
  const times = repetitions(block);
  if (times === null) return { least: 0n, likely: once.likely, most: once.most === 0n ? 0n : null };
  return {
    least: times * once.least,
    likely: times * once.likely,
    most: times === 0n ? 0n : once.most === null ? null : times * once.most,
  };
}

/** What a block adds beyond its own row: a loop its body, a called flow whatever that does. */
function nestedBounds(block: Block, context: RunContext, card: RateCard, options: EstimateOptions): Bounds {
  if (block.type === 'for' || block.type === 'repeat') return loopBounds(block, context, card, options);
  return block.type === 'flow' ? { least: 0n, likely: 0n, most: null } : FREE;
}

function blockBounds(block: Block, context: RunContext, card: RateCard, options: EstimateOptions): Bounds {
  const own = ownBounds(block, context, card);
  const nested = nestedBounds(block, context, card, options);
  return {
    least: own.least + nested.least,
    likely: own.likely + nested.likely,
    most: own.most === null || nested.most === null ? null : own.most + nested.most,
  };
}

function graphBounds(graph: Graph, context: RunContext, card: RateCard, options: EstimateOptions): Bounds {
  const ordered = orderOf(graph);
  if ('faults' in ordered) {
    const [fault] = ordered.faults;
    throw new PricingRefusal(fault?.path ?? 'blocks', fault?.message ?? 'is no flow');
  }
  const bounds = new Map(
    graph.blocks.map((block, place) => [
      block,
      within(`blocks[${place}]`, () => blockBounds(block, context, card, options)),
    ]),
  );
  const of = (block: Block): Bounds => bounds.get(block) ?? FREE;
  const ports: PortsOf = (block) => builtInPorts(block) ?? options.ports?.(block) ?? null;
  const search = { ports, failures: false } as const;
  const unboundedBlock = (block: Block): bigint => (of(block).most === null ? 1n : 0n);
  const reached = { ...search, failures: true, goal: 'most' } as const;
  const likely = extreme(graph, ordered, { ...search, goal: 'most', cost: (block) => of(block).likely });
  const mayBeUnbounded = extreme(graph, ordered, { ...reached, cost: unboundedBlock }) > 0n;
  const most = extreme(graph, ordered, { ...reached, cost: (block) => of(block).most ?? 0n });
  return {
    least: extreme(graph, ordered, { ...search, goal: 'least', cost: (block) => of(block).least }),
    likely,
    // Where the search gives bounds, the wider one counts.
    most: mayBeUnbounded ? null : most > likely ? most : likely,
  };
}

/** A refusal from further inside gets the way to it. */
function within<T>(path: string, price: () => T): T {
  try {
    return price();
  } catch (error) {
    if (error instanceof PricingRefusal) throw new PricingRefusal(`${path}.${error.path}`, error.reason);
    throw error;
  }
}

/**
 * What a run of the flow costs, in millicredits, its run charge included.
 *
 * - `least`: no run that completes without failed blocks costs less.
 * - `likely`: the dearest branch, known loop counts else 1, one model call.
 * - `most`: no run costs more, whatever fails; null where nothing bounds it.
 *
 * Throws {@link PricingRefusal} for a graph that is no flow and for a model that the card does not price.
 */
export function estimate(
  flow: Graph,
  context: RunContext,
  card: RateCard,
  options: EstimateOptions = {},
): Estimate {
  const run = BigInt(runCharge(context, card).millicredits);
  const { least, likely, most } = graphBounds(flow, context, card, options);
  const amount = (value: bigint): string => toText(millicredits(run + value));
  return { least: amount(least), likely: amount(likely), most: most === null ? null : amount(most) };
}

/** Whether a run of the flow could be charged anything at all in this context. A run that could not is never held back. */
export function requiresCredits(
  flow: Graph,
  context: RunContext,
  card: RateCard,
  options: EstimateOptions = {},
): boolean {
  return estimate(flow, context, card, options).most !== '0';
}

/** What is set aside for one block, or activity, before it runs; exact where its price is fixed. */
export function likely(block: Planned, context: RunContext, card: RateCard): Millicredits {
  return millicredits(ownBounds(block, context, card).likely);
}

/**
 * Like {@link requiresCredits}, for a workflow that is not a flow: whether any activity the card prices could charge
 * here. Which ones it will call is not known beforehand, so its least is 0.
 */
export function activitiesRequireCredits(context: RunContext, card: RateCard): boolean {
  return Object.keys(card.activities).some((type) => {
    const { most } = ownBounds({ type, config: {}, rows: 'activities' }, context, card);
    return most !== ZERO;
  });
}
