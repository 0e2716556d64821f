import { z } from 'zod';
import { triggerSchema, locationSchema, type RunContext } from './context';
import { flowSchema, jsonSchema, type Fault } from './flow';
import { type MillicreditsText } from './millicredits';
import { type Json } from './json';

export const meteringModeSchema = z.enum(['enforce', 'observe', 'off']);
/** `observe` meters and holds nobody back; `off` touches no ledger at all. */
export type MeteringMode = z.infer<typeof meteringModeSchema>;

export const teamIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,128}$/, 'must be 1 to 128 letters, digits, "_", ".", ":" or "-"');

/** Ten years. More would be no time that anybody keeps, and in milliseconds no whole number. */
export const LONGEST_WAIT_SECONDS = 315_360_000;

const wholeMillicredits = z.string().regex(/^\d+$/, 'must be a whole number of millicredits in text');

/** The argument of the workflow `flowRun`. */
export const flowRunInputSchema = z.strictObject({
  team: teamIdSchema,
  flow: flowSchema,
  /** The flows that `flow` blocks call by name, `{"ref": name}`; pinned with the flow. */
  flows: z.record(z.string(), flowSchema).optional(),
  trigger: triggerSchema,
  /** Left out: manual runs are local unless `cloudRun`, automated runs are cloud runs. */
  location: locationSchema.optional(),
  cloudRun: z.boolean().optional(),
  /** Delivered to the flow's start block. */
  input: jsonSchema.optional(),
  /** The most this run may be charged, in millicredits: the one thing that stops an admitted run. */
  creditLimit: wholeMillicredits.optional(),
  /** After this many seconds in the line the run gives up. Left out: it waits for as long as it takes. */
  longestWaitSeconds: z.int().positive().max(LONGEST_WAIT_SECONDS).optional(),
  mode: meteringModeSchema.optional(),
  /** A flow with loops continues as new after so many blocks, to keep its history short. Default 1,000. */
  blocksPerExecution: z.int().min(10).max(5000).optional(),
});
/** What a flow run is started with: the team, the flow, its input, and what called for it. */
export type FlowRunInput = z.input<typeof flowRunInputSchema>;

/** Why a run waits: everything is spent, or what is left is held by other runs (or owed to runs before it). */
export type WaitReason = 'spent' | 'held';

/** Why a run may not start, ever. */
export type RejectReason =
  | 'unknown-team'
  | 'team-suspended'
  | 'team-closed'
  | 'no-rate-card'
  | 'not-on-plan'
  /** The team's backlog rule: its runs of this trigger do not wait, or as many wait as may. */
  | 'no-credits'
  | 'line-full'
  | 'invalid-flow';

/** The answer of admission. `place` counts from 1. `nextReset` is ISO 8601 in UTC. */
export type AdmissionAnswer =
  | {
      readonly status: 'admitted';
      readonly rateCard: string;
      readonly held: MillicreditsText;
      readonly wouldHaveWaited: boolean;
    }
  | {
      readonly status: 'waiting';
      readonly rateCard: string;
      readonly place: number;
      readonly reason: WaitReason;
      readonly nextReset: string;
    }
  | {
      readonly status: 'rejected';
      readonly reason: RejectReason;
      readonly message: string;
      readonly faults?: readonly Fault[];
    };

/** The answer of the update `admission`: with the ledger's id of the run. */
export type AdmissionReply = AdmissionAnswer & { readonly runId: string };

/** The answer of the query `flowCredits.run`: an ordinary workflow under the meter. Workflow state only. */
export interface OrdinaryRunView {
  /** The ledger's. A child that spends on its parent's has that one's. */
  readonly runId: string;
  /** Null until the ledger has answered, and where nothing is metered. */
  readonly team: string | null;
  readonly phase: 'starting' | 'waiting' | 'open' | 'closed';
  readonly admission: AdmissionAnswer | null;
}

/** Where a run is. */
export type RunStatus =
  'starting' | 'waiting' | 'running' | 'completed' | 'failed' | 'discarded' | 'rejected';

/** The answer of the query `run`. Workflow state only: the present place in line comes from the ledger. */
export interface RunView {
  readonly runId: string;
  readonly team: string;
  readonly flow: string;
  readonly status: RunStatus;
  /** Where its blocks execute. */
  readonly location: RunContext['location'];
  readonly admission: AdmissionAnswer | null;
  readonly waitingSince: string | null;
  readonly charged: MillicreditsText;
  /** The latest charges, at most 1,000; `charged` is the sum of all. The ledger has every one. */
  readonly charges: readonly { readonly key: string; readonly millicredits: MillicreditsText }[];
  readonly blocks: Readonly<Record<string, 'pending' | 'running' | 'done' | 'skipped' | 'failed'>>;
}

/** The result of a flow run. */
export interface FlowRunResult {
  readonly runId: string;
  readonly outputs: Readonly<Record<string, Json>>;
  readonly charged: MillicreditsText;
}
