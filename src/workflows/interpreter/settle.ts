import {
  cutText,
  INPUT_MOST_BYTES,
  jsonBytes,
  MESSAGE_MOST_CHARACTERS,
  sizeText,
  STATE_MOST_BYTES,
  VALUE_MOST_BYTES,
} from '../../contracts/blocks-size';
import { type Json } from '../../contracts/json';
import { blockAt, endsByItself, ERROR_PORT, DEFAULT_PORT, isLoop, type Edge, type Plan } from './plan';
import { type BlockStatus, type Delivery, type Frame, type Loop, type RunFailure } from './state';
import { deliveredEdges, handedOnBytes, inputBytes, listBytes, type Values } from './values';

/** What all flows under way in one run have in common, inside one step. */
export interface Shared {
  bytes: number;
  abandoned: number;
  /** Iterations that ended in this step. */
  turns: number;
  /** Something was refused for want of room: worth another try after dropping what nobody needs. */
  short: boolean;
  /** Begins a loop or a call, all of whose connections have delivered. */
  readonly enter: (draft: Draft, place: number) => void;
}

/** A flow under change, inside one step of the interpreter only. */
export interface Draft extends Values {
  readonly plan: Plan;
  readonly statuses: BlockStatus[];
  readonly deliveries: (Delivery | null)[];
  readonly undecided: number[];
  readonly firsts: number[];
  ready: number[];
  deadlines: (readonly [number, number])[];
  readonly loops: Map<number, Loop>;
  /** What the keys of its blocks begin with. */
  readonly prefix: string;
  readonly shared: Shared;
  failure: RunFailure | null;
  /** Blocks that ended and whose connections are still to be decided. */
  readonly ended: number[];
}

/** The frame of a flow in which nothing has happened yet. */
export function freshFrame({ blocks, reaching }: Plan): Frame {
  return {
    statuses: blocks.map(() => 'pending'),
    deliveries: blocks.map(() => null),
    undecided: reaching.map((edges) => edges.length),
    firsts: blocks.map(() => -1),
    ready: [],
    deadlines: [],
    loops: [],
  };
}

export function draftOf(
  plan: Plan,
  frame: Frame,
  { prefix, given, shared }: Pick<Draft, 'prefix' | 'given' | 'shared'>,
): Draft {
  return {
    plan,
    prefix,
    given,
    shared,
    statuses: [...frame.statuses],
    deliveries: [...frame.deliveries],
    undecided: [...frame.undecided],
    firsts: [...frame.firsts],
    ready: [...frame.ready],
    deadlines: [...frame.deadlines],
    loops: new Map(frame.loops),
    failure: null,
    ended: [],
  };
}

export function frameOf(draft: Draft): Frame {
  const { statuses, deliveries, undecided, firsts, ready, deadlines, loops } = draft;
  return { statuses, deliveries, undecided, firsts, ready, deadlines, loops: [...loops] };
}

export function keyOf({ plan, prefix }: Pick<Draft, 'plan' | 'prefix'>, place: number): string {
  return `${prefix}${plan.blocks[place]?.id ?? ''}`;
}

/** Ends a block: its connections on the delivery's port have delivered, all others are untaken. */
export function end(draft: Draft, place: number, status: 'done' | 'failed', delivery: Delivery | null): void {
  draft.statuses[place] = status;
  draft.deliveries[place] = delivery;
  if (delivery?.kind === 'value') draft.shared.bytes += delivery.bytes;
  draft.ended.push(place);
}

export interface BlockFailure {
  readonly type: string;
  readonly message: string;
  /** The key of the block inside that failed, where a loop or a call fails because of it. */
  readonly origin?: string;
}

/** A failure goes to the `error` port if that is connected; else it ends the run. The first such failure stands. */
export function fail(draft: Draft, place: number, { type, message: text, origin }: BlockFailure): void {
  const message = cutText(text, MESSAGE_MOST_CHARACTERS);
  const caught = (draft.plan.leaving[place] ?? []).some((edge) => edge.port === ERROR_PORT);
  if (caught) {
    const value = { message: origin === undefined ? message : `block "${origin}": ${message}`, type };
    end(draft, place, 'failed', { kind: 'value', port: ERROR_PORT, value, bytes: jsonBytes(value) });
    return;
  }
  draft.statuses[place] = 'failed';
  draft.failure ??= { blockId: origin ?? keyOf(draft, place), type, message };
}

const WAY_OUT = 'hand on only what is needed, with an "evaluate" block';

/** What a block delivers. Without `port` it is `out`; without `value` the block hands its input on. */
export interface Delivered {
  readonly port?: string | undefined;
  readonly value?: Json | undefined;
}

/** A block delivers, or fails by name because its value is too large. */
export function deliver(
  draft: Draft,
  place: number,
  { port = DEFAULT_PORT, value }: Delivered,
  mostBytes = VALUE_MOST_BYTES,
): void {
  const delivery: Delivery =
    value === undefined
      ? { kind: 'input', port, bytes: handedOnBytes(draft, place) }
      : { kind: 'value', port, value, bytes: jsonBytes(value) };
  const refusal = delivery.kind === 'value' ? tooLarge(draft, place, delivery.bytes, mostBytes) : null;
  if (refusal === null) end(draft, place, 'done', delivery);
  else fail(draft, place, refusal);
}

/** Why so many bytes more cannot be held, or null. */
export function tooLarge(
  draft: Draft,
  place: number,
  bytes: number,
  mostBytes = VALUE_MOST_BYTES,
): BlockFailure | null {
  const key = keyOf(draft, place);
  if (bytes > mostBytes) {
    return {
      type: 'ResultTooLarge',
      message: `block "${key}" delivered ${sizeText(bytes)}; the most is ${sizeText(mostBytes)}: hand on only what is needed`,
    };
  }
  const { shared } = draft;
  if (shared.bytes + bytes <= STATE_MOST_BYTES) return null;
  shared.short = true;
  return {
    type: 'StateTooLarge',
    message: `block "${key}" delivered ${sizeText(bytes)}, and the run holds ${sizeText(shared.bytes)} that other blocks still need; the most is ${sizeText(STATE_MOST_BYTES)} together`,
  };
}

/** A block whose incoming connections have all delivered. */
function arrive(draft: Draft, place: number): void {
  const block = blockAt(draft.plan, place);
  const key = keyOf(draft, place);
  const bytes = inputBytes(draft, place);
  if (bytes > INPUT_MOST_BYTES) {
    const message = `block "${key}" gets ${sizeText(bytes)} of input; the most is ${sizeText(INPUT_MOST_BYTES)}: ${WAY_OUT}`;
    fail(draft, place, { type: 'InputTooLarge', message });
  } else if (block.type === 'output' && outputBytes(draft) + bytes > STATE_MOST_BYTES) {
    const message = `output "${key}" brings the run's outputs over ${sizeText(STATE_MOST_BYTES)}: ${WAY_OUT}`;
    fail(draft, place, { type: 'OutputsTooLarge', message });
  } else if (block.type === 'collect') {
    end(draft, place, 'done', { kind: 'list', port: DEFAULT_PORT, bytes: listBytes(draft, place) });
  } else if (endsByItself(block)) {
    end(draft, place, 'done', { kind: 'input', port: DEFAULT_PORT, bytes: handedOnBytes(draft, place) });
  } else if (isLoop(block)) {
    draft.shared.enter(draft, place);
  } else {
    draft.ready.push(place);
  }
}

/** Bytes of all outputs so far: a run's result is one payload. */
function outputBytes({ plan, statuses, deliveries }: Draft): number {
  return plan.outputs.reduce(
    (sum, place) => sum + (statuses[place] === 'done' ? (deliveries[place]?.bytes ?? 0) : 0),
    0,
  );
}

/** Tells the receiver of an edge whether it delivered. Only a pending block listens. */
function decide(draft: Draft, edge: Edge, delivered: boolean): void {
  const { from, to } = edge;
  if (draft.statuses[to] !== 'pending') return;
  const left = (draft.undecided[to] ?? 0) - 1;
  draft.undecided[to] = left;
  const type = draft.plan.blocks[to]?.type;
  if (type === 'or') {
    const decided = (draft.firsts[to] ?? -1) >= 0;
    if (delivered && !decided) {
      draft.firsts[to] = from;
      arrive(draft, to);
    } else if (left === 0 && !decided) skip(draft, to);
  } else if (type === 'collect') {
    if (left > 0) return;
    if (deliveredEdges(draft, to).length > 0) arrive(draft, to);
    else skip(draft, to);
  } else if (!delivered) skip(draft, to);
  else if (left === 0) arrive(draft, to);
}

function skip(draft: Draft, place: number): void {
  draft.statuses[place] = 'skipped';
  draft.ended.push(place);
}

/** Decides connections, block by block, until nothing follows from what has ended. Each edge is decided once. */
export function settle(draft: Draft): void {
  // The list grows while it is walked.
  for (const place of draft.ended) {
    const port = draft.deliveries[place]?.port ?? null;
    for (const edge of draft.plan.leaving[place] ?? []) decide(draft, edge, edge.port === port);
  }
  draft.ended.length = 0;
}

/** Begins a draft: what needs nobody ends or becomes ready. */
export function open(draft: Draft): void {
  draft.plan.blocks.forEach((block, place) => {
    if (block.type !== 'start' && (draft.plan.reaching[place] ?? []).length === 0) arrive(draft, place);
  });
}

/** Whether every block of a flow has ended. */
export function hasEnded({ statuses }: Pick<Frame, 'statuses'>): boolean {
  return !statuses.some((status) => status === 'pending' || status === 'running');
}
