import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { runPriority } from '../contracts/priority';
import { RUN, runIdOf, TASK_QUEUE, TEAM, WORKFLOWS } from '../contracts/names';
import {
  type AdmissionAnswer,
  type AdmissionReply,
  type FlowRunInput,
  type FlowRunResult,
  type RunView,
} from '../contracts/run';
import {
  upsertTeamSchema,
  type AddCredits,
  type AdjustCredits,
  type ChangePlan,
  type DiscardWaiting,
  type ReverseCharge,
  type ReverseRun,
  type SetPayAsYouGo,
  type SetTeamStatus,
  type TeamBillingInput,
  type TeamCommandAnswers,
  type UpsertTeamInput,
  type VoidPack,
} from '../contracts/team';
import { type RetryEvents } from '../contracts/events';
import { parseUsd } from '../contracts/money';
import { faultsOf } from '../contracts/faults';
import {
  type AuditRow,
  type GrantRow,
  type InLine,
  type LedgerReader,
  type PaygPreview,
  type StoredEvent,
  type TeamOverview,
  type UsageReport,
  type UsageRequest,
} from '../ledger/read';
import { cancelExecution, type CancelledBy, type RunExecution } from './cancel';
import { retryEvents } from './events';
import { needsRunner, runnerState, type RunnerState } from './private-runner';
import { startOnce, type StartedOnce, type StartOnce } from './start-once';
import { commandTeam, wakeTeam } from './team-billing';

/** What {@link FlowCreditsClient} takes. */
export interface FlowCreditsClientOptions {
  readonly client: Client;
  /** Reads of the ledger: the present place in line, overviews, statements. Left out: those throw. */
  readonly reader?: LedgerReader;
  /** Default `flow-credits`. */
  readonly taskQueue?: string;
  /** How the keepers of teams are started. */
  readonly teamBilling?: Omit<TeamBillingInput, 'team'>;
}

/** A run to start. */
export interface StartRun extends FlowRunInput {
  /** Left out: a fresh one. A second start of a running id is refused by Temporal. */
  readonly workflowId?: string;
  /** `admission`: the ledger's answer comes with the start, in one round trip. */
  readonly wait?: 'admission';
}

/** A run that was started, and the ledger's answer where it was asked for. */
export interface StartedRun {
  readonly workflowId: string;
  /** The ledger's id of the run. */
  readonly runId: string;
  /** With `wait: 'admission'` only. */
  readonly admission: AdmissionAnswer | null;
  /** Waits for the run's end. Throws `WorkflowFailedError` with one of our failure types as its cause. */
  result(): Promise<FlowRunResult>;
}

/** A command without what the client fills in. */
export type Without<T> = Omit<T, 'requestId' | 'actor'> & {
  readonly requestId?: string;
  readonly actor: string;
};

/** The view of a run with its present place in line, where a reader is there to tell. */
export interface RunViewWithPlace extends RunView {
  readonly place: number | null;
  /** Of a run under way on a private runner: where its blocks wait, and whether anybody executes them. */
  readonly runner: RunnerState | null;
}

/**
 * What a platform calls: starts runs, tells teams' keepers, reads what was used. Business refusals are answers; a
 * Temporal or a Postgres that does not answer is thrown. Needs no write access to the ledger.
 */
export class FlowCreditsClient {
  private readonly client: Client;
  private readonly taskQueue: string;

  constructor(private readonly options: FlowCreditsClientOptions) {
    this.client = options.client;
    this.taskQueue = options.taskQueue ?? TASK_QUEUE;
  }

  /** Calls Temporal, and no longer than so many milliseconds: what comes later is thrown as its deadline. */
  within<T>(milliseconds: number, call: () => Promise<T>): Promise<T> {
    return this.client.withDeadline(Date.now() + milliseconds, call);
  }

  /** Starts a run of a flow. What is wrong with the flow is the answer `rejected`, and the run's failure. */
  async startRun({ workflowId = `flow-run-${randomUUID()}`, wait, ...input }: StartRun): Promise<StartedRun> {
    const start = {
      workflowId,
      taskQueue: this.taskQueue,
      args: [input] as [FlowRunInput],
      priority: runPriority(input.team),
    };
    if (wait === undefined) {
      const handle = await this.client.workflow.start<FlowRunWorkflow>(WORKFLOWS.flowRun, start);
      return {
        workflowId,
        runId: runIdOf(workflowId, handle.firstExecutionRunId),
        admission: null,
        result: () => handle.result(),
      };
    }
    const operation = new WithStartWorkflowOperation<FlowRunWorkflow>(WORKFLOWS.flowRun, {
      ...start,
      workflowIdConflictPolicy: 'FAIL',
    });
    const { runId, ...admission } = await this.client.workflow.executeUpdateWithStart<
      FlowRunWorkflow,
      AdmissionReply,
      []
    >(RUN.admission, { args: [], startWorkflowOperation: operation });
    const handle = await operation.workflowHandle();
    return { workflowId, runId, admission, result: () => handle.result() };
  }

  /**
   * Starts a run once per request id, and gives the ledger's answer: to a repeated call the first one's, whatever has
   * become of the run. Needs a reader.
   */
  startRunOnce(input: FlowRunInput, by: StartOnce): Promise<StartedOnce> {
    const reader = this.reader();
    return startOnce(
      this.client,
      this.taskQueue,
      input,
      by,
      async (workflowId) => (await reader.findRun(input.team, workflowId)) !== null,
    );
  }

  /** State, charges so far, why it waits, and its present place in the line. */
  async run(workflowId: string): Promise<RunViewWithPlace> {
    const view = await this.client.workflow.getHandle(workflowId).query<RunView>(RUN.view);
    const { reader } = this.options;
    const waits = view.status === 'waiting' && reader !== undefined;
    const isPrivate = needsRunner({ location: view.location, underWay: view.status === 'running' });
    return {
      ...view,
      place: waits ? await reader.place(view.team, view.runId) : null,
      runner: isPrivate ? await this.runner(view.team) : null,
    };
  }

  /** The team's private runner: its task queue, and whether somebody polls it. */
  runner(team: string): Promise<RunnerState> {
    return runnerState(this.client, team, this.taskQueue);
  }

  /** Takes a waiting run out of the line. A run that was admitted in the meantime goes on. */
  async discardRun(run: { workflowId: string; runId: string }, actor: string, reason: string): Promise<void> {
    const { workflowId, runId } = run;
    await this.client.workflow.getHandle(workflowId).signal(RUN.discard, { runId, actor, reason });
  }

  /** Cancels a run, waiting or not: what it used is charged, what it held goes back. */
  async cancelRun(workflowId: string): Promise<void> {
    await this.client.workflow.getHandle(workflowId).cancel();
  }

  /** The same of the very run that the ledger knows, with who did it in its history. Safe to repeat. */
  cancelExecution(run: RunExecution, by: CancelledBy): Promise<void> {
    return cancelExecution(this.client, run, by);
  }

  /** Creates a team or brings its settings up to date. Safe to repeat. Throws a `TypeError` that names what is wrong with them. */
  async upsertTeam(team: string, settings: UpsertTeamInput): Promise<TeamCommandAnswers['upsertTeam']> {
    const parsed = upsertTeamSchema.safeParse(settings);
    if (!parsed.success) {
      const faults = faultsOf(parsed.error, settings).map(
        ({ path, message }) => `${path || 'settings'} ${message}`,
      );
      throw new TypeError(`team "${team}": ${faults.join('; ')}`);
    }
    return this.command(team, TEAM.upsertTeam, identified(parsed.data));
  }

  /** Turning it on takes a cap in dollars or an explicit `uncapped`. Waiting runs are released. */
  setPayAsYouGo(team: string, command: Without<SetPayAsYouGo>): Promise<TeamCommandAnswers['setPayAsYouGo']> {
    return this.command(team, TEAM.setPayAsYouGo, identified(command));
  }

  /** An upgrade counts at once and lets waiting runs go; a downgrade counts at the next reset. */
  changePlan(team: string, command: Without<ChangePlan>): Promise<TeamCommandAnswers['changePlan']> {
    return this.command(team, TEAM.changePlan, identified(command));
  }

  /** Buys a pack of credits. */
  addCredits(team: string, command: Without<AddCredits>): Promise<TeamCommandAnswers['addCredits']> {
    return this.command(team, TEAM.addCredits, identified(command));
  }

  /** Takes back a pack of which nothing was used. */
  voidPack(team: string, command: Without<VoidPack>): Promise<TeamCommandAnswers['voidPack']> {
    return this.command(team, TEAM.voidPack, identified(command));
  }

  /** Gives credits, or with a negative amount withdraws what is available. */
  adjustCredits(team: string, command: Without<AdjustCredits>): Promise<TeamCommandAnswers['adjustCredits']> {
    return this.command(team, TEAM.adjustCredits, identified(command));
  }

  /** Reverses one charge of a run, or one line of it. */
  reverseCharge(team: string, command: Without<ReverseCharge>): Promise<TeamCommandAnswers['reverseCharge']> {
    return this.command(team, TEAM.reverseCharge, identified(command));
  }

  /** Reverses what is left of every charge of a run. */
  reverseRun(team: string, command: Without<ReverseRun>): Promise<TeamCommandAnswers['reverseRun']> {
    return this.command(team, TEAM.reverseRun, identified(command));
  }

  /** Puts waiting runs out of the line: all conditions hold, those left out hold for any. */
  discardWaiting(
    team: string,
    command: Without<DiscardWaiting>,
  ): Promise<TeamCommandAnswers['discardWaiting']> {
    return this.command(team, TEAM.discardWaiting, identified(command));
  }

  /** Suspends a team (nothing new starts), sets it active again, or closes it for good. */
  setTeamStatus(team: string, command: Without<SetTeamStatus>): Promise<TeamCommandAnswers['setTeamStatus']> {
    return this.command(team, TEAM.setStatus, identified(command));
  }

  /** Has the team's keeper look after its line. */
  wake(team: string): Promise<void> {
    return wakeTeam(this.client, team, this.billing());
  }

  /** What a team has, used and may still use; null for an unknown one. */
  team(team: string): Promise<TeamOverview | null> {
    return this.reader().team(team);
  }

  /**
   * What turning pay-as-you-go on would do: who waits, for how much, in money; whether the team may have it; and, where
   * a cap or `uncapped` is told, who would go at once. Null for an unknown team. Throws `RangeError` on a cap that is
   * no amount in dollars.
   */
  previewPayAsYouGo(
    team: string,
    asked: { readonly capUsd?: string; readonly uncapped?: true } = {},
  ): Promise<PaygPreview | null> {
    const { capUsd, uncapped } = asked;
    if (capUsd !== undefined) return this.reader().previewPayg(team, parseUsd(capUsd));
    return this.reader().previewPayg(team, uncapped === true ? null : undefined);
  }

  /** Who waits, in order: since when, for how much, why, and when each goes if nothing changes. `after` so many. */
  line(team: string, { after = 0, limit = 100 } = {}): Promise<readonly InLine[]> {
    return this.reader().line(team, { after, limit });
  }

  /** The statements of a team's closed periods. */
  statements(team: string): ReturnType<LedgerReader['statements']> {
    return this.reader().statements(team);
  }

  /** What was charged less what was reversed of it, by day, flow, type or run. Null for an unknown team. */
  usage(team: string, request: UsageRequest): Promise<UsageReport | null> {
    return this.reader().usage(team, request);
  }

  /** Packs that were bought, newest first: granted, used, held, left, what was paid, and until when they last. */
  packs(team: string): Promise<readonly GrantRow[]> {
    return this.reader().grants(team, 'purchased');
  }

  /** Credits given beside plan and packs, newest first. */
  adjustments(team: string): Promise<readonly GrantRow[]> {
    return this.reader().grants(team, 'adjustment');
  }

  /** What somebody did to the team, by name, newest first; `before` an entry of the page before. */
  audit(
    team: string,
    { before, limit = 100 }: { before?: number; limit?: number } = {},
  ): Promise<readonly AuditRow[]> {
    return this.reader().audit(team, { limit, ...(before === undefined ? {} : { before }) });
  }

  /** The feed: events of a team after one of them, in order. */
  events(team: string, { after = 0, limit = 100 } = {}): Promise<readonly StoredEvent[]> {
    return this.reader().events(team, { after, limit });
  }

  /** Has dead events delivered again: all, those of a team, or one. */
  retryEvents(which: RetryEvents = {}): Promise<void> {
    return retryEvents(this.client, which, { taskQueue: this.taskQueue });
  }

  private command<Name extends keyof TeamCommandAnswers>(
    team: string,
    name: Name,
    payload: Parameters<typeof commandTeam<Name>>[3],
  ): Promise<TeamCommandAnswers[Name]> {
    return commandTeam(this.client, team, name, payload, this.billing());
  }

  private billing(): Omit<TeamBillingInput, 'team'> & { taskQueue: string } {
    return { taskQueue: this.taskQueue, ...this.options.teamBilling };
  }

  private reader(): LedgerReader {
    const { reader } = this.options;
    if (reader === undefined) {
      throw new TypeError('FlowCreditsClient has no reader: pass {reader: openReader(databaseUrl, rules)}');
    }
    return reader;
  }
}

type FlowRunWorkflow = (input: FlowRunInput) => Promise<FlowRunResult>;

/** A caller that brings no request id cannot repeat its command safely: each call is one of its own. */
function identified<T extends { readonly requestId?: string | undefined }>(
  command: T,
): T & { requestId: string } {
  return { ...command, requestId: command.requestId ?? randomUUID() };
}
