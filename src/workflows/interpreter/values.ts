import { type Json } from '../../contracts/json';
import { utf8Bytes } from '../../contracts/blocks-size';
import { type Edge, type Plan } from './plan';
import { type Frame } from './state';

/** What of a flow under way says which values there are. */
export interface Values extends Pick<Frame, 'deliveries' | 'firsts'> {
  readonly plan: Plan;
  /** What a nested flow was given. */
  readonly given: () => Json;
}

/** The edges of a block that delivered: all of them, once it is ready; of an `or`, the first. */
export function deliveredEdges({ plan, deliveries, firsts }: Values, place: number): readonly Edge[] {
  const first = firsts[place] ?? -1;
  return (plan.reaching[place] ?? []).filter(
    ({ from, port }) => deliveries[from]?.port === port && (first < 0 || first === from),
  );
}

/** Values by the id of their sender, in the order of the connections. */
export function inputsAt(values: Values, place: number): Record<string, Json> {
  return inputsWith(values, place, new Map());
}

function inputsWith(values: Values, place: number, known: Map<number, Json>): Record<string, Json> {
  return Object.fromEntries(
    deliveredEdges(values, place).map(({ from }) => [
      values.plan.blocks[from]?.id ?? '',
      valueWith(values, from, known),
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
export function valueAt(values: Values, place: number): Json {
  return valueWith(values, place, new Map());
}

/** `known` keeps a value that is reached on many ways from being built once for each. */
function valueWith(values: Values, place: number, known: Map<number, Json>): Json {
  const found = known.get(place);
  if (found !== undefined) return found;
  const value = build(values, place, known);
  known.set(place, value);
  return value;
}

function build(values: Values, place: number, known: Map<number, Json>): Json {
  const delivery = values.deliveries[place] ?? null;
  if (delivery === null) return null;
  switch (delivery.kind) {
    case 'value':
      return delivery.value;
    case 'input':
      return inputFrom(inputsWith(values, place, known));
    case 'list':
      return deliveredEdges(values, place).map(({ from }) => valueWith(values, from, known));
    case 'given':
      return values.given();
    case 'dropped':
      throw new RangeError(
        `the value of block "${values.plan.blocks[place]?.id ?? ''}" was dropped and is needed`,
      );
  }
}

/** Bytes of a block's input as it is handed on, without building it: one value is itself. */
export function handedOnBytes(values: Values, place: number): number {
  const [only, ...others] = deliveredEdges(values, place);
  if (others.length > 0) return inputBytes(values, place);
  return only === undefined ? 'null'.length : (values.deliveries[only.from]?.bytes ?? 0);
}

/** Bytes of a block's inputs together, by sender id, without building them. */
export function inputBytes(values: Values, place: number): number {
  return deliveredEdges(values, place).reduce(
    (sum, { from }) =>
      sum +
      (values.deliveries[from]?.bytes ?? 0) +
      utf8Bytes(values.plan.blocks[from]?.id ?? '') +
      '"":,'.length,
    '{}'.length,
  );
}

/** Bytes of a block's inputs as a list. */
export function listBytes(values: Values, place: number): number {
  return deliveredEdges(values, place).reduce(
    (sum, { from }) => sum + (values.deliveries[from]?.bytes ?? 0) + ','.length,
    '[]'.length,
  );
}
