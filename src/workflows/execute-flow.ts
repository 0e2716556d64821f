import { CancellationScope, patched, workflowInfo } from '@temporalio/workflow';
import { type Settlement } from '../contracts/activities';
import { nests } from '../contracts/blocks-nested';
import { jsonBytes, sizeText } from '../contracts/blocks-size';
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
import { LogicLane } from './logic-lane';
import { type RunMeter } from './metering';
import { PayloadRoom } from './payload-room';
import { BlockRunner, type BlockEnd } from './run-block';

/**
 * An execution continues as new after so many bytes in its history, one of a flow with loops also after so many blocks.
 * It counts for itself: what Temporal suggests may change while local activities run, and would not be the same in a
 * replay.
 */
const BLOCKS_PER_EXECUTION = 1000;
const BYTES_PER_EXECUTION = 8 * 1024 * 1024;
/** Runs without loops that began before they, too, continued as new go on without. */
const BYTES_PATCH = 'flow-credits.bytes-per-execution';
/** Temporal allows 2,000 activities under way; no flow without loops has as many blocks as this. */
const OPEN_MOST = 1000;
/** In a flow that an agent calls: a loop may have a hundred agents at it. */
const INNER_OPEN_MOST = 10;
/**
 * While an agent is at it, its run cannot continue as new. So what an execution does ends the flows that are called,
 * before the 51,200 events and 50 MB that Temporal lets a history have; the agent is told, and the run goes on.
 */
const INNER_BLOCKS_MOST = 5000;
const INNER_BYTES_MOST = 16 * 1024 * 1024;

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

/** What the flows under way in one execution of a run have in common: the run's own, and those its agents call. */
interface Shared {
  readonly lane: LogicLane;
  readonly room: PayloadRoom;
  readonly flowName: string;
  /** What is in the history. */
  blocks: number;
  bytes: number;
}

/** A flow that an agent calls. */
interface Inner {
  /** What the keys of its blocks begin with. */
  readonly prefix: string;
  readonly shared: Shared;
}

/**
 * Executes a flow's blocks as its interpreter makes them ready, and gives its outputs. Whatever ends it, every open
 * block has ended before this does: charges come before the close.
 *
 * What follows from a block's end (its commit, the blocks it makes ready) is asked of Temporal at once, in one go:
 * the order of commands then does not depend on how results are bundled when a history is replayed.
 */
export function executeFlow(
  execution: FlowExecution,
  meter: RunMeter,
  hooks: FlowHooks,
): Promise<Record<string, Json>> {
  return execute(execution, meter, hooks, null);
}

/** `hooks` is null for an inner flow: it ends in the execution in which it began. */
async function execute(
  execution: FlowExecution,
  meter: RunMeter,
  hooks: FlowHooks | null,
  inner: Inner | null,
): Promise<Record<string, Json>> {
  const { flow, team, input, context, state: carried } = execution;
  const { blocksPerExecution = BLOCKS_PER_EXECUTION } = execution;
  const { trigger, location } = context;
  const prefix = inner?.prefix ?? '';
  const shared = inner?.shared ?? {
    lane: new LogicLane(),
    room: new PayloadRoom(),
    flowName: flow.name,
    blocks: 0,
    bytes: 0,
  };
  const about = { id: meter.runId, team, flow: shared.flowName, trigger, location };
  const defaults = meter.admission()?.blockDefaults ?? {};
  const isPrivate = location === 'private-runner';
  const scope = new CancellationScope();
  const runner = new BlockRunner({
    scope,
    lane: shared.lane,
    room: shared.room,
    runnerQueue: isPrivate ? runnerTaskQueue(team, workflowInfo().taskQueue) : null,
    executeInner: (key, called, given) =>
      execute({ ...execution, flow: called, input: given, state: null }, meter, null, {
        prefix: key,
        shared,
      }),
  });
  const open = new Set<string>();
  /** Blocks that were cancelled because the loop around them failed. */
  const dropped = new Set<string>();
  const hasLoops = nests(flow);
  const openMost = inner === null ? OPEN_MOST : INNER_OPEN_MOST;
  let state: FlowState = carried ?? startFlow(flow, input);
  let { abandoned } = state;
  let stopped: { readonly error: unknown } | null = null;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  hooks?.onBegin({ statuses: () => statuses(state, flow) });

  function launch(key: string): void {
    const task = taskOf(state, flow, key);
    const wait = waitOf(task);
    state = begin(state, flow, key, wait === null ? undefined : Date.now() + wait);
    start(key, task, wait);
  }

  function start(key: string, task: Task, wait: number | null): void {
    shared.blocks += 1;
    open.add(key);
    const onEnd = (end: BlockEnd): void => {
      ended(key, end);
    };
    if (task.kind === 'rest') {
      runner.rest(`${prefix}${key}`, onEnd);
      return;
    }
    const { inputs } = task;
    const block = withDefaults(task.block, defaults);
    // Of local activities the history has the result alone.
    if (isPrivate || executionOf(block.type) === 'external') shared.bytes += jsonBytes(inputs);
    // There it is told twice, to the ledger's worker and to the runner, and may hold a loop's whole body.
    if (isPrivate) shared.bytes += 2 * jsonBytes(block.config);
    // What a loop asks costs nothing: what it runs is charged.
    const run = task.kind === 'ask' ? null : meter.run();
    const request = { run, key: `${prefix}${key}`, block, inputs, about };
    runner.start({ request, wait, waited: meter.waited(), onEnd });
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
    if (end.status === 'delivered') shared.bytes += jsonBytes(end.answer.value ?? null);
    meter.settle(`${prefix}${key}`, settlementOf(end));
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
    for (const key of gone) runner.cancel(`${prefix}${key}`);
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
    if (hooks === null) return false;
    // A flow without loops and calls may hand on much, but has not many blocks.
    if (shared.bytes >= BYTES_PER_EXECUTION) return hasLoops || patched(BYTES_PATCH);
    return hasLoops && shared.blocks >= blocksPerExecution;
  }

  /** A called flow that would not fit into the history ends. */
  function stopTooLong(): void {
    const { blocks, bytes } = shared;
    const blocksMost = Math.min(INNER_BLOCKS_MOST, 5 * blocksPerExecution);
    if (inner === null || (blocks < blocksMost && bytes < INNER_BYTES_MOST)) return;
    const most = `${blocksMost} blocks or ${sizeText(INNER_BYTES_MOST)}`;
    const message = `the run has executed ${blocks} blocks, with ${sizeText(bytes)}, since it last could go on as new; flows as tools end at ${most}: let them do less`;
    stop(blockFailed(prefix.slice(0, -1), 'FlowToolTooLong', message));
  }

  function nextReady(): string | null {
    if (stopped !== null || open.size >= openMost || draining()) return null;
    return firstReady(state, flow);
  }

  function goOn(): void {
    if (outcome(state) === 'failed') stop(null);
    else if (outcome(state) === 'running') stopTooLong();
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
    throw blockFailed(`${prefix}${blockId}`, type, message);
  }
  throwIfStopped(stopped);
  if (outcome(state) === 'completed') return outputs(state, flow);
  if (hooks === null) throw new RangeError(`the flow at "${prefix}" has come to no end`);
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
