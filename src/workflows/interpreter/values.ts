import { type Json } from '../../contracts/json';
import { utf8Bytes } from '../../contracts/blocks-size';
import { type Edge, type Plan } from './plan';
import { type Delivery } from './state';

type Deliveries = readonly (Delivery | null)[];

/** The edges of a block that delivered: all of them, once it is ready. */
function deliveredEdges(plan: Plan, deliveries: Deliveries, place: number): readonly Edge[] {
  return (plan.reaching[place] ?? []).filter((edge) => deliveries[edge.from]?.port === edge.port);
}

/** Values by the id of their sender, in the order of the connections. */
export function inputsAt(plan: Plan, deliveries: Deliveries, place: number): Record<string, Json> {
  return inputsWith(plan, deliveries, place, new Map());
}

function inputsWith(
  plan: Plan,
  deliveries: Deliveries,
  place: number,
  known: Map<number, Json>,
): Record<string, Json> {
  return Object.fromEntries(
    deliveredEdges(plan, deliveries, place).map(({ from }) => [
      plan.blocks[from]?.id ?? '',
      valueWith(plan, deliveries, from, known),
    ]),
  );
}

/** A block's input: nothing is null, one value is itself, several are an object by sender id. */
export function inputFrom(inputs: Readonly<Record<string, Json>>): Json {
  const values = Object.values(inputs);
  if (values.length > 1) return { ...inputs };
  return values[0] ?? null;
}

/** What the block at `place` delivered. */
export function valueAt(plan: Plan, deliveries: Deliveries, place: number): Json {
  return valueWith(plan, deliveries, place, new Map());
}

/** `known` keeps a value that is reached on many ways from being built once for each. */
function valueWith(plan: Plan, deliveries: Deliveries, place: number, known: Map<number, Json>): Json {
  const found = known.get(place);
  if (found !== undefined) return found;
  const value = build(plan, deliveries, place, known);
  known.set(place, value);
  return value;
}

function build(plan: Plan, deliveries: Deliveries, place: number, known: Map<number, Json>): Json {
  const delivery = deliveries[place] ?? null;
  if (delivery === null) return null;
  switch (delivery.kind) {
    case 'value':
      return delivery.value;
    case 'sender':
      return valueWith(plan, deliveries, delivery.sender, known);
    case 'input':
      return inputFrom(inputsWith(plan, deliveries, place, known));
    case 'dropped':
      throw new RangeError(`the value of block "${plan.blocks[place]?.id ?? ''}" was dropped and is needed`);
  }
}

/** Bytes of a block's inputs together, without building them. */
export function inputBytes(plan: Plan, deliveries: Deliveries, place: number): number {
  return deliveredEdges(plan, deliveries, place).reduce(
    (sum, { from }) =>
      sum + (deliveries[from]?.bytes ?? 0) + utf8Bytes(plan.blocks[from]?.id ?? '') + '"":,'.length,
    '{}'.length,
  );
}
