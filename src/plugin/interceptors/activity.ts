import { setTimeout as delay } from 'node:timers/promises';
import { CompleteAsyncError, type Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type ActivityExecuteInput,
  type ActivityInboundCallsInterceptor,
  type ActivityInterceptorsFactory,
  type Next,
} from '@temporalio/worker';
import {
  commit,
  emptyReport,
  metered,
  meterOf,
  observed,
  priceOf,
  reporting,
  unmeteredActivity,
  unpricedUsage,
  type Attempt,
  type Meter,
  type MeteredItem,
  type WorkflowDeps,
} from '../../activities';
import { type MeteredRun, type UncommittedUsage } from '../../contracts/activities';
import { ZERO } from '../../contracts/millicredits';
import { ACTIVITY_PREFIX } from '../../contracts/names';
import { likely, PricingRefusal, type RateCard } from '../../pricing';
import { activityHeader, UNCOMMITTED_SIGNAL } from './header';
import { anotherFollows } from './retries';

const LONGEST_PAUSE_MS = 5_000;

/** Meters the activities that the run's card prices; all others pass. */
export function activityInterceptor(deps: WorkflowDeps): ActivityInterceptorsFactory {
  return (context) => ({ inbound: new ActivityMetering(context, deps) });
}

class ActivityMetering implements ActivityInboundCallsInterceptor {
  constructor(
    private readonly context: Context,
    private readonly deps: WorkflowDeps,
  ) {}

  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const { activityType, inWorkflow } = this.context.info;
    if (activityType.startsWith(ACTIVITY_PREFIX) || !inWorkflow) return next(input);
    const { deps } = this;
    const header = activityHeader(input.headers);
    if (header === null) {
      this.refuseUnmetered(deps, activityType);
      return next(input);
    }
    const { run } = header;
    if (run === null) return next(input);
    const card = deps.pricing.card(run.rateCard);
    if (card === null)
      throw new Error(`rate card "${run.rateCard}" of run "${run.runId}" is not loaded on this worker`);
    if (!Object.hasOwn(card.activities, activityType)) return next(input);
    return this.metered(run, card, header.child, () => next(input));
  }

  /** A priced activity whose workflow's bundle lacks the plugin would run for nothing, in silence. */
  private refuseUnmetered({ pricing, workflows }: WorkflowDeps, activityType: string): void {
    if (
      workflows.mode === 'off' ||
      !pricing.cards.some((card) => Object.hasOwn(card.activities, activityType))
    )
      return;
    const failure = unmeteredActivity(activityType);
    if (workflows.mode === 'enforce') throw failure;
    this.context.log.warn(failure.message);
  }

  private async metered(
    run: MeteredRun,
    card: RateCard,
    child: boolean,
    execute: () => Promise<unknown>,
  ): Promise<unknown> {
    const { deps } = this;
    const { info, log } = this.context;
    const { deadlines } = deps;
    const { localMs } = deadlines;
    const item: MeteredItem = {
      run,
      child,
      // A local activity that is tried again later, by a timer, comes as another one.
      keyedByAttempt: info.isLocal,
      key: `${info.workflowExecution?.runId ?? ''}:${info.activityId}`,
      type: info.activityType,
      rows: 'activities',
      likely: likely({ type: info.activityType, config: {}, rows: 'activities' }, run.context, card),
    };
    const within = info.isLocal ? { ...deadlines, reserveMs: localMs, commitMs: localMs } : deadlines;
    const meter = meterOf({ ...deps, deadlines: within }, card, (message, attributes) => {
      log.warn(message, attributes);
    });
    const attempt = this.attempt(execute);
    const outcome = await observed(deps.observer, item.type, () => metered(meter, item, attempt));
    if (outcome.status === 'retried') throw outcome.error;
    const { uncommitted } = outcome.settled;
    if (uncommitted !== null) await this.handOver(meter, item, uncommitted);
    if (outcome.status === 'failed') {
      throw outcome.error instanceof PricingRefusal
        ? unpricedUsage(info.activityType, outcome.error)
        : outcome.error;
    }
    if (outcome.result instanceof CompleteAsyncError) throw outcome.result;
    return outcome.result;
  }

  private attempt(execute: () => Promise<unknown>): Attempt<unknown> {
    const report = emptyReport();
    return {
      execute: () =>
        reporting(report, execute).catch((error: unknown) => {
          // It goes on elsewhere: what it does here is done.
          if (error instanceof CompleteAsyncError) return error;
          throw error;
        }),
      usage: () => report.usage,
      judge: (error) => (anotherFollows(error, this.context, Date.now()) ? 'retried' : 'final'),
    };
  }

  /**
   * The ledger is away: the workflow is told, before it gets the result, and commits. A workflow that has ended takes
   * no signal: then this activity commits, until it is done.
   */
  private async handOver(meter: Meter, item: MeteredItem, uncommitted: UncommittedUsage): Promise<void> {
    const { workflowId = '', runId } = this.context.info.workflowExecution ?? {};
    for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.context.client.workflow
          .getHandle(workflowId, runId)
          .signal(UNCOMMITTED_SIGNAL, uncommitted);
        return;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError && (await this.committed(meter, item, uncommitted)))
          return;
        this.context.log.warn('usage is still to be committed', { key: item.key });
        await delay(pause);
      }
    }
  }

  private async committed(
    meter: Meter,
    item: MeteredItem,
    { usage, failed }: UncommittedUsage,
  ): Promise<boolean> {
    try {
      const price = priceOf(item, item.run, meter.card, usage, failed);
      return (await commit(meter.ledger, item, usage, price, meter.deadlines.commitMs)) >= ZERO;
    } catch {
      return false;
    }
  }
}
