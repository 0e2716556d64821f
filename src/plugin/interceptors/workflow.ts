import { ApplicationFailure, type Payload } from '@temporalio/common';
import {
  condition,
  defineSignal,
  patched,
  setDefaultUpdateHandler,
  setHandler,
  workflowInfo,
  type ActivityInput,
  type ContinueAsNewInput,
  type LocalActivityInput,
  type Next,
  type WorkflowExecuteInput,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes';
import { type Admission, type UncommittedUsage } from '../../contracts/activities';
import { ACTIVITY_PREFIX, runIdOf, WORKFLOWS } from '../../contracts/names';
import { openMeter, type RunMeter } from '../../workflows/metering';
import { localFirst } from '../../workflows/our-activities';
import {
  continuedHeader,
  plainHeaders,
  UNCOMMITTED_SIGNAL,
  withHeader,
  type ContinuedHeader,
} from './header';

/** Histories from before the plugin do not have it, and replay as they were. Never to be renamed. */
const PATCH = 'flow-credits-metered';

/** Ours open their meter themselves. */
const OURS: ReadonlySet<string> = new Set(Object.values(WORKFLOWS));

const uncommittedSignal = defineSignal<[UncommittedUsage]>(UNCOMMITTED_SIGNAL);

type Inbound<Name extends keyof WorkflowInboundCallsInterceptor> = Next<
  WorkflowInboundCallsInterceptor,
  Name
>;
type Outbound<Name extends keyof WorkflowOutboundCallsInterceptor> = Next<
  WorkflowOutboundCallsInterceptor,
  Name
>;

/**
 * Meters an ordinary workflow: admission before its first command, its run on each activity's header, the close at its
 * end. Four events more in its history, two of them the patch's.
 */
class Metering implements WorkflowInboundCallsInterceptor, WorkflowOutboundCallsInterceptor {
  /** Null in a workflow from before the plugin. */
  private meter: RunMeter | null = null;

  async execute(input: WorkflowExecuteInput, next: Inbound<'execute'>): Promise<unknown> {
    const continued = continuedFrom(input.headers);
    // Asked only where nothing else proves that the plugin was there: each question is two events.
    if (continued === null && !patched(PATCH)) return next(input);
    const { workflowId, originalExecutionRunId } = workflowInfo();
    const meter = openMeter(continued?.runId ?? runIdOf(workflowId, originalExecutionRunId));
    this.meter = meter;
    setHandler(uncommittedSignal, (uncommitted) => {
      meter.settle(uncommitted.key, { charged: null, uncommitted });
    });
    const early = holdUpdates();
    const { result } = await meter.metered(
      () => (continued === null ? ask(input) : Promise.resolve(goOn(continued))),
      () => early.release(() => next(input)),
    );
    return result;
  }

  scheduleActivity(input: ActivityInput, next: Outbound<'scheduleActivity'>): Promise<unknown> {
    return next({ ...input, headers: this.headersFor(input) });
  }

  scheduleLocalActivity(
    input: LocalActivityInput,
    next: Outbound<'scheduleLocalActivity'>,
  ): Promise<unknown> {
    return next({ ...input, headers: this.headersFor(input) });
  }

  continueAsNew(input: ContinueAsNewInput, next: Outbound<'continueAsNew'>): Promise<never> {
    const { meter } = this;
    if (meter === null) return next(input);
    const continued = { from: workflowInfo().runId, runId: meter.runId, run: meter.run() };
    return next({ ...input, headers: withHeader(input.headers, continued) });
  }

  private headersFor({ activityType, headers }: ActivityInput | LocalActivityInput): Record<string, Payload> {
    if (activityType.startsWith(ACTIVITY_PREFIX)) return headers;
    return withHeader(headers, { run: this.meter?.run() ?? null });
  }
}

/** The run this execution goes on with. A cron tick or a retry inherits the header, and is a run of its own. */
function continuedFrom(headers: Record<string, Payload>): ContinuedHeader | null {
  const continued = continuedHeader(headers);
  return continued?.from === workflowInfo().continuedFromExecutionRunId ? continued : null;
}

/** It was admitted before; what it holds, it holds. */
function goOn({ run }: ContinuedHeader): Admission {
  const answer = {
    status: 'admitted',
    rateCard: run?.rateCard ?? '',
    held: '0',
    wouldHaveWaited: false,
  } as const;
  return { answer, run, searchAttributes: false };
}

function ask({ args, headers }: WorkflowExecuteInput): Promise<Admission> {
  const { workflowId, originalExecutionRunId, workflowType, memo = {} } = workflowInfo();
  const request = {
    workflowId,
    executionId: originalExecutionRunId,
    workflowType,
    args,
    memo,
    headers: plainHeaders(headers),
  };
  return localFirst((ours) => ours['flowCredits.admitWorkflow'](request));
}

/**
 * Updates that arrive before the workflow's own code has begun wait for it; without a handler they would be refused.
 * Signals are kept by the SDK.
 */
function holdUpdates(): { release<T>(begin: () => Promise<T>): Promise<T> } {
  let begun = false;
  setDefaultUpdateHandler(async (name, ...args: unknown[]) => {
    await condition(() => begun);
    const entry = getActivator().updateHandlers.get(name);
    if (entry === undefined)
      throw ApplicationFailure.nonRetryable(`No registered handler for update: ${name}`);
    entry.validator?.(...args);
    return entry.handler(...args);
  });
  return {
    release: (begin) => {
      setDefaultUpdateHandler(undefined);
      const work = begin();
      begun = true;
      return work;
    },
  };
}

/** What Temporal loads into every workflow of a bundle that was built with the plugin. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  if (OURS.has(workflowInfo().workflowType)) return {};
  const metering = new Metering();
  return { inbound: [metering], outbound: [metering] };
};
