import { INPUT_MOST_BYTES, STATE_MOST_BYTES, VALUE_MOST_BYTES } from '../../contracts/blocks-size';
import { type Flow } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { compactFrame, totalBytes } from './compact';
import { segmentsOf } from './keys';
import { advance, answered, enter, failBlock, keep, nestedDraft, put } from './loops';
import { outputsOf } from './loop-values';
import { isLoop, blockAt, placeOf, planOf } from './plan';
import {
  deliver,
  draftOf,
  frameOf,
  freshFrame,
  hasEnded,
  open,
  settle,
  type BlockFailure,
  type Delivered,
  type Draft,
} from './settle';
import { type BlockStatus, type FlowState } from './state';

/**
 * The state of a run that is about to begin. `start` blocks have delivered the run's input, and all that follows
 * without executing anything has happened. A flow is validated, and its calls are linked, before it gets here.
 */
export function startFlow(flow: Flow, input: Json): FlowState {
  const plan = planOf(flow);
  const none: FlowState = { version: 1, ...freshFrame(plan), bytes: 0, failure: null, abandoned: 0 };
  const draft = rootDraft(none, flow);
  flow.blocks.forEach((block, place) => {
    if (block.type === 'start') deliver(draft, place, { value: input });
  });
  open(draft);
  settle(draft);
  return stateOf(draft);
}

function rootDraft(state: FlowState, flow: Flow): Draft {
  const { bytes, abandoned, failure } = state;
  const shared = { bytes, abandoned, turns: 0, short: false, enter };
  const draft = draftOf(planOf(flow), state, { prefix: '', given: () => null, shared });
  draft.failure = failure;
  return draft;
}

function stateOf(draft: Draft): FlowState {
  const { shared, failure } = draft;
  const { bytes, abandoned } = shared;
  return { version: 1, ...frameOf(draft), bytes, failure, abandoned };
}

/** The way from a run's own flow to a block inside: at each stop a draft, and where it goes on from there. */
export interface Stop {
  readonly draft: Draft;
  readonly place: number;
  /** Of the iteration the way goes into; 0 where it ends. */
  readonly index: number;
}

/** The way to a block; null where its iteration is over. Throws `RangeError` on a key the flow does not have. */
export function wayTo(state: FlowState, flow: Flow, key: string): readonly Stop[] | null {
  const way: Stop[] = [];
  const segments = segmentsOf(key);
  let draft = rootDraft(state, flow);
  for (const [depth, { id, index }] of segments.entries()) {
    const place = placeOf(draft.plan, id);
    way.push({ draft, place, index: index ?? 0 });
    if (depth === segments.length - 1) return way;
    if (!isLoop(blockAt(draft.plan, place))) throw new RangeError(`block "${id}" in "${key}" holds no flow`);
    const loop = draft.loops.get(place);
    const frame = loop?.open.find(([other]) => other === (index ?? 0))?.[1];
    if (loop === undefined || frame === undefined) return null;
    draft = nestedDraft(draft, place, loop, index ?? 0, frame);
  }
  return way;
}

/** A ready block begins. A delay's `deadline` (milliseconds since 1970) is kept, so that a run can continue as new. */
export function begin(state: FlowState, flow: Flow, key: string, deadline?: number): FlowState {
  const way = wayTo(state, flow, key);
  const last = way?.at(-1);
  if (way === null || last?.draft.ready.includes(last.place) !== true) {
    throw new RangeError(`block "${key}" is not ready`);
  }
  const { draft, place } = last;
  draft.statuses[place] = 'running';
  draft.ready = draft.ready.filter((other) => other !== place);
  if (deadline !== undefined) draft.deadlines.push([place, deadline]);
  return back(way, keep);
}

/** Takes the change at the end of a way back to its beginning. */
function back(
  way: readonly Stop[],
  up: (outer: Draft, place: number, index: number, inner: Draft) => void,
): FlowState {
  const [last, ...outer] = [...way].reverse();
  if (last === undefined) throw new RangeError('a way has at least one stop');
  const root = outer.reduce((inner, { draft, place, index }) => {
    up(draft, place, index, inner);
    return draft;
  }, last.draft);
  return stateOf(root);
}

/**
 * A block has delivered. A block that has ended already stays as it is, so a second answer changes nothing. A value that
 * is too large, or that no longer fits the run's state, is the block's failure instead. A loop's answer is to what it
 * asked: its items, its number, whether it goes on.
 */
export function delivered(state: FlowState, flow: Flow, key: string, delivery: Delivered): FlowState {
  return step(state, flow, key, (draft, place) => {
    if (isLoop(blockAt(draft.plan, place))) answered(draft, place, delivery.value ?? null);
    else deliver(draft, place, delivery);
  });
}

/** A block has failed for good: its `error` port gets `{message, type}` if it is connected, else the run has failed. */
export function failed(state: FlowState, flow: Flow, key: string, failure: BlockFailure): FlowState {
  return step(state, flow, key, (draft, place) => {
    const { type, message } = failure;
    failBlock(draft, place, { type, message });
  });
}

function step(
  state: FlowState,
  flow: Flow,
  key: string,
  change: (draft: Draft, place: number) => void,
): FlowState {
  const stepped = tryStep(state, flow, key, change);
  // Only when room is short: it takes a look at all that is under way.
  return stepped?.short === true
    ? (tryStep(compact(state, flow), flow, key, change)?.state ?? state)
    : (stepped?.state ?? state);
}

/** Null where nothing changes. */
function tryStep(
  state: FlowState,
  flow: Flow,
  key: string,
  change: (draft: Draft, place: number) => void,
): { readonly state: FlowState; readonly short: boolean } | null {
  const way = wayTo(state, flow, key);
  const last = way?.at(-1);
  if (way === null || last === undefined) return null;
  const { draft, place } = last;
  const status = draft.statuses[place];
  if (status !== 'running' && status !== 'pending') return null;
  if (status === 'pending' && !draft.ready.includes(place)) {
    throw new RangeError(`block "${key}" ended before it was ready`);
  }
  // A loop that is under way was asked nothing.
  if (draft.loops.get(place)?.waits === null) return null;
  draft.ready = draft.ready.filter((other) => other !== place);
  draft.deadlines = draft.deadlines.filter(([of]) => of !== place);
  change(draft, place);
  settle(draft);
  const next = back(way, (outer, at, index, inner) => {
    put(outer, at, index, inner);
    advance(outer, at);
    settle(outer);
  });
  return { state: next, short: draft.shared.short };
}

/** Drops every value that no block and no output needs any more: before a run continues as new. */
export function compact(state: FlowState, flow: Flow): FlowState {
  const plan = planOf(flow);
  const compacted = compactFrame(plan, state);
  return { ...compacted, bytes: totalBytes(plan, compacted) };
}

/** `running` until every block has ended, or until one failed with nothing connected to its `error` port. */
export function outcome(state: FlowState): 'running' | 'completed' | 'failed' {
  if (state.failure !== null) return 'failed';
  return hasEnded(state) ? 'completed' : 'running';
}

/** What reached the `output` blocks, by their `name`, else by their id. A skipped one is left out. */
export function outputs(state: FlowState, flow: Flow): Record<string, Json> {
  return outputsOf({ ...state, plan: planOf(flow), given: () => null }, state.statuses);
}

/** The status of each block of the run's own flow, by its id. */
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
