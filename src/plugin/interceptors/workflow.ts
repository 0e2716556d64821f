import { type Payload } from '@temporalio/common';
import {
  defineQuery,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
  workflowInfo,
  type ActivityInput,
  type ContinueAsNewInput,
  type LocalActivityInput,
  type Next,
  type StartChildWorkflowExecutionInput,
  type WorkflowExecuteInput,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
} from '@temporalio/workflow';
import { type Admission, type MeteredRun, type UncommittedUsage } from '../../contracts/activities';
import { ACTIVITY_PREFIX, ORDINARY, runIdOf, WORKFLOWS } from '../../contracts/names';
import { type AdmissionReply, type OrdinaryRunView } from '../../contracts/run';
import { teamAt, type StartFacts } from '../../contracts/team-source';
import { openMeter, type CarriedMeter, type RunMeter } from '../../workflows/metering';
import { meteredAround } from '../../workflows/metering-around';
import { localFirst } from '../../workflows/our-activities';
import { holdUpdates } from './early-updates';
import {
  childHeader,
  continuedHeader,
  forActivity,
  forChild,
  forContinued,
  plainHeaders,
  UNCOMMITTED_SIGNAL,
  type ChildHeader,
  type ContinuedHeader,
} from './header';
import { settingsIn } from './settings';

/** A bundler puts the query here with which it was asked for this module: {@link settingsIn} has written it. */
declare const __resourceQuery: string | undefined;
const settings = settingsIn(typeof __resourceQuery === 'string' ? __resourceQuery : '');

/** Histories from before the plugin do not have it, and replay as they were. Never to be renamed. */
const PATCH = 'flow-credits-metered';
/** One for each task queue or activity that is metered around. Never to be renamed. */
const AROUND_PATCH = 'flow-credits-around';

/** Ours open their meter themselves. */
const OURS: ReadonlySet<string> = new Set(Object.values(WORKFLOWS));

const uncommittedSignal = defineSignal<[UncommittedUsage]>(UNCOMMITTED_SIGNAL);
const admissionUpdate = defineUpdate<AdmissionReply>(ORDINARY.admission);
const runQuery = defineQuery<OrdinaryRunView>(ORDINARY.view);

type Inbound<Name extends keyof WorkflowInboundCallsInterceptor> = Next<
  WorkflowInboundCallsInterceptor,
  Name
>;
type Outbound<Name extends keyof WorkflowOutboundCallsInterceptor> = Next<
  WorkflowOutboundCallsInterceptor,
  Name
>;

/**
 * Meters an ordinary workflow: admission before its first command, its run on each activity's and child's header, the
 * close at its end. Four events more in its history, two of them the patch's. A child that spends on its parent's run
 * has none more, and neither has a workflow of no team.
 */
class Metering implements WorkflowInboundCallsInterceptor, WorkflowOutboundCallsInterceptor {
  /** Null in a workflow that is not metered. */
  private meter: RunMeter | null = null;
  private child = false;
  /** What names the team, where that is a header: a continued execution's retries and cron ticks need it, too. */
  private named: Record<string, Payload> = {};
  private readonly around = new Set<string>();

  async execute(input: WorkflowExecuteInput, next: Inbound<'execute'>): Promise<unknown> {
    this.keepName(input.headers);
    const continued = continuedFrom(input.headers);
    if (continued?.child === true && continued.run !== null) {
      return this.within(continued.run, () => next(input));
    }
    if (continued !== null)
      return this.asRun(continued.runId, () => Promise.resolve(goOn(continued)), input, next);
    const parent = childHeader(input.headers);
    const team = teamOf(input) ?? (parent?.alone === true ? parent.run.team : null);
    if (asks(wanted(team, parent))) {
      const { workflowId, originalExecutionRunId } = workflowInfo();
      return this.asRun(runIdOf(workflowId, originalExecutionRunId), () => ask(input, team), input, next);
    }
    return parent === null || parent.alone ? next(input) : this.within(parent.run, () => next(input));
  }

  scheduleActivity(input: ActivityInput, next: Outbound<'scheduleActivity'>): Promise<unknown> {
    const { activityType, options, seq } = input;
    const { meter } = this;
    const run = meter?.run() ?? null;
    if (meter === null || run === null || isOurs(activityType) || !this.isAround(input)) {
      return next({ ...input, headers: this.headersFor(input) });
    }
    const item = {
      key: `${workflowInfo().runId}:${options.activityId ?? String(seq)}`,
      activityType,
      child: this.child,
      usageAt: settings.around.usage,
    };
    // Whatever worker executes it: it is metered here.
    const headers = forActivity(input.headers, { run: null, child: false });
    return meteredAround(meter, run, item, () => next({ ...input, headers }));
  }

  scheduleLocalActivity(
    input: LocalActivityInput,
    next: Outbound<'scheduleLocalActivity'>,
  ): Promise<unknown> {
    return next({ ...input, headers: this.headersFor(input) });
  }

  startChildWorkflowExecution(
    input: StartChildWorkflowExecutionInput,
    next: Outbound<'startChildWorkflowExecution'>,
  ): Promise<[Promise<string>, Promise<unknown>]> {
    const run = this.meter?.run() ?? null;
    if (run === null) return next(input);
    const alone = input.options.cronSchedule !== undefined;
    return next({ ...input, headers: forChild(input.headers, { run, alone }) });
  }

  async continueAsNew(input: ContinueAsNewInput, next: Outbound<'continueAsNew'>): Promise<never> {
    const { meter, child, named } = this;
    const headers = { ...named, ...input.headers };
    if (meter === null) return next({ ...input, headers });
    // What is still to be committed is this execution's to commit.
    await meter.carry();
    const continued = { from: workflowInfo().runId, runId: meter.runId, run: meter.run(), child };
    return next({ ...input, headers: forContinued(headers, continued) });
  }

  /** A run of its own, or the one it goes on with: asks, waits, works, closes. */
  private async asRun(
    runId: string,
    admission: () => Promise<Admission>,
    input: WorkflowExecuteInput,
    next: Inbound<'execute'>,
  ): Promise<unknown> {
    const meter = this.open(openMeter(runId));
    const early = holdUpdates();
    const { result } = await meter.metered(admission, () => early.release(() => next(input)));
    return result;
  }

  /** On its parent's run: nothing is asked and nothing closed. */
  private within(run: MeteredRun, work: () => Promise<unknown>): Promise<unknown> {
    this.child = true;
    return this.open(openMeter(run.runId, {}, carriedBy(run))).within(work);
  }

  private open(meter: RunMeter): RunMeter {
    this.meter = meter;
    setHandler(uncommittedSignal, (uncommitted) => {
      meter.settle(uncommitted.key, { charged: null, uncommitted });
    });
    setHandler(admissionUpdate, async () => ({ ...(await meter.answered()), runId: meter.runId }));
    setHandler(runQuery, () => ({
      runId: meter.runId,
      team: meter.run()?.team ?? null,
      phase: meter.phase(),
      admission: meter.admission()?.answer ?? null,
    }));
    return meter;
  }

  private headersFor({ activityType, headers }: ActivityInput | LocalActivityInput): Record<string, Payload> {
    if (isOurs(activityType)) return headers;
    return forActivity(headers, { run: this.meter?.run() ?? null, child: this.child });
  }

  private keepName(headers: Record<string, Payload>): void {
    const { team } = settings;
    if (team === null || !('header' in team)) return;
    const payload = headers[team.header];
    if (payload !== undefined) this.named = { [team.header]: payload };
  }

  /** By its task queue or its type; once in an execution, it stays so, whatever is set later. */
  private isAround({ activityType, options: { taskQueue } }: ActivityInput): boolean {
    const { taskQueues, activities } = settings.around;
    const isNow = (name: string, set: boolean): boolean => {
      if (!inReplay() && !set && !this.around.has(name)) return false;
      if (!patched(`${AROUND_PATCH}:${name}`)) return false;
      this.around.add(name);
      return true;
    };
    const byQueue = taskQueue !== undefined && isNow(`queue:${taskQueue}`, taskQueues.includes(taskQueue));
    return byQueue || isNow(`activity:${activityType}`, activities.includes(activityType));
  }
}

function isOurs(activityType: string): boolean {
  return activityType.startsWith(ACTIVITY_PREFIX);
}

/** The run this execution goes on with. A cron tick or a retry inherits the header, and is a run of its own. */
function continuedFrom(headers: Record<string, Payload>): ContinuedHeader | null {
  const continued = continuedHeader(headers);
  return continued?.from === workflowInfo().continuedFromExecutionRunId ? continued : null;
}

function inReplay(): boolean {
  return workflowInfo().unsafe.isReplaying;
}

/** What stands where this bundle looks for the team; null: nothing, or the worker has code for it. */
function teamOf(input: WorkflowExecuteInput): unknown {
  return settings.team === null ? null : (teamAt(settings.team, factsOf(input)) ?? null);
}

function factsOf({ args, headers }: WorkflowExecuteInput): StartFacts {
  const { memo = {}, typedSearchAttributes } = workflowInfo();
  const searchAttributes = Object.fromEntries(
    typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
  return { args, headers: plainHeaders(headers), memo, searchAttributes };
}

/** Whether a workflow that begins is to have a run of its own. A child of the same team spends on its parent's. */
function wanted(team: unknown, parent: ChildHeader | null): boolean {
  if (!settings.on) return false;
  const spendsOnParent = parent?.alone === false;
  if (settings.team === null) return !spendsOnParent;
  return team !== null && !(spendsOnParent && parent.run.team === team);
}

/** A replay follows its history, whatever is set by now; only there the two events of the patch may be. */
function asks(want: boolean): boolean {
  return (inReplay() || want) && patched(PATCH);
}

/** It was admitted before; what it holds, it holds. */
function goOn({ run }: Pick<ContinuedHeader, 'run'>): Admission {
  const answer = {
    status: 'admitted',
    rateCard: run?.rateCard ?? '',
    held: '0',
    wouldHaveWaited: false,
  } as const;
  return { answer, run, searchAttributes: false };
}

function carriedBy(run: MeteredRun): CarriedMeter {
  return { admission: goOn({ run }), waited: false, charged: '0', charges: [] };
}

/** What the bundle found is all that the worker needs; code of the worker's gets what there is. */
function ask(input: WorkflowExecuteInput, team: unknown): Promise<Admission> {
  const { workflowId, originalExecutionRunId, workflowType } = workflowInfo();
  const nothing = { args: [], headers: {}, memo: {} };
  const request = {
    workflowId,
    executionId: originalExecutionRunId,
    workflowType,
    ...(team === null ? factsOf(input) : { ...nothing, team }),
  };
  return localFirst((ours) => ours['flowCredits.admitWorkflow'](request));
}

/** What Temporal loads into every workflow of a bundle that was built with the plugin. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  if (OURS.has(workflowInfo().workflowType)) return {};
  const metering = new Metering();
  return { inbound: [metering], outbound: [metering] };
};
