import { CancellationScope } from '@temporalio/workflow';
import { type Settlement } from '../contracts/activities';
import { type RunContext } from '../contracts/context';
import { type Block, type Flow } from '../contracts/flow';
import { type Json } from '../contracts/json';
import { type BlockDefaults } from '../contracts/own-blocks';
import { type RunView } from '../contracts/run';
import { blockFailed } from './failures';
import {
  begin,
  delivered,
  failed,
  inputsOf,
  outcome,
  outputs,
  ready,
  startFlow,
  statuses,
  type FlowState,
} from './interpreter';
import { type RunMeter } from './metering';
import { BlockRunner, type BlockEnd } from './run-block';

export interface FlowExecution {
  readonly flow: Flow;
  readonly team: string;
  readonly input: Json;
  readonly context: RunContext;
}

/** What a query may see of a flow under way. */
export interface FlowProgress {
  readonly statuses: () => RunView['blocks'];
}

/**
 * Executes a flow's blocks as its interpreter makes them ready, and gives its outputs. Whatever ends it, every open
 * block has ended before this does: charges come before the close.
 *
 * What follows from a block's end (its commit, the blocks it makes ready) is asked of Temporal at once, in one go:
 * the order of commands then does not depend on how results are bundled when a history is replayed.
 */
export async function executeFlow(
  { flow, team, input, context }: FlowExecution,
  meter: RunMeter,
  onBegin: (progress: FlowProgress) => void,
): Promise<Record<string, Json>> {
  const { trigger, location } = context;
  const about = { id: meter.runId, team, flow: flow.name, trigger, location };
  const defaults = meter.admission()?.blockDefaults ?? {};
  const blocks = new Map(flow.blocks.map((block) => [block.id, withDefaults(block, defaults)]));
  const runner = new BlockRunner();
  const scope = new CancellationScope();
  const open = new Set<string>();
  let state: FlowState = startFlow(flow, input);
  let stopped: { readonly error: unknown } | null = null;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  onBegin({ statuses: () => statuses(state, flow) });

  function launch(id: string): void {
    const block = blocks.get(id);
    if (block === undefined) throw new RangeError(`the flow has no block "${id}"`);
    const inputs = inputsOf(state, flow, id);
    state = begin(state, flow, id);
    open.add(id);
    runner.start({
      request: { run: meter.run(), key: id, block, inputs, about },
      waited: meter.waited(),
      onEnd: (end) => {
        ended(id, end);
      },
    });
  }

  function ended(id: string, end: BlockEnd): void {
    open.delete(id);
    meter.settle(id, settlementOf(end));
    if (end.status === 'stopped') stop(end.error);
    else if (end.status === 'delivered') state = delivered(state, flow, id, end.answer);
    else state = failed(state, flow, id, { type: end.detail.cause, message: end.detail.message });
    goOn();
  }

  /** Nothing new begins, and what is under way is cancelled. */
  function stop(error: unknown): void {
    if (stopped !== null) return;
    stopped = { error };
    scope.cancel();
    runner.dropQueued(error);
  }

  function nextReady(): string | undefined {
    return stopped === null ? ready(state, flow)[0] : undefined;
  }

  function goOn(): void {
    if (outcome(state) === 'failed') stop(null);
    for (let id = nextReady(); id !== undefined; id = nextReady()) launch(id);
    if (open.size === 0 && (stopped !== null || outcome(state) !== 'running')) finish();
  }

  await scope.run(() => {
    goOn();
    return finished;
  });
  if (state.failure !== null) {
    const { blockId, type, message } = state.failure;
    throw blockFailed(blockId, type, message);
  }
  throwIfStopped(stopped);
  return outputs(state, flow);
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
