import { CancellationScope, condition } from '@temporalio/workflow';
import { type ExecuteBlock } from '../contracts/activities';
import { type RunContext } from '../contracts/context';
import { type Flow } from '../contracts/flow';
import { type Json } from '../contracts/json';
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
import { runBlock, type BlockEnd } from './run-block';

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
 */
export async function executeFlow(
  { flow, team, input, context }: FlowExecution,
  meter: RunMeter,
  onBegin: (progress: FlowProgress) => void,
): Promise<Record<string, Json>> {
  let state: FlowState = startFlow(flow, input);
  let stopped: { readonly error: unknown } | null = null;
  let steps = 0;
  const open = new Set<string>();
  const scope = new CancellationScope();
  onBegin({ statuses: () => statuses(state, flow) });

  const { trigger, location } = context;
  const about = { id: meter.runId, team, flow: flow.name, trigger, location };

  function ended(id: string, end: BlockEnd): void {
    open.delete(id);
    steps += 1;
    if (end.status === 'stopped') {
      meter.settle(id, end.settlement);
      stopped ??= { error: end.error };
      return;
    }
    meter.settle(id, end.status === 'delivered' ? end.answer.settlement : end.detail.settlement);
    state =
      end.status === 'delivered'
        ? delivered(state, flow, id, end.answer)
        : failed(state, flow, id, { type: end.detail.cause, message: end.detail.message });
  }

  function launch(id: string): void {
    const block = flow.blocks.find((candidate) => candidate.id === id);
    if (block === undefined) return;
    const request: ExecuteBlock = {
      run: meter.run(),
      key: id,
      block,
      inputs: inputsOf(state, flow, id),
      about,
    };
    state = begin(state, flow, id);
    open.add(id);
    void runBlock(request, meter.waited()).then((end) => {
      ended(id, end);
    });
  }

  await scope
    .run(async () => {
      while (outcome(state) === 'running' && stopped === null) {
        for (const id of ready(state, flow)) launch(id);
        const seen = steps;
        if (outcome(state) === 'running') await condition(() => steps > seen);
      }
    })
    .catch((error: unknown) => {
      stopped ??= { error };
    });

  if (open.size > 0) scope.cancel();
  await CancellationScope.nonCancellable(() => condition(() => open.size === 0));
  return conclude();

  function conclude(): Record<string, Json> {
    if (stopped !== null) throw stopped.error;
    if (state.failure === null) return outputs(state, flow);
    const { blockId, type, message } = state.failure;
    throw blockFailed(blockId, type, message);
  }
}
