import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { type Settlement } from '../contracts/activities';
import { nests } from '../contracts/blocks-nested';
import { jsonBytes } from '../contracts/blocks-size';
import { executionOf } from '../contracts/blocks-types';
import { type RunContext } from '../contracts/context';
import { type Block, type Flow } from '../contracts/flow';
import { type Json } from '../contracts/json';
import { runnerTaskQueue } from '../contracts/names';
import { type BlockDefaults } from '../contracts/own-blocks';
import { type RunView } from '../contracts/run';
import { blockFailed } from './failures';
import {
  begin,
  compact,
  deadlineOf,
  delayMilliseconds,
  delivered,
  failed,
  firstReady,
  isOpen,
  outcome,
  outputs,
  running,
  startFlow,
  statuses,
  taskOf,
  type FlowState,
  type Task,
} from './interpreter';
import { type RunMeter } from './metering';
import { BlockRunner, type BlockEnd } from './run-block';

/**
 * An execution of a flow with loops continues as new after so many blocks, or so many bytes in its history. It counts
 * for itself: what Temporal suggests may change while local activities run, and would not be the same in a replay.
 */
const BLOCKS_PER_EXECUTION = 1000;
const BYTES_PER_EXECUTION = 8 * 1024 * 1024;
/** Temporal allows 2,000 activities under way; no flow without loops has as many blocks as this. */
const OPEN_MOST = 1000;

export interface FlowExecution {
  /** With its calls linked. */
  readonly flow: Flow;
  readonly team: string;
  readonly input: Json;
  readonly context: RunContext;
  /** Where the execution before this one left off; null at the run's beginning. */
  readonly state: FlowState | null;
  readonly blocksPerExecution: number | undefined;
}

/** What a query may see of a flow under way. */
export interface FlowProgress {
  readonly statuses: () => RunView['blocks'];
}

export interface FlowHooks {
  readonly onBegin: (progress: FlowProgress) => void;
  /** Continues as new from this state. Called when nothing is under way but delays, whose deadlines are in it. */
  readonly goOnAsNew: (state: FlowState) => Promise<never>;
}

/**
 * Executes a flow's blocks as its interpreter makes them ready, and gives its outputs. Whatever ends it, every open
 * block has ended before this does: charges come before the close.
 *
 * What follows from a block's end (its commit, the blocks it makes ready) is asked of Temporal at once, in one go:
 * the order of commands then does not depend on how results are bundled when a history is replayed.
 */
export async function executeFlow(
  { flow, team, input, context, state: carried, blocksPerExecution = BLOCKS_PER_EXECUTION }: FlowExecution,
  meter: RunMeter,
  hooks: FlowHooks,
): Promise<Record<string, Json>> {
  const { trigger, location } = context;
  const about = { id: meter.runId, team, flow: flow.name, trigger, location };
  const defaults = meter.admission()?.blockDefaults ?? {};
  const isPrivate = location === 'private-runner';
  const runner = new BlockRunner(isPrivate ? runnerTaskQueue(team, workflowInfo().taskQueue) : null);
  const scope = new CancellationScope();
  const open = new Set<string>();
  /** Blocks that were cancelled because the loop around them failed. */
  const dropped = new Set<string>();
  // Flows without loops and calls end soon enough.
  const mayContinue = nests(flow);
  let state: FlowState = carried ?? startFlow(flow, input);
  let { abandoned } = state;
  let begun = 0;
  let bytes = 0;
  let stopped: { readonly error: unknown } | null = null;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  hooks.onBegin({ statuses: () => statuses(state, flow) });

  function launch(key: string): void {
    const task = taskOf(state, flow, key);
    const wait = waitOf(task);
    state = begin(state, flow, key, wait === null ? undefined : Date.now() + wait);
    start(key, task, wait);
  }

  function start(key: string, task: Task, wait: number | null): void {
    begun += 1;
    open.add(key);
    const onEnd = (end: BlockEnd): void => {
      ended(key, end);
    };
    if (task.kind === 'rest') {
      runner.rest(key, onEnd);
      return;
    }
    const { inputs } = task;
    const block = withDefaults(task.block, defaults);
    // Of local activities the history has the result alone.
    if (isPrivate || executionOf(block.type) === 'external') bytes += jsonBytes(inputs);
    // There it is told twice, to the ledger's worker and to the runner, and may hold a loop's whole body.
    if (isPrivate) bytes += 2 * jsonBytes(block.config);
    // What a loop asks costs nothing: what it runs is charged.
    const run = task.kind === 'ask' ? null : meter.run();
    runner.start({ request: { run, key, block, inputs, about }, wait, waited: meter.waited(), onEnd });
  }

  /** Delays that the execution before this one had under way. */
  function resume(): void {
    for (const key of running(state, flow)) {
      const deadline = deadlineOf(state, flow, key);
      if (deadline === null)
        throw new RangeError(`block "${key}" was under way when the run continued as new`);
      start(key, taskOf(state, flow, key), Math.max(1, deadline - Date.now()));
    }
  }

  function ended(key: string, end: BlockEnd): void {
    open.delete(key);
    if (end.status === 'delivered') bytes += jsonBytes(end.answer.value ?? null);
    meter.settle(key, settlementOf(end));
    const wasDropped = dropped.delete(key);
    if (end.status === 'stopped') {
      if (!wasDropped) stop(end.error);
    } else if (isOpen(state, flow, key)) {
      state =
        end.status === 'delivered'
          ? delivered(state, flow, key, end.answer)
          : failed(state, flow, key, { type: end.detail.cause, message: end.detail.message });
      dropAbandoned();
    }
    goOn();
  }

  /** What the iterations beside one that failed its loop have under way is cancelled: it may be a delay of days. */
  function dropAbandoned(): void {
    if (state.abandoned === abandoned) return;
    ({ abandoned } = state);
    const gone = [...open].filter((key) => !isOpen(state, flow, key));
    for (const key of gone) dropped.add(key);
    for (const key of gone) runner.cancel(key);
  }

  /** Nothing new begins, and what is under way is cancelled. */
  function stop(error: unknown): void {
    if (stopped !== null) return;
    stopped = { error };
    scope.cancel();
    runner.dropQueued(error);
  }

  /** Whether this execution has gone on for long enough: then it lets what is open end, and begins nothing. */
  function draining(): boolean {
    return mayContinue && (begun >= blocksPerExecution || bytes >= BYTES_PER_EXECUTION);
  }

  function nextReady(): string | null {
    if (stopped !== null || open.size >= OPEN_MOST || draining()) return null;
    return firstReady(state, flow);
  }

  function goOn(): void {
    if (outcome(state) === 'failed') stop(null);
    for (let key = nextReady(); key !== null; key = nextReady()) launch(key);
    if (open.size === 0 && (stopped !== null || outcome(state) !== 'running')) finish();
    else if (stopped === null && draining() && open.size === runner.waiting) finish();
  }

  await scope.run(() => {
    if (carried !== null) resume();
    goOn();
    return finished;
  });
  if (state.failure !== null) {
    const { blockId, type, message } = state.failure;
    throw blockFailed(blockId, type, message);
  }
  throwIfStopped(stopped);
  if (outcome(state) === 'completed') return outputs(state, flow);
  runner.leaveTimers();
  return hooks.goOnAsNew(compact(state, flow));
}

/** How long a `delay` waits, in milliseconds; null for all other blocks. */
function waitOf({ block }: Task): number | null {
  return executionOf(block.type) === 'timer' ? delayMilliseconds(block.config) : null;
}

/** What the flow says of a block goes before what its type says. */
function withDefaults(block: Block, defaults: BlockDefaults): Block {
  const own = Object.hasOwn(defaults, block.type) ? defaults[block.type] : undefined;
  return own === undefined ? block : { ...block, config: { ...own, ...block.config } };
}

function throwIfStopped(stopped: { readonly error: unknown } | null): void {
  if (stopped !== null) throw stopped.error;
}

function settlementOf(end: BlockEnd): Settlement | undefined {
  switch (end.status) {
    case 'delivered':
      return end.answer.settlement;
    case 'failed':
      return end.detail.settlement;
    case 'stopped':
      return end.settlement;
  }
}
