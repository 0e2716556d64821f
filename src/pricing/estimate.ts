import { type Estimate } from '../contracts/charge';
import { AGENT_CALLS_AT_ONCE_MOST, agentStepsOf, agentToolsOf } from '../contracts/blocks-agent';
import { type RunContext } from '../contracts/context';
import { flowToolsOf, iterationsMostOf, nestedIn } from '../contracts/blocks-nested';
import { type Block, type Flow } from '../contracts/flow';
import { type Json } from '../contracts/json';
import { millicredits, parseCredits, toText, ZERO, type Millicredits } from '../contracts/millicredits';
import { ANYTHING, FREE, times, type Bounds, type Rounds } from './bounds';
import { chargedIn, runCharge } from './charge';
import { type ByModelRow, type ModelRow, type PriceRow, type RateCard } from './card-schema';
import { inMillions, timesDecimal } from './decimal';
import { extreme } from './extremes';
import { builtInPorts, orderOf, type Graph, type PortsOf } from './graph';
import { PricingRefusal } from './refusal';
import { modelRowOf, rowOf, type Table } from './rows';

const MILLICREDITS_PER_USD = 1_000_000n;

/** A block of a flow, or an activity, before it runs. */
export interface Planned {
  readonly type: string;
  readonly config: Readonly<Record<string, Json>>;
  /** Which rows of the card price it. Default `blocks`. */
  readonly rows?: Table;
}

/** What an estimate may know beside the flow. */
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

/** What a model call takes that nobody has counted yet, where its row does not say: assumed, a page in and half a page out. */
const LIKELY_TOKENS = { input: 1_000, output: 500 } as const;

/**
 * One call of a model that is priced by tokens. An answer is no longer than the block allows. Each line is rounded as it
 * is charged.
 */
function likelyCall(
  { creditsPerMillionTokens: rates, likelyTokens }: ModelRow,
  config: Planned['config'],
): bigint {
  if (rates === undefined) return 0n;
  const { input, output } = likelyTokens ?? LIKELY_TOKENS;
  const longest = count(config['maxOutputTokens']);
  const answer = longest !== null && longest < BigInt(output) ? Number(longest) : output;
  return (
    timesDecimal(parseCredits(rates.input), inMillions(input)) +
    timesDecimal(parseCredits(rates.output), inMillions(answer))
  );
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
  // Priced by tokens: how many there will be is not known. A call may take so few that it rounds to nothing.
  if (found.row.credits === undefined)
    return { least: 0n, likely: likelyCall(found.row, config), most: null };
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
  return { least: call, likely: call, most: least };
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

/** What is priced, and what of it has been found already: a flow that is called from many places is priced once. */
interface Search {
  readonly context: RunContext;
  readonly card: RateCard;
  readonly options: EstimateOptions;
  readonly known: Map<Graph, Bounds>;
}

/** How often a loop's body runs, as far as its config says it. */
function roundsOf({ type, config }: Block): Rounds {
  if (type === 'for') {
    const { items } = config;
    const known = Array.isArray(items) ? BigInt(items.length) : null;
    return { known, most: known };
  }
  const known = count(config['times']);
  return { known, most: known ?? BigInt(iterationsMostOf(config)) };
}

/** Blocks that cost nothing themselves, whatever a card says: they are never executed, only what they run is. */
const UNPRICED: ReadonlySet<string> = new Set(['for', 'repeat', 'flow', 'collect']);

/** What a loop's body or a called flow costs. Where it is not at hand, it may be anything. */
function nestedBounds(block: Block, search: Search): Bounds {
  const path = block.type === 'flow' ? 'config.flow' : 'config.body';
  const once = onceBounds(nestedIn(block), path, search);
  return block.type === 'flow' ? once : times(once, roundsOf(block));
}

function onceBounds(flow: Flow | null, path: string, search: Search): Bounds {
  if (flow === null) return ANYTHING;
  const once = search.known.get(flow) ?? within(path, () => graphBounds(flow, search));
  search.known.set(flow, once);
  return once;
}

/**
 * What the flows that an agent has as tools may cost beside it. The model may call none of them; each of its answers may
 * call the dearest as often as calls are made at once.
 */
function withFlowTools(own: Bounds, block: Block, search: Search): Bounds {
  const calls = BigInt(agentStepsOf(block.config) * AGENT_CALLS_AT_ONCE_MOST);
  const dearest = flowToolsOf(block).map(({ place, flow }) => {
    const once = onceBounds(flow, `config.tools[${place}].flow`, search);
    return times(once, { known: null, most: calls }).most;
  });
  const most = dearest.reduce((a, b) => (a === null || b === null ? null : a > b ? a : b), 0n);
  return { ...own, most: own.most === null || most === null ? null : own.most + most };
}

function blockBounds(block: Block, search: Search): Bounds {
  if (block.type === 'collect') return FREE;
  if (UNPRICED.has(block.type)) return nestedBounds(block, search);
  return withFlowTools(ownBounds(block, search.context, search.card), block, search);
}

function graphBounds(graph: Graph, asked: Search): Bounds {
  const ordered = orderOf(graph);
  if ('faults' in ordered) {
    const [fault] = ordered.faults;
    throw new PricingRefusal(fault?.path ?? 'blocks', fault?.message ?? 'is no flow');
  }
  const bounds = new Map(
    graph.blocks.map((block, place) => [block, within(`blocks[${place}]`, () => blockBounds(block, asked))]),
  );
  const of = (block: Block): Bounds => bounds.get(block) ?? FREE;
  const ports: PortsOf = (block) => builtInPorts(block) ?? asked.options.ports?.(block) ?? null;
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
 * - `likely`: the dearest branch, known loop counts else 1, one model call; where that is priced by tokens, of so many
 *   as its row says (`likelyTokens`), else of 1,000 in and 500 out.
 * - `most`: no run costs more, whatever fails; null where nothing bounds it.
 *
 * Calls must be linked (`linked` of `contracts/blocks-nested`): one that is not may cost anything.
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
  const { least, likely, most } = graphBounds(flow, { context, card, options, known: new Map() });
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
