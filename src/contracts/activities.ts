import { type AgentActivities } from './agent';
import { type RunContext } from './context';
import {
  type DeliverEventsPage,
  type DeliverEventsPageAnswer,
  type RetryEvents,
  type RetryEventsAnswer,
  type TendEventsAnswer,
} from './events';
import { type Block } from './flow';
import { type Json } from './json';
import { type BlockDefaults } from './own-blocks';
import { type AdmissionAnswer } from './run';
import { type MillicreditsText } from './millicredits';
import { type TeamCommandAnswers, type TeamCommandName } from './team';
import { type Usage } from './usage';

/**
 * What workflows and our activities say to each other. Histories hold these values: changing one breaks open runs.
 * Types only, so that workflows may import them.
 */

/** What a run pinned when it was admitted; travels with each of its blocks. */
export interface MeteredRun {
  readonly team: string;
  readonly runId: string;
  readonly rateCard: string;
  readonly context: RunContext;
  /** A flow run may have a price of its own; an ordinary workflow has none. */
  readonly kind: 'flow' | 'workflow';
}

/** `flowRun` asks for itself: the input is parsed and validated here, at the door. */
export interface AdmitFlow {
  readonly workflowId: string;
  readonly executionId: string;
  readonly input: unknown;
}

/**
 * The plugin's interceptor asks for an ordinary workflow. Where the team stands at a place of its start the bundle has
 * found it and sends nothing else; where the worker has code for it, that gets what the start says.
 */
export interface AdmitWorkflow {
  readonly workflowId: string;
  readonly executionId: string;
  readonly workflowType: string;
  readonly args: readonly unknown[];
  readonly memo: Readonly<Record<string, unknown>>;
  /** The start's headers as far as they are JSON. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Left out by bundles from before it could be asked for. */
  readonly searchAttributes?: Readonly<Record<string, unknown>>;
  /** As it was found; whether it is a team's id is for the activity to say. */
  readonly team?: unknown;
}

/** `run` is null where nothing is metered: mode `off`, or a workflow that belongs to no team. */
export interface Admission {
  readonly answer: AdmissionAnswer;
  readonly run: MeteredRun | null;
  /** True where our search attributes are registered: a run may set them. */
  readonly searchAttributes: boolean;
  readonly longestWaitSeconds?: number;
  /** What a platform's own block types say of their attempts where the flow does not; by type. */
  readonly blockDefaults?: BlockDefaults;
}

export type LeaveReason = 'cancelled' | 'discarded' | 'timed-out';

/** What became of a run that wanted to leave the line: it left, or it had been admitted in the meantime. */
export interface LeaveAnswer {
  readonly status: 'left' | 'admitted';
}

/** Usage that could not be committed where it arose. It is priced again, by the pinned card, when it is. */
export interface UncommittedUsage {
  readonly key: string;
  readonly type: string;
  readonly usage: Usage;
  /** Which rows of the card price it. */
  readonly rows: 'blocks' | 'activities';
  /** A failed block is charged for what it demonstrably used, never its fixed price. */
  readonly failed: boolean;
}

/** `charged` is null while the usage is still to be committed. */
export interface Settlement {
  readonly charged: MillicreditsText | null;
  readonly uncommitted?: UncommittedUsage;
}

export interface LeaveRequest {
  readonly run: MeteredRun;
  readonly reason: LeaveReason;
}

export interface CommitRequest {
  readonly run: MeteredRun;
  readonly used: UncommittedUsage;
}

export interface CloseRequest {
  readonly run: MeteredRun;
  /** `completed`, `failed`, `cancelled`. */
  readonly reason: string;
}

export interface CloseAnswer {
  readonly charged: MillicreditsText;
}

/** One block of a flow. `run` is null where nothing is metered. */
export interface ExecuteBlock {
  readonly run: MeteredRun | null;
  /** The block's whole path. */
  readonly key: string;
  readonly block: Block;
  readonly inputs: Readonly<Record<string, Json>>;
  /** What the block may see of its run. */
  readonly about: {
    readonly id: string;
    readonly team: string;
    readonly flow: string;
    readonly trigger: string;
    readonly location: string;
  };
}

/** What a block delivered, and what it was charged. */
export interface ExecutedBlock {
  readonly port?: string;
  readonly value?: Json;
  readonly settlement?: Settlement;
}

/** What sets a block's likely charge aside where the block itself executes without a ledger. */
export interface ReserveBlock {
  readonly run: MeteredRun;
  readonly key: string;
  readonly block: Block;
}

/** The same for an ordinary workflow's activity that is executed where no ledger is. */
export interface ReserveActivity {
  readonly run: MeteredRun;
  readonly key: string;
  readonly activityType: string;
  /** On behalf of a child workflow, which may outlive the run. */
  readonly child: boolean;
}

export interface ReservedBlock {
  /** Something was set aside for the block, or may have been. */
  readonly reserved: boolean;
}

/** A block for a team's private runner, which meters nothing. */
export type RunBlock = Omit<ExecuteBlock, 'run'>;

/** What it delivered, and what the runner says that it used. */
export interface RanBlock {
  readonly port?: string;
  readonly value?: Json;
  readonly usage?: Usage;
}

/** `details[0]` of `BlockFailed`. */
export interface BlockFailureDetail {
  readonly key: string;
  readonly type: string;
  /** What went wrong, as the `error` port gets it: `HttpTimeout`. */
  readonly cause: string;
  readonly message: string;
  readonly settlement?: Settlement;
  /** What it used all the same; only a private runner says so, which cannot charge it. */
  readonly usage?: Usage;
}

export interface ReleasePage {
  readonly team: string;
  readonly most: number;
  /** So many may be unheard of at a time, each for so long. */
  readonly window: { readonly size: number; readonly patienceMs: number };
  readonly signalsAtOnce: number;
}

export interface ReleasePageAnswer {
  readonly told: number;
  /** Runs whose workflow is gone: they gave their place up. */
  readonly gone: number;
  readonly stillWaiting: number;
  readonly more: boolean;
  /** No more until some of those told are heard of. Left out by workers from before there was a window. */
  readonly windowFull?: boolean;
}

export interface TeamCommandRequest {
  readonly team: string;
  readonly command: TeamCommandName;
  readonly payload: unknown;
}

export type TeamCommandAnswer = TeamCommandAnswers[TeamCommandName];

/** Some of the teams whose period has ended. */
export interface ResetPage {
  /** What the answer before this one said; null at first. */
  readonly after: string | null;
  readonly limit: number;
  /** Periods that end by then, in the ledger's time. Null at first: by now. */
  readonly until?: number | null;
}

export interface ResetPageAnswer {
  readonly teams: number;
  readonly periodsClosed: number;
  /** Where the next page goes on; null: there is none. */
  readonly after: string | null;
  readonly until?: number;
  readonly failed?: number;
  /** The first of those that failed. */
  readonly faults?: readonly ResetFault[];
}

/** A team that could not be rolled over, for a reason of its own. */
export interface ResetFault {
  readonly team: string;
  readonly message: string;
}

export interface ReconcilePage {
  readonly after: string | null;
  readonly limit: number;
  /** Runs that asked later than this long ago are left alone. */
  readonly graceMs: number;
}

export interface ReconcilePageAnswer {
  readonly seen: number;
  readonly closed: readonly { readonly runId: string; readonly status: string }[];
  /** Have ended, and could not be closed for a reason of their own. Left out by workers that failed with the first. */
  readonly failed?: number;
  readonly after: string | null;
}

export interface WakePage {
  /** The last team of the page before; null at first. */
  readonly after: string | null;
}

/** What a visit to the line, the wake rows and the untold runs found to do. */
export interface WakePageAnswer {
  readonly woken: number;
  /** Left out by workers that went through all teams at once. */
  readonly after?: string | null;
}

/** Our activities by their names, without the prefix. */
export interface FlowCreditsActivities extends AgentActivities {
  admitFlow(request: AdmitFlow): Promise<Admission>;
  admitWorkflow(request: AdmitWorkflow): Promise<Admission>;
  leave(request: LeaveRequest): Promise<LeaveAnswer>;
  executeBlock(request: ExecuteBlock): Promise<ExecutedBlock>;
  reserve(request: ReserveBlock): Promise<ReservedBlock>;
  reserveActivity(request: ReserveActivity): Promise<ReservedBlock>;
  /** On a private runner alone. */
  runBlock(request: RunBlock): Promise<RanBlock>;
  commit(request: CommitRequest): Promise<{ charged: MillicreditsText }>;
  close(request: CloseRequest): Promise<CloseAnswer>;
  teamCommand(request: TeamCommandRequest): Promise<TeamCommandAnswer>;
  releasePage(request: ReleasePage): Promise<ReleasePageAnswer>;
  resetPage(request: ResetPage): Promise<ResetPageAnswer>;
  reconcilePage(request: ReconcilePage): Promise<ReconcilePageAnswer>;
  wakeTeams(page?: WakePage): Promise<WakePageAnswer>;
  deliverEventsPage(request: DeliverEventsPage): Promise<DeliverEventsPageAnswer>;
  retryEvents(request: RetryEvents): Promise<RetryEventsAnswer>;
  tendEvents(): Promise<TendEventsAnswer>;
}
