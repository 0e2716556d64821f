import { didYouMean } from '../contracts/blocks-suggest';
import { nestedFlows } from '../contracts/blocks-nested';
import { BLOCK_TYPES } from '../contracts/blocks-types';
import { type Block, type Fault } from '../contracts/flow';
import { type Usage } from '../contracts/usage';
import { pathOf } from '../contracts/validate-flow-json';
import { type ByModelRow, type PriceRow, type RateCard } from './card-schema';
import { orderOf, type Graph } from './graph';
import { modelRowOf, rowOf } from './rows';

/** Every block type there is: the built-in ones, and whatever a loaded card prices. */
export function knownBlockTypes(cards: readonly RateCard[]): readonly string[] {
  const priced = cards.flatMap(({ blocks }) => Object.keys(blocks));
  return [...new Set([...Object.keys(BLOCK_TYPES), ...priced])];
}

export function typeFault(type: string, known: readonly string[]): Fault[] {
  return known.includes(type)
    ? []
    : [{ path: 'type', message: `"${type}" is no block type${didYouMean(type, known)}` }];
}

function unknownModel(model: string, row: ByModelRow, card: RateCard): string {
  return `rate card "${card.id}" has no price for model "${model}"${didYouMean(model, Object.keys(row.models))}`;
}

/** The fields of a usage that each kind of row prices; others with something in them are a mistake. */
const PRICED_FIELDS: Readonly<Record<PriceRow['price'], readonly (keyof Usage)[]>> = {
  fixed: [],
  'per-unit': ['units'],
  'by-model': ['modelCalls', 'mcpTools'],
  'at-cost': ['model', 'costUsd'],
};

function modelCallFaults(usage: Usage, row: ByModelRow, path: string, card: RateCard): Fault[] {
  return (usage.modelCalls ?? []).flatMap((call, index) => {
    const at = `usage.modelCalls[${index}]`;
    const found = modelRowOf(row, path, call.model);
    if (found === null) return [{ path: `${at}.model`, message: unknownModel(call.model, row, card) }];
    if (found.row.credits !== undefined || call.calls === 0) return [];
    return (['inputTokens', 'outputTokens'] as const).flatMap((field) =>
      call[field] === undefined
        ? [{ path: `${at}.${field}`, message: `is missing: "${call.model}" is priced by tokens` }]
        : [],
    );
  });
}

/** What of a block's reported usage the card cannot price, or would leave unpriced. Paths begin with `usage`. */
export function usageFaults(type: string, usage: Usage, card: RateCard): Fault[] {
  const row = rowOf(card, 'blocks', type);
  if (row === null) return [];
  const priced = PRICED_FIELDS[row.price];
  const given: readonly (keyof Usage)[] = ['modelCalls', 'mcpTools', 'model', 'costUsd', 'units'];
  const faults: Fault[] = given
    .filter((field) => usage[field] !== undefined && !priced.includes(field))
    .map((field) => ({ path: `usage.${field}`, message: `is nothing that "${type}" is priced by` }));
  if (row.price === 'by-model') {
    faults.push(...modelCallFaults(usage, row, `blocks.${type}`, card));
    if (row.mcpTool === undefined && usage.mcpTools !== undefined) {
      faults.push({ path: 'usage.mcpTools', message: `rate card "${card.id}" has no price for MCP tools` });
    }
  }
  if (row.price === 'at-cost' && usage.model !== undefined && usage.costUsd === undefined) {
    faults.push({ path: 'usage.costUsd', message: `is missing: "${type}" is passed through at cost` });
  }
  if (row.price === 'per-unit' && usage.units === undefined) {
    faults.push({ path: 'usage.units', message: `is missing: "${type}" is priced by the ${row.unit}` });
  }
  return faults;
}

function modelFault({ type, config }: Block, card: RateCard): Fault[] {
  const row = rowOf(card, 'blocks', type);
  const model = config['model'];
  if (row?.price !== 'by-model' || typeof model !== 'string') return [];
  return modelRowOf(row, `blocks.${type}`, model) === null
    ? [{ path: 'config.model', message: unknownModel(model, row, card) }]
    : [];
}

/**
 * Faults of the blocks of a flow and of all flows within it, each with its path. A flow that is called from many places
 * is looked at once.
 */
function blockFaults(
  flow: Graph,
  faultsOf: (block: Block) => readonly Fault[],
  seen = new Set<Graph>(),
): Fault[] {
  seen.add(flow);
  return flow.blocks.flatMap((block, place) => {
    const inner = nestedFlows(block).flatMap(({ keys, flow: nested }) =>
      seen.has(nested)
        ? []
        : blockFaults(nested, faultsOf, seen).map(({ path, message }) => ({
            path: `config.${pathOf(keys)}.${path}`,
            message,
          })),
    );
    return [...faultsOf(block), ...inner].map(({ path, message }) => ({
      path: `blocks[${place}].${path}`,
      message,
    }));
  });
}

/** Models in a flow that the card does not price. A flow with one is refused before anything is held. */
export function modelFaults(flow: Graph, card: RateCard): Fault[] {
  return blockFaults(flow, (block) => modelFault(block, card));
}

/** All that keeps a flow from being priced: its graph, its types, its models. */
export function flowPriceFaults(flow: Graph, card: RateCard, types: readonly string[]): Fault[] {
  const ordered = orderOf(flow);
  const unknown = blockFaults(flow, ({ type }) => typeFault(type, types));
  return [...('faults' in ordered ? ordered.faults : []), ...unknown, ...modelFaults(flow, card)];
}
