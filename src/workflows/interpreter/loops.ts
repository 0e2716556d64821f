import { concurrencyOf, iterationsMostOf } from '../../contracts/blocks-nested';
import { GATHERED_MOST_BYTES, jsonBytes, sizeText, STATE_MOST_BYTES } from '../../contracts/blocks-size';
import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { gather, gathered } from './gathered';
import { prefixOf } from './keys';
import {
  asks,
  asList,
  frameBytes,
  FRESH,
  givenBytes,
  givenTo,
  heldBytes,
  isWhile,
  itemsOf,
  loopBytes,
  resultOf,
} from './loop-values';
import { blockAt, DEFAULT_PORT, nestedPlan, type Plan } from './plan';
import {
  deliver,
  draftOf,
  end,
  fail,
  frameOf,
  freshFrame,
  hasEnded,
  keyOf,
  open,
  settle,
  tooLarge,
  type BlockFailure,
  type Draft,
} from './settle';
import { type Frame, type Loop } from './state';

/** Iterations that need nothing executed end within the step that began them. After so many the loop takes a breath. */
const TURNS_MOST = 500;

/** A loop or a call whose connections have all delivered: it asks how often, or begins. */
export function enter(draft: Draft, place: number): void {
  const block = blockAt(draft.plan, place);
  if (asks(block)) {
    draft.ready.push(place);
    return;
  }
  draft.statuses[place] = 'running';
  draft.loops.set(place, { ...FRESH, total: knownTotal(draft, place) });
  advance(draft, place);
}

function knownTotal(draft: Draft, place: number): number {
  const { type, config } = blockAt(draft.plan, place);
  if (type === 'flow') return 1;
  const { times } = config;
  return typeof times === 'number' ? times : itemsOf(draft, place, FRESH).length;
}

/** The answer to what a loop asked: its items, its number of iterations, or whether it goes round once more. */
export function answered(draft: Draft, place: number, value: Json): void {
  const block = blockAt(draft.plan, place);
  const loop = draft.loops.get(place) ?? FRESH;
  draft.statuses[place] = 'running';
  if (loop.waits === 'rest') draft.loops.set(place, { ...loop, waits: null });
  else if (isWhile(block)) decideOn(draft, place, loop, value === true);
  else if (block.type === 'repeat') takeTimes(draft, place, typeof value === 'number' ? value : 0);
  else takeItems(draft, place, asList(value));
  advance(draft, place);
}

function decideOn(draft: Draft, place: number, loop: Loop, goesOn: boolean): void {
  const { config } = blockAt(draft.plan, place);
  draft.loops.set(place, { ...loop, waits: null });
  if (!goesOn) finish(draft, place);
  else if (loop.next >= iterationsMostOf(config)) failLoop(draft, place, tooMany(draft, place));
  else begin(draft, place);
}

function takeTimes(draft: Draft, place: number, total: number): void {
  const { config } = blockAt(draft.plan, place);
  if (total > iterationsMostOf(config)) fail(draft, place, tooMany(draft, place, total));
  else draft.loops.set(place, { ...FRESH, total });
}

function takeItems(draft: Draft, place: number, items: readonly Json[]): void {
  const bytes = jsonBytes([...items]);
  const refusal = tooLarge(draft, place, bytes);
  if (refusal !== null) {
    fail(draft, place, refusal);
    return;
  }
  draft.shared.bytes += bytes;
  draft.loops.set(place, { ...FRESH, total: items.length, items, bytes });
}

function tooMany(draft: Draft, place: number, times?: number): BlockFailure {
  const most = iterationsMostOf(blockAt(draft.plan, place).config);
  const what = times === undefined ? 'would go on' : `would run ${times} times`;
  return {
    type: 'TooManyIterations',
    message: `block "${keyOf(draft, place)}" ${what}; the most is ${most}: give it a "most" of its own if it may run more often`,
  };
}

/** Begins as many iterations as may be under way, or ends the loop when there are no more. */
export function advance(draft: Draft, place: number): void {
  const block = blockAt(draft.plan, place);
  const { shared } = draft;
  for (;;) {
    const loop = draft.loops.get(place);
    if (loop === undefined) return;
    if (isWhile(block)) {
      // Its iterations go one by one, each after a question.
      if (loop.open.length === 0 && loop.waits === null) wait(draft, place, loop, 'while');
      return;
    }
    if (loop.next >= (loop.total ?? 0)) {
      if (loop.open.length === 0) finish(draft, place);
      return;
    }
    if (loop.open.length >= concurrencyOf(block.config)) return;
    if (shared.turns >= TURNS_MOST) {
      if (loop.waits === null) wait(draft, place, loop, 'rest');
      return;
    }
    if (shared.bytes + frameBytes(nestedPlan(block)) > STATE_MOST_BYTES && loop.open.length > 0) return;
    begin(draft, place);
  }
}

function wait(draft: Draft, place: number, loop: Loop, waits: 'while' | 'rest'): void {
  draft.loops.set(place, { ...loop, waits });
  draft.ready.push(place);
}

/** Begins the next iteration. */
function begin(draft: Draft, place: number): void {
  const loop = draft.loops.get(place) ?? FRESH;
  const block = blockAt(draft.plan, place);
  const plan = nestedPlan(block);
  const { shared } = draft;
  const bytes = frameBytes(plan);
  if (shared.bytes + bytes > STATE_MOST_BYTES) {
    shared.short = true;
    const message = `block "${keyOf(draft, place)}" has no room to begin: the run holds ${sizeText(shared.bytes)} that other blocks still need; the most is ${sizeText(STATE_MOST_BYTES)} together`;
    failLoop(draft, place, { type: 'StateTooLarge', message });
    return;
  }
  shared.bytes += bytes;
  const index = loop.next;
  const child = nestedDraft(draft, place, loop, index, freshFrame(plan));
  draft.loops.set(place, { ...loop, next: index + 1 });
  const start = plan.blocks.findIndex(({ type }) => type === 'start');
  if (start >= 0) {
    const given = givenBytes(draft, place, loop, index);
    end(child, start, 'done', { kind: 'given', port: DEFAULT_PORT, bytes: given });
  }
  open(child);
  settle(child);
  put(draft, place, index, child);
}

/** A nested flow under change. */
export function nestedDraft(outer: Draft, place: number, loop: Loop, index: number, frame: Frame): Draft {
  const block = blockAt(outer.plan, place);
  return draftOf(nestedPlan(block), frame, {
    prefix: nestedPrefix(outer.prefix, block, index),
    shared: outer.shared,
    given: () => givenTo(outer, place, loop, index),
  });
}

export function nestedPrefix(outer: string, block: Block, index: number): string {
  return prefixOf(outer, block.id, block.type === 'flow' ? null : index);
}

/** Puts a nested flow back after a change; one that has ended ends its iteration, or with a failure its loop. */
export function put(draft: Draft, place: number, index: number, child: Draft): void {
  const loop = draft.loops.get(place);
  if (loop === undefined) return;
  if (child.failure !== null) {
    const { blockId, type, message } = child.failure;
    draft.shared.bytes -= heldBytes(child.plan, frameOf(child));
    draft.loops.set(place, without(loop, index));
    failLoop(draft, place, { type, message, origin: blockId });
  } else if (hasEnded(child)) ended(draft, place, index, child);
  else keep(draft, place, index, child);
}

/** Puts a nested flow back that is under way. */
export function keep(draft: Draft, place: number, index: number, child: Draft): void {
  const loop = draft.loops.get(place);
  if (loop === undefined) return;
  const frame = frameOf(child);
  const known = loop.open.some(([other]) => other === index);
  const under = known
    ? loop.open.map((each) => (each[0] === index ? ([index, frame] as const) : each))
    : [...loop.open, [index, frame] as const];
  draft.loops.set(place, { ...loop, open: under });
}

function without(loop: Loop, index: number): Loop {
  return { ...loop, open: loop.open.filter(([other]) => other !== index) };
}

/** An iteration is over. */
function ended(draft: Draft, place: number, index: number, child: Draft): void {
  const { shared } = draft;
  const block = blockAt(draft.plan, place);
  const value = resultOf(child);
  shared.bytes -= heldBytes(child.plan, frameOf(child));
  shared.turns += 1;
  const open = draft.loops.get(place);
  if (open === undefined) return;
  const loop = { ...without(open, index), done: open.done + 1 };
  draft.loops.set(place, loop);
  if (block.type === 'flow') {
    draft.loops.delete(place);
    deliver(draft, place, { value }, GATHERED_MOST_BYTES);
    return;
  }
  const kept = isWhile(block) || wanted(draft, place, child.plan) ? jsonBytes(value) + ','.length : 0;
  const bytes = isWhile(block) ? kept - loop.bytes : 0;
  const results = wanted(draft, place, child.plan) ? kept : 0;
  const refusal = noRoom(draft, place, loop, bytes + results, results);
  if (refusal !== null) {
    failLoop(draft, place, refusal);
    return;
  }
  shared.bytes += bytes + results;
  draft.loops.set(place, {
    ...loop,
    ...(isWhile(block) ? { last: value, bytes: loop.bytes + bytes } : {}),
    ...(results > 0
      ? {
          gathered: gather(loop.gathered, concurrencyOf(block.config) > 1 ? [index, value] : value),
          gatheredBytes: loop.gatheredBytes + results,
        }
      : {}),
  });
}

/** Whether anybody gets what the iterations deliver. */
function wanted(draft: Draft, place: number, nested: Plan): boolean {
  const connected = (draft.plan.leaving[place] ?? []).some(({ port }) => port === DEFAULT_PORT);
  return connected && nested.outputs.length > 0;
}

function noRoom(draft: Draft, place: number, loop: Loop, more: number, results: number): BlockFailure | null {
  const key = keyOf(draft, place);
  const wayOut = 'have less reach its "output", or leave what the loop delivers unconnected';
  if (loop.gatheredBytes + results > GATHERED_MOST_BYTES) {
    return {
      type: 'ResultTooLarge',
      message: `block "${key}" gathered more than ${sizeText(GATHERED_MOST_BYTES)}, the most a loop delivers, in ${loop.done} iterations: ${wayOut}`,
    };
  }
  if (draft.shared.bytes + more <= STATE_MOST_BYTES) return null;
  draft.shared.short = true;
  return {
    type: 'StateTooLarge',
    message: `block "${key}" gathered ${sizeText(loop.gatheredBytes)} in ${loop.done} iterations, and the run holds ${sizeText(draft.shared.bytes)}; the most is ${sizeText(STATE_MOST_BYTES)} together: ${wayOut}`,
  };
}

/** The loop is over: it delivers what it gathered, or how often it went round. */
function finish(draft: Draft, place: number): void {
  const loop = draft.loops.get(place) ?? FRESH;
  const block = blockAt(draft.plan, place);
  leave(draft, place, loop);
  const value = wanted(draft, place, nestedPlan(block))
    ? gathered(loop.gathered, concurrencyOf(block.config) > 1)
    : loop.done;
  deliver(draft, place, { value }, GATHERED_MOST_BYTES);
}

/** A block has failed; what a loop holds is given back. */
export function failBlock(draft: Draft, place: number, failure: BlockFailure): void {
  if (draft.loops.has(place)) failLoop(draft, place, failure);
  else fail(draft, place, failure);
}

/** The loop has failed. What its other iterations have under way is nobody's any more. */
function failLoop(draft: Draft, place: number, failure: BlockFailure): void {
  const loop = draft.loops.get(place) ?? FRESH;
  leave(draft, place, loop);
  if (loop.open.length > 0) draft.shared.abandoned += 1;
  fail(draft, place, failure);
}

function leave(draft: Draft, place: number, loop: Loop): void {
  draft.shared.bytes -= loopBytes(blockAt(draft.plan, place), loop);
  draft.loops.delete(place);
  draft.ready = draft.ready.filter((other) => other !== place);
}
