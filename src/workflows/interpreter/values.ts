import { type Json } from '../../contracts/json';
import { utf8Bytes } from '../../contracts/blocks-size';
import { type Edge, type Plan } from './plan';
import { type FlowState } from './state';

/** What of a state says which values there are. */
export type Values = Pick<FlowState, 'deliveries' | 'firsts'>;

/** The edges of a block that delivered: all of them, once it is ready; of an `or`, the first. */
function deliveredEdges(plan: Plan, { deliveries, firsts }: Values, place: number): readonly Edge[] {
  const first = firsts[place] ?? -1;
  return (plan.reaching[place] ?? []).filter(
    ({ from, port }) => deliveries[from]?.port === port && (first < 0 || first === from),
  );
}

/** Values by the id of their sender, in the order of the connections. */
export function inputsAt(plan: Plan, values: Values, place: number): Record<string, Json> {
  return inputsWith(plan, values, place, new Map());
}

function inputsWith(
  plan: Plan,
  values: Values,
  place: number,
  known: Map<number, Json>,
): Record<string, Json> {
  return Object.fromEntries(
    deliveredEdges(plan, values, place).map(({ from }) => [
      plan.blocks[from]?.id ?? '',
      valueWith(plan, values, from, known),
    ]),
  );
}

/** A block's input: nothing is null, one value is itself, several are an object by sender id. */
export function inputFrom(inputs: Readonly<Record<string, Json>>): Json {
  const all = Object.values(inputs);
  if (all.length > 1) return { ...inputs };
  return all[0] ?? null;
}

/** What the block at `place` delivered. */
export function valueAt(plan: Plan, values: Values, place: number): Json {
  return valueWith(plan, values, place, new Map());
}

/** `known` keeps a value that is reached on many ways from being built once for each. */
function valueWith(plan: Plan, values: Values, place: number, known: Map<number, Json>): Json {
  const found = known.get(place);
  if (found !== undefined) return found;
  const value = build(plan, values, place, known);
  known.set(place, value);
  return value;
}

function build(plan: Plan, values: Values, place: number, known: Map<number, Json>): Json {
  const delivery = values.deliveries[place] ?? null;
  if (delivery === null) return null;
  switch (delivery.kind) {
    case 'value':
      return delivery.value;
    case 'input':
      return inputFrom(inputsWith(plan, values, place, known));
    case 'dropped':
      throw new RangeError(`the value of block "${plan.blocks[place]?.id ?? ''}" was dropped and is needed`);
  }
}

/** Bytes of a block's input as it is handed on, without building it: one value is itself. */
export function handedOnBytes(plan: Plan, values: Values, place: number): number {
  const [only, ...others] = deliveredEdges(plan, values, place);
  if (others.length > 0) return inputBytes(plan, values, place);
  return only === undefined ? 'null'.length : (values.deliveries[only.from]?.bytes ?? 0);
}

/** Bytes of a block's inputs together, by sender id, without building them. */
export function inputBytes(plan: Plan, values: Values, place: number): number {
  return deliveredEdges(plan, values, place).reduce(
    (sum, { from }) =>
      sum + (values.deliveries[from]?.bytes ?? 0) + utf8Bytes(plan.blocks[from]?.id ?? '') + '"":,'.length,
    '{}'.length,
  );
}
