import { type Flow } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import {
  INPUT_MOST_BYTES,
  jsonBytes,
  sizeText,
  STATE_MOST_BYTES,
  VALUE_MOST_BYTES,
} from '../../contracts/blocks-size';
import { compactDeliveries } from './compact';
import { DEFAULT_PORT, placeOf, planOf } from './plan';
import { draftOf, end, fail, open, settle, stateOf, type Draft } from './settle';
import { type BlockStatus, type Delivery, type FlowState } from './state';
import { handedOnBytes, inputsAt, valueAt } from './values';

/** What a block delivers. Without `port` it is `out`; without `value` the block hands its input on. */
export interface Delivered {
  readonly port?: string | undefined;
  readonly value?: Json | undefined;
}

export interface BlockFailure {
  readonly type: string;
  readonly message: string;
}

/**
 * The state of a run that is about to begin. `start` blocks have delivered the run's input, and all that follows
 * without executing anything has happened. A flow is validated before it gets here.
 */
export function startFlow(flow: Flow, input: Json): FlowState {
  const plan = planOf(flow);
  const none: FlowState = {
    version: 1,
    statuses: flow.blocks.map(() => 'pending'),
    deliveries: flow.blocks.map(() => null),
    undecided: plan.reaching.map((edges) => edges.length),
    firsts: flow.blocks.map(() => -1),
    ready: [],
    deadlines: [],
    bytes: 0,
    failure: null,
  };
  const draft = draftOf(plan, none);
  flow.blocks.forEach((block, place) => {
    if (block.type === 'start') deliver(draft, place, { value: input });
  });
  open(draft);
  settle(draft);
  return stateOf(draft);
}

/** Ids of the blocks to run now, in the order they became ready. None once the run has failed. */
export function ready(state: FlowState, flow: Flow): readonly string[] {
  if (state.failure !== null) return [];
  return state.ready.map((place) => flow.blocks[place]?.id ?? '');
}

/** A ready block begins. A delay's `deadline` (milliseconds since 1970) is kept, so that a run can continue as new. */
export function begin(state: FlowState, flow: Flow, blockId: string, deadline?: number): FlowState {
  const plan = planOf(flow);
  const place = placeOf(plan, blockId);
  if (!state.ready.includes(place)) throw new RangeError(`block "${blockId}" is not ready`);
  const draft = draftOf(plan, state);
  draft.statuses[place] = 'running';
  draft.ready = draft.ready.filter((other) => other !== place);
  if (deadline !== undefined) draft.deadlines.push([place, deadline]);
  return stateOf(draft);
}

/** Ids of the blocks that run, in the flow's order. */
export function running(state: FlowState, flow: Flow): readonly string[] {
  return flow.blocks.filter((_, place) => state.statuses[place] === 'running').map((block) => block.id);
}

/** When a running delay ends, or null. */
export function deadlineOf(state: FlowState, flow: Flow, blockId: string): number | null {
  const place = placeOf(planOf(flow), blockId);
  return state.deadlines.find(([of]) => of === place)?.[1] ?? null;
}

/** What reached a block that is ready or running, by sender id. An executor derives its `input` from it. */
export function inputsOf(state: FlowState, flow: Flow, blockId: string): Record<string, Json> {
  const plan = planOf(flow);
  return inputsAt(plan, state, placeOf(plan, blockId));
}

/**
 * A block has delivered. A block that has ended already stays as it is, so a second answer changes nothing. A value that
 * is too large, or that no longer fits the run's state, is the block's failure instead.
 */
export function delivered(state: FlowState, flow: Flow, blockId: string, delivery: Delivered): FlowState {
  return step(state, flow, blockId, (draft, place) => {
    deliver(draft, place, delivery);
  });
}

/** A block has failed for good: its `error` port gets `{message, type}` if it is connected, else the run has failed. */
export function failed(state: FlowState, flow: Flow, blockId: string, failure: BlockFailure): FlowState {
  return step(state, flow, blockId, (draft, place) => {
    fail(draft, place, failure.type, failure.message);
  });
}

function step(
  state: FlowState,
  flow: Flow,
  blockId: string,
  change: (draft: Draft, place: number) => void,
): FlowState {
  const plan = planOf(flow);
  const place = placeOf(plan, blockId);
  const status = state.statuses[place];
  if (status !== 'running' && status !== 'pending') return state;
  if (status === 'pending' && !state.ready.includes(place)) {
    throw new RangeError(`block "${blockId}" ended before it was ready`);
  }
  const draft = draftOf(plan, state);
  draft.ready = draft.ready.filter((other) => other !== place);
  draft.deadlines = draft.deadlines.filter(([of]) => of !== place);
  change(draft, place);
  settle(draft);
  return stateOf(draft);
}

function deliver(draft: Draft, place: number, { port = DEFAULT_PORT, value }: Delivered): void {
  const delivery: Delivery =
    value === undefined
      ? { kind: 'input', port, bytes: handedOnBytes(draft.plan, draft, place) }
      : { kind: 'value', port, value, bytes: jsonBytes(value) };
  const refusal = delivery.kind === 'value' ? tooLarge(draft, place, delivery.bytes) : null;
  if (refusal === null) end(draft, place, 'done', delivery);
  else fail(draft, place, refusal.type, refusal.message);
}

function tooLarge(draft: Draft, place: number, bytes: number): BlockFailure | null {
  const id = draft.plan.blocks[place]?.id ?? '';
  if (bytes > VALUE_MOST_BYTES) {
    return {
      type: 'ResultTooLarge',
      message: `block "${id}" delivered ${sizeText(bytes)}; the most is ${sizeText(VALUE_MOST_BYTES)}: hand on only what is needed`,
    };
  }
  if (draft.bytes + bytes > STATE_MOST_BYTES) draft.bytes = compactDeliveries(draft);
  if (draft.bytes + bytes <= STATE_MOST_BYTES) return null;
  return {
    type: 'StateTooLarge',
    message: `block "${id}" delivered ${sizeText(bytes)}, and the run holds ${sizeText(draft.bytes)} that other blocks still need; the most is ${sizeText(STATE_MOST_BYTES)} together`,
  };
}

/** Drops every value that no block and no output needs any more: before a run continues as new. */
export function compact(state: FlowState, flow: Flow): FlowState {
  const draft = draftOf(planOf(flow), state);
  draft.bytes = compactDeliveries(draft);
  return stateOf(draft);
}

/** `running` until every block has ended, or until one failed with nothing connected to its `error` port. */
export function outcome(state: FlowState): 'running' | 'completed' | 'failed' {
  if (state.failure !== null) return 'failed';
  return state.statuses.some((status) => status === 'pending' || status === 'running')
    ? 'running'
    : 'completed';
}

/** What reached the `output` blocks, by their `name`, else by their id. A skipped one is left out. */
export function outputs(state: FlowState, flow: Flow): Record<string, Json> {
  const plan = planOf(flow);
  return Object.fromEntries(
    flow.blocks.flatMap((block, place) => {
      if (block.type !== 'output' || state.statuses[place] !== 'done') return [];
      const name = block.config['name'];
      return [[typeof name === 'string' ? name : block.id, valueAt(plan, state, place)]];
    }),
  );
}

/** Each block's status by its id. */
export function statuses(state: FlowState, flow: Flow): Record<string, BlockStatus> {
  return Object.fromEntries(
    flow.blocks.map((block, place) => [block.id, state.statuses[place] ?? 'pending']),
  );
}

/** Bounds a run is held to, for messages and tests. */
export const BOUNDS = {
  valueBytes: VALUE_MOST_BYTES,
  inputBytes: INPUT_MOST_BYTES,
  stateBytes: STATE_MOST_BYTES,
} as const;
