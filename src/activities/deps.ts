import { type BlockCatalog } from '../contracts/blocks';
import { type Instant } from '../contracts/time';
import { type Operation, type ResultOf } from '../ledger/core/operations';
import { type Run } from '../ledger/core/types';
import { type Outbox } from '../ledger';
import { type Pricing } from '../pricing';
import { type BlockRegistry } from './blocks';
import { type Webhook } from './webhook';
import { type WorkflowMetering } from './workflow-admission';

/** The one thing activities do to the ledger. `Ledger` of `ledger/` is one. */
export interface Submitter {
  /** Carries out one operation; a refusal is an answer. */
  submit<O extends Operation>(operation: O, options?: { readonly timeoutMs?: number }): Promise<ResultOf<O>>;
}

export type OpenRun = Pick<
  Run,
  'runId' | 'workflowId' | 'executionId' | 'status' | 'rateCard' | 'context' | 'flowHash'
> & { readonly team: string };

export type UntoldRun = Pick<Run, 'runId' | 'workflowId' | 'status' | 'closeReason'>;

/** What activities read. `LedgerReader` of `ledger/read` is one. */
export interface ActivityReader {
  /** A run by the ledger's id; null for one the ledger does not know. */
  run(team: string, runId: string): Promise<Pick<Run, 'rateCard' | 'wouldHaveWaited'> | null>;
  /** The ledger's time. */
  now(): Promise<Instant>;
  /** Teams whose period has ended by a moment, those that ended first; `next` is where the following page goes on. */
  dueTeams(page: {
    readonly after: string | null;
    readonly limit: number;
    readonly until: Instant;
  }): Promise<{ readonly teams: readonly string[]; readonly next: string | null }>;
  /** Runs that wait or hold and that asked at least so long ago by the ledger's time, by run id. */
  openRuns(page: {
    readonly after: string | null;
    readonly limit: number;
    readonly olderThanMs: number;
  }): Promise<readonly OpenRun[]>;
  /** Runs of a team that were admitted from the line, or put out of it, and not told; in the line's order. */
  untold(team: string, limit: number): Promise<readonly UntoldRun[]>;
  /** Teams with a wake row, or with runs that were admitted from the line and not told, by id. */
  teamsToWake(page: { readonly after: string | null; readonly limit: number }): Promise<readonly string[]>;
}

/** How long a run in flight waits for the ledger before it goes on without. Milliseconds. */
export interface Deadlines {
  /** Before a block: then it executes unreserved. */
  readonly reserveMs: number;
  /** After a block: then its usage travels with the result. */
  readonly commitMs: number;
  /** Instead of these two in a local activity: it holds a slot of workflow tasks while it waits. */
  readonly localMs: number;
  /** Admission and close, per attempt; below the 2 s of their local activity. */
  readonly admitMs: number;
}

export const DEADLINES: Deadlines = { reserveMs: 2_000, commitMs: 2_000, localMs: 500, admitMs: 1_500 };

/** What every worker's activities need that meters anything: ours, and one with the plugin. */
export interface MeteringDeps {
  readonly ledger: Submitter;
  readonly reader: ActivityReader;
  readonly pricing: Pricing;
  readonly deadlines: Deadlines;
  /** True where our search attributes are registered. */
  readonly searchAttributes: boolean;
}

/** What the plugin's activities need, on a platform's own worker. */
export interface WorkflowDeps extends MeteringDeps {
  readonly workflows: WorkflowMetering;
}

/** What the delivery of events needs. */
export interface EventDeps {
  readonly outbox: Pick<Outbox, 'due' | 'nextDueInMs' | 'delivered' | 'failed' | 'keep' | 'retry' | 'prune'>;
  /** Null: nothing is delivered. */
  readonly webhook: Webhook | null;
  /** Events that are done with are deleted after so many days. */
  readonly keepDays: number;
  /** Starts delivery, or tells the one that runs that there are events. */
  readonly wake: () => Promise<void>;
}

/** What our own worker's activities need. */
export interface ActivityDeps extends MeteringDeps {
  readonly executors: BlockRegistry;
  /** The block types there are, for validation. */
  readonly blocks: BlockCatalog;
  /** Tells `team-billing.<team>` that something may be released. */
  readonly wake: (team: string) => Promise<void>;
  readonly events: EventDeps;
}
