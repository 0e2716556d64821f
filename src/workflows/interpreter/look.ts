import { iterationsMostOf } from '../../contracts/blocks-nested';
import { type Block, type Flow } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { wayTo } from './interpreter';
import { FRESH, givenTo } from './loop-values';
import { nestedPrefix } from './loops';
import { blockAt, isLoop, nestedPlan, planOf, type Plan } from './plan';
import { type Draft } from './settle';
import { type FlowState, type Frame, type Loop } from './state';
import { inputsAt } from './values';

/** What can be seen of a run: which blocks may begin, which are under way, and what each of them gets. */

interface Seen {
  readonly plan: Plan;
  readonly frame: Frame;
  readonly prefix: string;
}

/** The run's own flow, and all flows under way in it. */
function* framesOf(plan: Plan, frame: Frame, prefix = ''): Generator<Seen> {
  yield { plan, frame, prefix };
  for (const [place, { open }] of frame.loops) {
    const block = blockAt(plan, place);
    const inner = nestedPlan(block);
    for (const [index, each] of open) yield* framesOf(inner, each, nestedPrefix(prefix, block, index));
  }
}

function* readyIn(state: FlowState, flow: Flow): Generator<string> {
  if (state.failure !== null) return;
  for (const { plan, frame, prefix } of framesOf(planOf(flow), state)) {
    for (const place of frame.ready) yield `${prefix}${plan.blocks[place]?.id ?? ''}`;
  }
}

/** Keys of the blocks to run now, in the order they became ready, the run's own flow first. None once the run has failed. */
export function ready(state: FlowState, flow: Flow): readonly string[] {
  return [...readyIn(state, flow)];
}

/** The first of them, or null: without listing all. */
export function firstReady(state: FlowState, flow: Flow): string | null {
  for (const key of readyIn(state, flow)) return key;
  return null;
}

/** Keys of the blocks that run, in the flow's order; of a loop only what it asks, not that it is under way. */
export function running(state: FlowState, flow: Flow): readonly string[] {
  return [...framesOf(planOf(flow), state)].flatMap(({ plan, frame, prefix }) => {
    const loops = new Map(frame.loops);
    return plan.blocks.flatMap(({ id }, place) => {
      if (frame.statuses[place] !== 'running') return [];
      const loop = loops.get(place);
      if (loop === undefined) return [`${prefix}${id}`];
      return loop.waits !== null && !frame.ready.includes(place) ? [`${prefix}${id}`] : [];
    });
  });
}

interface Found {
  readonly draft: Draft;
  readonly place: number;
  readonly block: Block;
  readonly loop: Loop | undefined;
}

function find(state: FlowState, flow: Flow, key: string): Found | null {
  const last = wayTo(state, flow, key)?.at(-1);
  if (last === undefined) return null;
  const { draft, place } = last;
  return { draft, place, block: blockAt(draft.plan, place), loop: draft.loops.get(place) };
}

/** False for a block that has ended, and for one whose iteration is over or was given up. */
export function isOpen(state: FlowState, flow: Flow, key: string): boolean {
  const found = find(state, flow, key);
  return found?.draft.statuses[found.place] === 'running';
}

/** When a running delay ends, or null. */
export function deadlineOf(state: FlowState, flow: Flow, key: string): number | null {
  const found = find(state, flow, key);
  return found?.draft.deadlines.find(([of]) => of === found.place)?.[1] ?? null;
}

/** What reached a block that is ready or running, by sender id. An executor derives its `input` from it. */
export function inputsOf(state: FlowState, flow: Flow, key: string): Record<string, Json> {
  const found = find(state, flow, key);
  return found === null ? {} : inputsAt(found.draft, found.place);
}

/** What is to be done for a key that is ready. */
export type Task =
  /** Execute a block; or, for a loop, what it asks: its config has that alone. */
  | { readonly kind: 'execute' | 'ask'; readonly block: Block; readonly inputs: Record<string, Json> }
  /** Let others have their turn. */
  | { readonly kind: 'rest'; readonly block: Block };

/** Throws `RangeError` for a key that is not under way. */
export function taskOf(state: FlowState, flow: Flow, key: string): Task {
  const found = find(state, flow, key);
  if (found === null) throw new RangeError(`block "${key}" is not under way`);
  const { draft, place, block, loop } = found;
  if (!isLoop(block)) return { kind: 'execute', block, inputs: inputsAt(draft, place) };
  if (loop?.waits === 'rest') return { kind: 'rest', block };
  const { items, times, while: goesOn } = block.config;
  const { id, type } = block;
  if (goesOn !== undefined) {
    // It sees what the iteration it decides about would be given.
    const given = givenTo(draft, place, loop ?? FRESH, loop?.next ?? 0);
    return { kind: 'ask', block: { id, type, config: { while: goesOn } }, inputs: { [id]: given } };
  }
  const config: Block['config'] =
    type === 'for'
      ? { items: items ?? null }
      : { times: times ?? null, most: iterationsMostOf(block.config) };
  return { kind: 'ask', block: { id, type, config }, inputs: inputsAt(draft, place) };
}
