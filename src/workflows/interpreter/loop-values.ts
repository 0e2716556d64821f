import { jsonBytes } from '../../contracts/blocks-size';
import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { blockAt, nestedPlan, type Plan } from './plan';
import { type Frame, type Loop } from './state';
import { handedOnBytes, inputFrom, inputsAt, valueAt, type Values } from './values';

/** What iterations and called flows are given, what they give, and how much room they take. */

/** What a frame takes in a state, beside its values. */
export function frameBytes({ blocks }: Plan): number {
  return 128 + 64 * blocks.length;
}

/** Bytes that are given back when a nested flow is no longer under way. */
export function heldBytes(plan: Plan, { deliveries, loops }: Pick<Frame, 'deliveries' | 'loops'>): number {
  const values = deliveries.reduce(
    (sum, delivery) => sum + (delivery?.kind === 'value' ? delivery.bytes : 0),
    frameBytes(plan),
  );
  return loops.reduce((sum, [place, loop]) => sum + loopBytes(blockAt(plan, place), loop), values);
}

export function loopBytes(block: Block, { bytes, gatheredBytes, open: under }: Loop): number {
  const plan = nestedPlan(block);
  return under.reduce((sum, [, frame]) => sum + heldBytes(plan, frame), bytes + gatheredBytes);
}

/** A loop of which nothing is known yet. */
export const FRESH: Loop = {
  total: null,
  next: 0,
  done: 0,
  items: null,
  open: [],
  gathered: [],
  gatheredBytes: 0,
  last: null,
  bytes: 0,
  waits: null,
};

export const isWhile = ({ type, config }: Block): boolean =>
  type === 'repeat' && config['while'] !== undefined;

/** Whether the block's number of iterations (or its first one) depends on an expression. */
export function asks({ type, config }: Block): boolean {
  if (type === 'for') return typeof config['items'] === 'string';
  return type === 'repeat' && typeof config['times'] !== 'number';
}

/** JSONata makes one value of a list of one, and nothing of an empty one: so does a loop. */
export function asList(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === null ? [] : [value];
}

function inputAt(values: Values, place: number): Json {
  return inputFrom(inputsAt(values, place));
}

export function itemsOf(values: Values, place: number, { items }: Loop): readonly Json[] {
  if (items !== null) return items;
  const { config } = blockAt(values.plan, place);
  return asList(config['items'] ?? inputAt(values, place));
}

/** What iteration `index` is given, or what a called flow is. */
export function givenTo(values: Values, place: number, loop: Loop, index: number): Json {
  const block = blockAt(values.plan, place);
  if (block.type === 'flow') return inputAt(values, place);
  if (block.type === 'repeat') {
    const input = inputAt(values, place);
    return isWhile(block) && index > 0 ? { index, last: loop.last, input } : { index, input };
  }
  const item = itemsOf(values, place, loop)[index] ?? null;
  // Where the items are the input, each iteration need not have all of them again.
  return block.config['items'] === undefined
    ? { item, index }
    : { item, index, input: inputAt(values, place) };
}

export function givenBytes(values: Values, place: number, loop: Loop, index: number): number {
  const block = blockAt(values.plan, place);
  const input = handedOnBytes(values, place);
  if (block.type === 'flow') return input;
  const names = '{"index":,"item":,"input":}'.length + String(index).length;
  if (block.type === 'repeat') return names + input + (isWhile(block) ? jsonBytes(loop.last) : 0);
  const item = jsonBytes(itemsOf(values, place, loop)[index] ?? null);
  return names + item + (block.config['items'] === undefined ? 0 : input);
}

/**
 * What a nested flow gives: of one `output` its value, of several an object by their names, of none nothing. One that
 * was skipped is null, or left out of the object.
 */
export function resultOf(child: Values & Pick<Frame, 'statuses'>): Json {
  const { plan, statuses } = child;
  const [only, ...others] = plan.outputs;
  if (only === undefined) return null;
  if (others.length === 0) return statuses[only] === 'done' ? valueAt(child, only) : null;
  return outputsOf(child, statuses);
}

/** What reached the `output` blocks, by their `name`, else by their id. A skipped one is left out. */
export function outputsOf(values: Values, statuses: Frame['statuses']): Record<string, Json> {
  return Object.fromEntries(
    values.plan.outputs.flatMap((place) => {
      if (statuses[place] !== 'done') return [];
      const { id, config } = blockAt(values.plan, place);
      const name = config['name'];
      return [[typeof name === 'string' ? name : id, valueAt(values, place)]];
    }),
  );
}
