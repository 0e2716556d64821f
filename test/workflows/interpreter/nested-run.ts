import { type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import {
  begin,
  compact,
  delivered,
  failed,
  outcome,
  ready,
  running,
  startFlow,
  taskOf,
  type FlowState,
  type Task,
} from '../../../src/workflows/interpreter';
import { PORTS } from './flows';
import { type Decisions } from './nested-flows';

export interface NestedRun {
  readonly state: FlowState;
  readonly executed: ReadonlyMap<string, Record<string, Json>>;
  /** How often a block of this key was executed, all together. */
  readonly times: number;
  /** The most blocks of one loop that were under way at a time, by the loop's key. */
  readonly together: ReadonlyMap<string, number>;
}

/** Runs a flow to its end; `choose` says which block that could begin or end does so, and what happens in between. */
export function runNested(
  flow: Flow,
  input: Json,
  decisions: Decisions,
  choose: (below: number) => number,
): NestedRun {
  let state = startFlow(flow, input);
  const executed = new Map<string, Record<string, Json>>();
  const tasks = new Map<string, Task>();
  const together = new Map<string, number>();
  let times = 0;
  while (outcome(state) === 'running') {
    const waiting = ready(state, flow);
    const open = running(state, flow);
    const place = choose(waiting.length + open.length);
    const key = waiting[place] ?? open[place - waiting.length];
    if (key === undefined) throw new Error('nothing is ready, nothing runs, and the flow has not ended');
    if (place < waiting.length) {
      const task = taskOf(state, flow, key);
      tasks.set(key, task);
      if (task.kind === 'execute') {
        executed.set(key, task.inputs);
        times += 1;
      }
      state = begin(state, flow, key);
      note(running(state, flow), together);
    } else state = ended(state, flow, key, tasks.get(key), decisions);
    const between = choose(4);
    if (between === 0) state = compact(state, flow);
    if (between === 1) state = JSON.parse(JSON.stringify(state)) as FlowState;
  }
  return { state, executed, times, together };
}

/** Iterations of each loop that have a block under way. */
function note(open: readonly string[], together: Map<string, number>): void {
  const iterations = new Map<string, Set<string>>();
  for (const key of open) {
    for (const match of key.matchAll(/\[(\d+)\]\//g)) {
      const loop = key.slice(0, match.index);
      iterations.set(loop, (iterations.get(loop) ?? new Set()).add(match[1] ?? ''));
    }
  }
  for (const [loop, { size }] of iterations) together.set(loop, Math.max(size, together.get(loop) ?? 0));
}

function ended(
  state: FlowState,
  flow: Flow,
  key: string,
  task: Task | undefined,
  decisions: Decisions,
): FlowState {
  if (task === undefined) throw new Error(`"${key}" runs and never began`);
  if (task.kind === 'rest') return delivered(state, flow, key, {});
  const { block, inputs } = task;
  if (task.kind === 'ask') {
    const value =
      block.type === 'for'
        ? decisions.items(key)
        : block.config['while'] === undefined
          ? decisions.times(key)
          : decisions.goesOn(key, indexOf(inputs[block.id]));
    return delivered(state, flow, key, { value });
  }
  const port = decisions.port(key, PORTS[block.type] ?? []);
  return port === 'error'
    ? failed(state, flow, key, { type: 'Test', message: 'no' })
    : delivered(state, flow, key, { port, value: decisions.value(key) });
}

function indexOf(given: Json | undefined): number {
  const has = typeof given === 'object' && given !== null && !Array.isArray(given);
  const index = has ? given['index'] : undefined;
  if (typeof index !== 'number') throw new Error('a condition is not told which iteration it decides about');
  return index;
}
