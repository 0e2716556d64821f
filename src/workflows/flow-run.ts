import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
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
import { openMeter, type MeterPhase, type RunMeter } from './metering';
import { applicationFailureOf, localFirst } from './our-activities';

export const admissionUpdate = defineUpdate<AdmissionReply>(RUN.admission);
export const viewQuery = defineQuery<RunView>(RUN.view);

/**
 * One run of a flow: asks for admission, waits in its team's line if it must, executes its blocks, closes.
 *
 * Fails with `FlowInvalid`, `RunRejected`, `RunDiscarded`, `RunWaitTimedOut`, `RunCreditLimitReached` or `BlockFailed`.
 */
export async function flowRun(input: FlowRunInput): Promise<FlowRunResult> {
  const { workflowId, originalExecutionRunId } = workflowInfo();
  const runId = runIdOf(workflowId, originalExecutionRunId);
  const { team, flow } = namesIn(input);
  let status: RunStatus = 'starting';
  let waitingSince: string | null = null;
  let progress: FlowProgress | null = null;

  const meter: RunMeter = openMeter(runId, {
    onPhase: (phase) => {
      status = statusOf(phase);
      if (phase === 'waiting') waitingSince = new Date().toISOString();
      markWaiting(phase, meter, team);
    },
  });
  setHandler(admissionUpdate, async () => ({ ...(await meter.answered()), runId }));
  setHandler(viewQuery, () => ({
    runId,
    team,
    flow,
    status,
    admission: meter.admission()?.answer ?? null,
    waitingSince,
    charged: sum(meter.charges().map(({ millicredits }) => millicredits)),
    charges: meter.charges(),
    blocks: progress?.statuses() ?? {},
  }));

  try {
    const { result, charged } = await meter.metered(
      () =>
        localFirst((ours) =>
          ours['flowCredits.admitFlow']({ workflowId, executionId: originalExecutionRunId, input }),
        ),
      () =>
        executeFlow(executionOf(input, meter), meter, (begun) => {
          progress = begun;
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

/** The door has parsed the input: here it only gets its defaults. */
function executionOf(input: FlowRunInput, meter: RunMeter): FlowExecution {
  const context = meter.run()?.context ?? contextFor(input);
  return { flow: flowOf(input.flow), team: input.team, input: input.input ?? null, context };
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

function sum(amounts: readonly string[]): string {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n).toString();
}
