import { type Charge, type ChargeLine, type Provenance } from '../contracts/charge';
import { type Location, type RunContext } from '../contracts/context';
import { millicredits, parseCredits, toText, type Millicredits } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { type ByModelRow, type PriceRow, type RateCard } from './card-schema';
import { inMillions, timesDecimal } from './decimal';
import { PricingRefusal } from './refusal';
import { modelRowOf, rowOf, type Table } from './rows';

/** At the standard rate 1,000 credits are $1. */
const MILLICREDITS_PER_USD = 1_000_000n;

/** One block run or activity, with what it used. */
export interface Priced {
  readonly type: string;
  readonly usage: Usage;
  /** A failed one is charged for what it demonstrably used, never its fixed price. */
  readonly failed?: boolean;
  /** Which rows of the card price it: `activities` for those of workflows that are not flows. Default `blocks`. */
  readonly rows?: Table;
}

/** A line before its provenance is weighed with that of its location. */
interface DraftLine {
  readonly what: string;
  readonly quantity: string;
  readonly unit: Millicredits;
  readonly row: string;
  readonly provenance: Provenance;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every line's amount is quantity x unit price, rounded half up, once. */
function finishLine(draft: DraftLine, location: Provenance): ChargeLine {
  return {
    what: draft.what,
    quantity: draft.quantity,
    unitMillicredits: toText(draft.unit),
    millicredits: toText(millicredits(timesDecimal(draft.unit, draft.quantity))),
    row: draft.row,
    provenance: location === 'documented' ? draft.provenance : 'assumed',
  };
}

/** Model calls by model, in the order of their names: neither the order nor the split of what was reported matters. */
function callsByModel(
  usage: Usage,
): Map<string, { calls: number; input: number | null; output: number | null }> {
  const all = new Map<string, { calls: number; input: number | null; output: number | null }>();
  const plus = (a: number | null, b: number | undefined): number | null =>
    a === null || b === undefined ? null : a + b;
  for (const { model, calls, inputTokens, outputTokens } of usage.modelCalls ?? []) {
    const sum = all.get(model) ?? { calls: 0, input: 0, output: 0 };
    const tokensMatter = calls > 0 || inputTokens !== undefined || outputTokens !== undefined;
    all.set(model, {
      calls: sum.calls + calls,
      input: tokensMatter ? plus(sum.input, inputTokens) : sum.input,
      output: tokensMatter ? plus(sum.output, outputTokens) : sum.output,
    });
  }
  return new Map([...all].sort(([a], [b]) => byText(a, b)));
}

function modelLines(row: ByModelRow, path: string, usage: Usage): DraftLine[] {
  return [...callsByModel(usage)].flatMap(([model, { calls, input, output }]) => {
    const found = modelRowOf(row, path, model);
    if (found === null) {
      throw new PricingRefusal(
        'usage.modelCalls',
        `model "${model}" has no row in ${path} and it has no default`,
      );
    }
    const { row: modelRow, path: rowPath } = found;
    const common = { row: rowPath, provenance: modelRow.provenance };
    if (modelRow.credits !== undefined) {
      const unit = parseCredits(modelRow.credits);
      return calls === 0 ? [] : [{ ...common, what: `${model} model call`, quantity: String(calls), unit }];
    }
    const rates = modelRow.creditsPerMillionTokens;
    if (rates === undefined) throw new TypeError(`${rowPath} has no price`);
    if (input === null || output === null) {
      throw new PricingRefusal(
        'usage.modelCalls',
        `model "${model}" is priced by tokens: inputTokens and outputTokens are needed`,
      );
    }
    const line = (what: string, tokens: number, rate: string): DraftLine => ({
      ...common,
      what: `${model} ${what} tokens (million)`,
      quantity: inMillions(tokens),
      unit: parseCredits(rate),
    });
    return [line('input', input, rates.input), line('output', output, rates.output)].filter(
      ({ quantity }) => quantity !== '0',
    );
  });
}

/** 2 credits per unique tool (server + name) called in one block run, however often: the seed, "AI Agent models and tools". */
function toolLines(row: ByModelRow, path: string, usage: Usage): DraftLine[] {
  const price = row.mcpTool;
  if (price === undefined) return [];
  const called = (usage.mcpTools ?? []).filter(({ calls }) => calls > 0);
  const unique = new Map(called.map((tool) => [JSON.stringify([tool.server, tool.tool]), tool]));
  return [...unique]
    .sort(([a], [b]) => byText(a, b))
    .map(([, { server, tool }]) => ({
      what: `MCP tool ${tool} on ${server}`,
      quantity: '1',
      unit: parseCredits(price.credits),
      row: `${path}.mcpTool`,
      provenance: price.provenance,
    }));
}

function draftLines(item: Priced, row: PriceRow, path: string): DraftLine[] {
  const what = row.what ?? item.type;
  switch (row.price) {
    case 'fixed':
      return item.failed === true
        ? []
        : [{ what, quantity: '1', unit: parseCredits(row.credits), row: path, provenance: row.provenance }];
    case 'per-unit': {
      const units = item.usage.units ?? (item.failed === true ? 0 : undefined);
      if (units === undefined) {
        throw new PricingRefusal(
          'usage.units',
          `"${item.type}" is priced by the ${row.unit}: a whole number of units is needed`,
        );
      }
      const unit = parseCredits(row.credits);
      return units === 0
        ? []
        : [
            {
              what: `${what}, per ${row.unit}`,
              quantity: String(units),
              unit,
              row: path,
              provenance: row.provenance,
            },
          ];
    }
    case 'by-model':
      return [...modelLines(row, path, item.usage), ...toolLines(row, path, item.usage)];
    case 'at-cost': {
      const { model, costUsd } = item.usage;
      if (costUsd === undefined) {
        if (model === undefined || item.failed === true) return [];
        throw new PricingRefusal(
          'usage.costUsd',
          `"${item.type}" is passed through at cost: the cost of "${model}" is needed`,
        );
      }
      const unit = millicredits(timesDecimal(MILLICREDITS_PER_USD, costUsd));
      const label = `${what}${model === undefined ? '' : ` ${model}`} at cost, $${costUsd}`;
      return [{ what: label, quantity: '1', unit, row: path, provenance: row.provenance }];
    }
  }
}

/** Null where the row charges nothing in this location; else how sure we are that it does. */
export function chargedIn(row: PriceRow, location: Location): Provenance | null {
  return row.chargedIn === undefined ? 'documented' : (row.chargedIn[location] ?? null);
}

function total(lines: readonly ChargeLine[]): Charge {
  const sum = lines.reduce((amount, line) => amount + BigInt(line.millicredits), 0n);
  return { millicredits: toText(millicredits(sum)), lines };
}

/**
 * What one block run, or one activity, costs. A type without a row costs nothing, and so does one whose row does not
 * charge in this location.
 *
 * Throws {@link PricingRefusal} where the usage cannot be priced: a model without a row; tokens, units or a cost that
 * the row needs and that were not reported.
 */
export function charge(item: Priced, context: RunContext, card: RateCard): Charge {
  const table = item.rows ?? 'blocks';
  const row = rowOf(card, table, item.type);
  const location = row === null ? null : chargedIn(row, context.location);
  if (row === null || location === null) return total([]);
  return total(draftLines(item, row, `${table}.${item.type}`).map((line) => finishLine(line, location)));
}

/** {@link charge} from the card's `activities`, for a workflow that is not a flow. */
export function chargeActivity(item: Priced, context: RunContext, card: RateCard): Charge {
  return charge({ ...item, rows: 'activities' }, context, card);
}

/** What a flow run itself costs, whatever its blocks do; its key in the ledger is `@run`. */
export function runCharge(context: RunContext, card: RateCard): Charge {
  const row = card.run[context.location];
  if (row === undefined) return total([]);
  const draft: DraftLine = {
    what: `Flow run (${context.location})`,
    quantity: '1',
    unit: parseCredits(row.credits),
    row: `run.${context.location}`,
    provenance: row.provenance,
  };
  return total([finishLine(draft, 'documented')]);
}
