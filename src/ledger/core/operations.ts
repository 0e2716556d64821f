import { type RunContext, type Trigger } from '../../contracts/context';
import { type Json } from '../../contracts/json';
import { type Millicredits } from '../../contracts/millicredits';
import { type MicroUsd, type PaygRate } from '../../contracts/money';
import { type Instant, type LocalDateTimeText } from '../../contracts/time';
import {
  type AlertSettings,
  type Backlog,
  type ChargeDetail,
  type OverdraftPolicy,
  type Paid,
  type Part,
  type TeamStatus,
} from './types';

interface ForTeam {
  readonly team: string;
}

interface ForRun extends ForTeam {
  readonly runId: string;
}

/** A command of an operator: done once per request id, audited. */
interface Command extends ForTeam {
  readonly requestId: string;
  readonly actor: string;
}

/** What a run would need under one rate card. The core takes the card in force at the ledger's time. */
export interface Quote {
  readonly rateCard: string;
  readonly inForceFrom: Instant;
  readonly requiresCredits: boolean;
  readonly least: Millicredits;
  readonly likely: Millicredits;
}

export interface UpsertTeam extends ForTeam {
  readonly kind: 'upsertTeam';
  readonly plan: string;
  readonly anchor: LocalDateTimeText;
  readonly timeZone: string;
  /** An adjustment granted when the team is first seen, which lasts until the first period's end. */
  readonly openingBalance?: Millicredits;
  readonly overdraftPolicy?: OverdraftPolicy;
  readonly customIncluded?: Millicredits | null;
  readonly runLimit?: Millicredits | null;
  readonly paygRate?: PaygRate | null;
  readonly backlog?: Backlog;
  readonly alerts?: AlertSettings;
  /** For the audit. */
  readonly actor?: string;
  /** With one it is done once, as a command is. Left out: idempotent by itself. */
  readonly requestId?: string;
}

export interface Admit extends ForRun {
  readonly kind: 'admit';
  readonly workflowId: string;
  readonly executionId: string;
  readonly flow: string;
  readonly flowHash: string;
  readonly context: RunContext;
  readonly mode: 'enforce' | 'observe';
  /** Oldest first; at least one. */
  readonly quotes: readonly Quote[];
  readonly limit: Millicredits | null;
}

/** Takes a waiting run out of the line; answers `admitted` if it was admitted in the meantime. */
export interface Leave extends ForRun {
  readonly kind: 'leave';
  readonly reason: 'cancelled' | 'discarded' | 'timed-out' | 'gone';
}

export interface Reserve extends ForRun {
  readonly kind: 'reserve';
  readonly key: string;
  readonly amount: Millicredits;
  /** False: a run that was closed stays so, for a child that outlives it. Left out: reopened, for one that was reset. */
  readonly reopens?: false;
}

export interface Commit extends ForRun {
  readonly kind: 'commit';
  readonly key: string;
  readonly amount: Millicredits;
  readonly detail: ChargeDetail;
  /** Reserves as well, if nothing is reserved: refused where the run's limit is reached. For what is pure and has run. */
  readonly atOnce?: true;
}

/** Gives a reservation back uncharged: the block failed and used nothing. */
export interface Unreserve extends ForRun {
  readonly kind: 'unreserve';
  readonly key: string;
}

export interface Close extends ForRun {
  readonly kind: 'close';
  readonly reason: string;
}

/** Admits waiting runs in order while something is spendable and the window has room. */
export interface Release extends ForTeam {
  readonly kind: 'release';
  readonly most: number;
  /** Left out: as many as may go. */
  readonly window?: ReleaseWindow;
}

export interface ReleaseWindow {
  /** So many runs that were admitted from the line may be unheard of at a time. */
  readonly size: number;
  /** One that was admitted so long ago counts no more: it may have nothing to tell. */
  readonly patienceMs: number;
}

export interface Told extends ForTeam {
  readonly kind: 'told';
  readonly runIds: readonly string[];
}

/** Rolls the team over to the ledger's time and does nothing else. */
export interface Touch extends ForTeam {
  readonly kind: 'touch';
}

export interface SetPayg extends Command {
  readonly kind: 'setPayg';
  readonly enabled: boolean;
  /** Null with `enabled` is an explicit "uncapped". */
  readonly cap: MicroUsd | null;
}

export interface ChangePlan extends Command {
  readonly kind: 'changePlan';
  readonly plan: string;
}

/** Buys a pack. */
export interface AddCredits extends Command {
  readonly kind: 'addCredits';
  readonly amount: Millicredits;
  readonly expiresAt: Instant | null;
  readonly note: string | null;
  readonly paid?: Paid;
}

/** Takes back a pack of which nothing was used. */
export interface VoidPack extends Command {
  readonly kind: 'voidPack';
  readonly grant: number;
  readonly reason: string;
}

/** Positive: a grant that lasts until `expiresAt`, by default the period's end. Negative: withdraws available credits. */
export interface AdjustCredits extends Command {
  readonly kind: 'adjustCredits';
  readonly amount: Millicredits;
  readonly expiresAt?: Instant;
  readonly reason: string;
}

/** Reverses one charge, or one line of it, once. */
export interface ReverseCharge extends Command {
  readonly kind: 'reverseCharge';
  readonly runId: string;
  readonly key: string;
  /** Counted from 0; left out: all that is left of the charge. */
  readonly line?: number;
  readonly reason: string;
}

/** Reverses what is left of all charges of a run. */
export interface ReverseRun extends Command {
  readonly kind: 'reverseRun';
  readonly runId: string;
  readonly reason: string;
}

/** Puts waiting runs out of the line, the first that match. */
export interface DiscardWaiting extends Command {
  readonly kind: 'discardWaiting';
  readonly flow: string | null;
  readonly trigger: Trigger | null;
  /** Asked before this moment. */
  readonly before: Instant | null;
  readonly runIds: readonly string[] | null;
  readonly most: number;
  readonly reason: string;
}

export interface SetTeamStatus extends Command {
  readonly kind: 'setTeamStatus';
  readonly status: TeamStatus;
}

export type Operation =
  | UpsertTeam
  | Admit
  | Leave
  | Reserve
  | Commit
  | Unreserve
  | Close
  | Release
  | Told
  | Touch
  | SetPayg
  | ChangePlan
  | AddCredits
  | VoidPack
  | AdjustCredits
  | ReverseCharge
  | ReverseRun
  | DiscardWaiting
  | SetTeamStatus;

/** What is done once per request id. */
export type CommandOperation =
  Extract<Operation, { readonly requestId: string }> | (UpsertTeam & { readonly requestId: string });

/** A refusal is data: it changed nothing. `message` names the thing, the value and the way out. */
export interface Refused {
  readonly status: 'refused';
  readonly reason:
    | 'unknown-team'
    | 'unknown-run'
    | 'unknown-charge'
    | 'unknown-line'
    | 'unknown-pack'
    | 'pack-used'
    | 'no-credits'
    | 'line-full'
    | 'not-admitted'
    | 'not-metered'
    | 'limit-reached'
    | 'team-suspended'
    | 'team-closed'
    | 'no-rate-card'
    | 'unknown-plan'
    | 'not-on-plan'
    | 'below-available'
    | 'already-reversed'
    | 'request-conflict'
    | 'invalid';
  readonly message: string;
  readonly detail?: Json;
}

export interface Admitted {
  readonly status: 'admitted';
  readonly rateCard: string;
  readonly held: Millicredits;
  readonly wouldHaveWaited: boolean;
}

export interface Waiting {
  readonly status: 'waiting';
  readonly rateCard: string;
  /** Counts from 1. */
  readonly place: number;
  readonly reason: WaitReason;
  readonly nextReset: Instant;
  /** The longest its team lets a run of its trigger wait, from when it asked; null: as long as it takes. */
  readonly longestWaitMs: number | null;
}

/** Everything is spent, or what is left is held by other runs (or owed to runs before it). */
export type WaitReason = 'spent' | 'held';

export interface Results {
  upsertTeam: { readonly status: 'created' | 'updated' | 'unchanged' } | Refused;
  admit:
    Admitted | Waiting | { readonly status: 'closed' | 'left'; readonly reason: string | null } | Refused;
  leave: { readonly status: 'left' | 'closed' } | Admitted | Refused;
  reserve:
    | { readonly status: 'reserved'; readonly amount: Millicredits; readonly covered: Millicredits }
    | { readonly status: 'charged'; readonly amount: Millicredits }
    | { readonly status: 'closed' }
    | Refused;
  commit:
    | {
        readonly status: 'charged';
        readonly amount: Millicredits;
        readonly parts: readonly Part[];
        readonly late: boolean;
        readonly unreserved: boolean;
        /** The charge stood already; the amount is that of the first commit. */
        readonly repeated: boolean;
        readonly runCharged: Millicredits;
      }
    | Refused;
  unreserve: { readonly status: 'unreserved' | 'charged' | 'nothing-reserved' } | Refused;
  close:
    | { readonly status: 'closed' | 'left'; readonly charged: Millicredits; readonly released: Millicredits }
    | Refused;
  release:
    | {
        readonly status: 'released';
        readonly runs: readonly {
          readonly runId: string;
          readonly workflowId: string;
          readonly held: Millicredits;
        }[];
        readonly stillWaiting: number;
        /** More could go: call again. */
        readonly more: boolean;
        /** The window is full: nobody goes until some of those admitted are heard of. */
        readonly windowFull: boolean;
      }
    | Refused;
  told: { readonly status: 'told' } | Refused;
  touch: { readonly status: 'current'; readonly period: number; readonly periodsClosed: number } | Refused;
  setPayg:
    { readonly status: 'done'; readonly enabled: boolean; readonly stillCharged: Millicredits } | Refused;
  changePlan:
    | { readonly status: 'done'; readonly counts: 'now' | 'next-reset'; readonly granted: Millicredits }
    | Refused;
  addCredits: { readonly status: 'done'; readonly grant: number } | Refused;
  voidPack: { readonly status: 'done'; readonly amount: Millicredits } | Refused;
  adjustCredits: { readonly status: 'done'; readonly amount: Millicredits } | Refused;
  reverseCharge:
    { readonly status: 'reversed'; readonly amount: Millicredits; readonly parts: readonly Part[] } | Refused;
  reverseRun:
    { readonly status: 'reversed'; readonly amount: Millicredits; readonly charges: number } | Refused;
  discardWaiting: { readonly status: 'done'; readonly discarded: number; readonly more: boolean } | Refused;
  setTeamStatus: { readonly status: 'done' } | Refused;
}

export type ResultOf<O extends Operation> = Results[O['kind']];
export type Result = Results[keyof Results];
