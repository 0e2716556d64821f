import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  ContinueAsNew,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { linked } from '../contracts/blocks-nested';
import { utf8Bytes } from '../contracts/blocks-size';
import { type RunContext } from '../contracts/context';
import { FAILURE } from '../contracts/failures';
import { type Flow, type FlowInput } from '../contracts/flow';
import { RUN, runIdOf, SEARCH_ATTRIBUTES } from '../contracts/names';
import {
  type AdmissionReply,
  type FlowRunInput,
  type FlowRunResult,
  type RunStatus,
  type RunView,
} from '../contracts/run';
import { runLocation } from '../pricing/context';
import { executeFlow, type FlowExecution, type FlowProgress } from './execute-flow';
import { inputGone, stateTooLarge } from './failures';
import { type FlowState } from './interpreter';
import { openMeter, type CarriedMeter, type MeterPhase, type RunMeter } from './metering';
import { applicationFailureOf, localFirst } from './our-activities';

export const admissionUpdate = defineUpdate<AdmissionReply>(RUN.admission);
export const viewQuery = defineQuery<RunView>(RUN.view);

/** What an execution hands to the one that goes on with its run. */
export interface Continued {
  /** The execution it comes from: a cron tick or a retry inherits the input, and is a run of its own. */
  readonly from: string;
  /** The ledger's id of the run: that of the execution that first asked. */
  readonly runId: string;
  readonly state: FlowState;
  readonly meter: CarriedMeter;
  readonly waitingSince: string | null;
  /** The run's own input no longer fitted beside the state, which has all of it that is still needed. */
  readonly withoutInput: boolean;
}

export interface FlowRunArgument extends FlowRunInput {
  readonly continued?: Continued;
}

/** A payload holds 2 MB. What an execution is told is bounded well below: this is for what nobody thought of. */
const PAYLOAD_MOST_BYTES = 1_900_000;

/** What a start without an argument brought: the door says what is missing. */
const NOTHING: FlowRunArgument = { team: '', flow: { name: '', blocks: [] }, trigger: 'api' };

/**
 * One run of a flow: asks for admission, waits in its team's line if it must, executes its blocks, closes. A run with
 * loops continues as new when its history grows long, and stays the same run to the ledger.
 *
 * Fails with `FlowInvalid`, `RunRejected`, `RunDiscarded`, `RunWaitTimedOut`, `RunCreditLimitReached` or `BlockFailed`.
 */
export async function flowRun(argument: FlowRunArgument | null | undefined): Promise<FlowRunResult> {
  const { continued: carried, ...input } = argument ?? NOTHING;
  const { team, flow } = namesIn(input);
  const { workflowId, originalExecutionRunId, continuedFromExecutionRunId } = workflowInfo();
  // A start that nothing came before can bring what it likes: it is none that goes on.
  const goesOn = continuedFromExecutionRunId !== undefined && carried?.from === continuedFromExecutionRunId;
  const continued = goesOn ? carried : undefined;
  const runId = continued?.runId ?? runIdOf(workflowId, originalExecutionRunId);
  let status: RunStatus = continued === undefined ? 'starting' : 'running';
  let waitingSince: string | null = continued?.waitingSince ?? null;
  let progress: FlowProgress | null = null;

  const meter: RunMeter = openMeter(
    runId,
    {
      onPhase: (phase) => {
        status = statusOf(phase);
        if (phase === 'waiting') waitingSince = new Date().toISOString();
        markWaiting(phase, meter, team);
      },
    },
    continued?.meter,
  );
  setHandler(admissionUpdate, async () => ({ ...(await meter.answered()), runId }));
  setHandler(viewQuery, () => ({
    runId,
    team,
    flow,
    status,
    location: (meter.run()?.context ?? contextFor(input)).location,
    admission: meter.admission()?.answer ?? null,
    waitingSince,
    charged: meter.charged(),
    charges: meter.charges(),
    blocks: progress?.statuses() ?? {},
  }));
  if (continued === undefined && carried?.withoutInput === true) throw inputGone(workflowId);

  async function goOnAsNew(state: FlowState): Promise<never> {
    const carry = await meter.carry();
    // A cancellation would not reach the next execution.
    const scope = CancellationScope.current();
    if (scope.consideredCancelled) await scope.cancelRequested;
    return continueAsNew<typeof flowRun>(argumentFor(state, carry));
  }

  function argumentFor(state: FlowState, carry: CarriedMeter): FlowRunArgument {
    const next = { from: workflowInfo().runId, runId, state, meter: carry, waitingSince };
    const whole = { ...input, continued: { ...next, withoutInput: false } };
    if (bytesOf(whole) <= PAYLOAD_MOST_BYTES) return whole;
    const { input: _input, ...others } = input;
    const without = { ...others, continued: { ...next, withoutInput: true } };
    const bytes = bytesOf(without);
    if (bytes > PAYLOAD_MOST_BYTES) throw stateTooLarge(bytes, PAYLOAD_MOST_BYTES);
    return without;
  }

  try {
    const { result, charged } = await meter.metered(
      () =>
        localFirst((ours) =>
          ours['flowCredits.admitFlow']({ workflowId, executionId: originalExecutionRunId, input }),
        ),
      () =>
        executeFlow(executionOf(input, meter, continued?.state ?? null), meter, {
          onBegin: (begun) => {
            progress = begun;
          },
          goOnAsNew,
        }),
    );
    status = 'completed';
    return { runId, outputs: result, charged };
  } catch (error) {
    status = endOf(error);
    throw error;
  } finally {
    // Who asked for the admission's answer gets it, also from a run that ends with it.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

/** A start may bring anything, and be asked about before the door has refused it. */
function namesIn(input: unknown): { readonly team: string; readonly flow: string } {
  return { team: textIn(input, 'team'), flow: textIn(memberOf(input, 'flow'), 'name') };
}

function textIn(value: unknown, name: string): string {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : '';
}

function memberOf(value: unknown, name: string): unknown {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return found;
}

function bytesOf(argument: FlowRunArgument): number {
  return utf8Bytes(JSON.stringify(argument));
}

/** The door has parsed the input: here it only gets its defaults. */
function executionOf(input: FlowRunInput, meter: RunMeter, state: FlowState | null): FlowExecution {
  const context = meter.run()?.context ?? contextFor(input);
  const flow = linked(flowOf(input.flow), input.flows ?? {});
  const { team, blocksPerExecution } = input;
  return { flow, team, input: input.input ?? null, context, state, blocksPerExecution };
}

/** An unmetered run pinned nothing. */
function contextFor({ trigger, location, cloudRun }: FlowRunInput): RunContext {
  return { trigger, location: location ?? runLocation(trigger, cloudRun) };
}

/** The flow with its defaults: its history has it as the platform sent it. The door has validated it. */
function flowOf({ name, blocks, connections }: FlowInput): Flow {
  return {
    name,
    blocks: blocks.map(({ id, type, config }) => ({ id, type, config: config ?? {} })),
    connections: connections ?? [],
  };
}

function statusOf(phase: MeterPhase): RunStatus {
  switch (phase) {
    case 'starting':
      return 'starting';
    case 'waiting':
      return 'waiting';
    case 'open':
    case 'closed':
      return 'running';
  }
}

function endOf(error: unknown): RunStatus {
  if (error instanceof ContinueAsNew) return 'running';
  const type = applicationFailureOf(error)?.type;
  if (type === FAILURE.flowInvalid || type === FAILURE.runRejected) return 'rejected';
  return type === FAILURE.runDiscarded || type === FAILURE.waitTimedOut ? 'discarded' : 'failed';
}

const teamAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.team, 'KEYWORD');
const statusAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD');

/** Only runs that wait are marked: an upsert is an event, and most runs never wait. */
function markWaiting(phase: MeterPhase, meter: RunMeter, team: string): void {
  if (meter.admission()?.searchAttributes !== true) return;
  if (phase === 'waiting') {
    upsertSearchAttributes([
      { key: teamAttribute, value: team },
      { key: statusAttribute, value: 'waiting' },
    ]);
  } else if (phase === 'open' && meter.waited()) {
    upsertSearchAttributes([{ key: statusAttribute, value: 'running' }]);
  }
}
