import { INPUT_MOST_BYTES, jsonBytes, sizeText, STATE_MOST_BYTES } from '../../contracts/blocks-size';
import { endsByItself, ERROR_PORT, DEFAULT_PORT, type Edge, type Plan } from './plan';
import { type BlockStatus, type Delivery, type FlowState, type RunFailure } from './state';
import { handedOnBytes, inputBytes } from './values';

/** A state under change, inside one step of the interpreter only. */
export interface Draft {
  readonly plan: Plan;
  readonly statuses: BlockStatus[];
  readonly deliveries: (Delivery | null)[];
  readonly undecided: number[];
  readonly firsts: number[];
  ready: number[];
  deadlines: (readonly [number, number])[];
  bytes: number;
  failure: RunFailure | null;
  /** Blocks that ended and whose connections are still to be decided. */
  readonly ended: number[];
}

export function draftOf(plan: Plan, state: FlowState): Draft {
  return {
    plan,
    statuses: [...state.statuses],
    deliveries: [...state.deliveries],
    undecided: [...state.undecided],
    firsts: [...state.firsts],
    ready: [...state.ready],
    deadlines: [...state.deadlines],
    bytes: state.bytes,
    failure: state.failure,
    ended: [],
  };
}

export function stateOf(draft: Draft): FlowState {
  const { statuses, deliveries, undecided, firsts, ready, deadlines, bytes, failure } = draft;
  return { version: 1, statuses, deliveries, undecided, firsts, ready, deadlines, bytes, failure };
}

/** Ends a block: its connections on the delivery's port have delivered, all others are untaken. */
export function end(draft: Draft, place: number, status: 'done' | 'failed', delivery: Delivery | null): void {
  draft.statuses[place] = status;
  draft.deliveries[place] = delivery;
  if (delivery?.kind === 'value') draft.bytes += delivery.bytes;
  draft.ended.push(place);
}

/** A message is for people: what a block adds beyond this is cut, so that failures cannot fill a run's state. */
const MESSAGE_MOST_CHARACTERS = 2000;

/** A failure goes to the `error` port if that is connected; else it ends the run. The first such failure stands. */
export function fail(draft: Draft, place: number, type: string, text: string): void {
  const message = text.length > MESSAGE_MOST_CHARACTERS ? `${text.slice(0, MESSAGE_MOST_CHARACTERS)}…` : text;
  const caught = (draft.plan.leaving[place] ?? []).some((edge) => edge.port === ERROR_PORT);
  if (caught) {
    const value = { message, type };
    end(draft, place, 'failed', { kind: 'value', port: ERROR_PORT, value, bytes: jsonBytes(value) });
    return;
  }
  draft.statuses[place] = 'failed';
  draft.failure ??= { blockId: draft.plan.blocks[place]?.id ?? '', type, message };
}

const WAY_OUT = 'hand on only what is needed, with an "evaluate" block';

/** A block whose incoming connections have all delivered. */
function arrive(draft: Draft, place: number): void {
  const block = draft.plan.blocks[place];
  if (block === undefined) return;
  const bytes = inputBytes(draft.plan, draft, place);
  if (bytes > INPUT_MOST_BYTES) {
    const message = `block "${block.id}" gets ${sizeText(bytes)} of input; the most is ${sizeText(INPUT_MOST_BYTES)}: ${WAY_OUT}`;
    fail(draft, place, 'InputTooLarge', message);
  } else if (block.type === 'output' && outputBytes(draft) + bytes > STATE_MOST_BYTES) {
    const message = `output "${block.id}" brings the run's outputs over ${sizeText(STATE_MOST_BYTES)}: ${WAY_OUT}`;
    fail(draft, place, 'OutputsTooLarge', message);
  } else if (endsByItself(block)) {
    const handedOn = handedOnBytes(draft.plan, draft, place);
    end(draft, place, 'done', { kind: 'input', port: DEFAULT_PORT, bytes: handedOn });
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
  if (draft.plan.blocks[to]?.type === 'or') {
    const decided = (draft.firsts[to] ?? -1) >= 0;
    if (delivered && !decided) {
      draft.firsts[to] = from;
      arrive(draft, to);
    } else if (left === 0 && !decided) skip(draft, to);
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
