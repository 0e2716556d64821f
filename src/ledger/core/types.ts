import { type ChargeLine } from '../../contracts/charge';
import { type RunContext, type Trigger } from '../../contracts/context';
import { type Json } from '../../contracts/json';
import { type Millicredits } from '../../contracts/millicredits';
import { type PaygRate } from '../../contracts/money';
import { type PlanRules } from '../../contracts/plan';
import { type Instant, type LocalDateTimeText } from '../../contracts/time';
import { type Usage } from '../../contracts/usage';
import {
  type AlertSettings,
  type Backlog,
  type OverdraftPolicy,
  type Payg,
  type Setting,
  type TeamStatus,
} from './setting-types';

export {
  type BatchOutcome,
  type Books,
  type Needs,
  type Outcome,
  type TeamChanges,
  type WaitingFilter,
} from './batch-types';
export { type EventBody, type EventKind, type LedgerEvent } from './event-types';
export {
  type AlertSettings,
  type Backlog,
  type BacklogPolicy,
  type BacklogRule,
  type OverdraftPolicy,
  type Payg,
  type Setting,
  type TeamStatus,
} from './setting-types';

/**
 * The books of a team, as the core sees them. The store loads a part of them (what a batch of operations needs), the
 * core answers with the next state; the two never share a mutable object.
 */

/** `grant` ids count from 1 within a team. */
export type Source = `grant:${number}` | 'payg' | 'overdraft';

/** A part of a hold or of a charge. Amounts are > 0. */
export interface Part {
  readonly source: Source;
  readonly amount: Millicredits;
}

/** A billing period of one team; half-open. */
export interface Period {
  /** Counts from 0 at the anchor; negative before it (a team may be created ahead of its anchor). */
  readonly index: number;
  readonly start: Instant;
  /** Exclusive. */
  readonly end: Instant;
}

/** What the core may ask of the outside. Pure. */
export interface Rules {
  /** Null for a plan nobody knows. */
  plan(plan: string, at: Instant): PlanRules | null;
}

export interface Team {
  readonly team: string;
  readonly status: TeamStatus;
  readonly plan: string;
  /** A downgrade that counts from the next reset. */
  readonly nextPlan: string | null;
  readonly anchor: LocalDateTimeText;
  readonly timeZone: string;
  /** Enterprise only: replaces the plan's included credits. */
  readonly customIncluded: Millicredits | null;
  readonly overdraftPolicy: OverdraftPolicy;
  /** The most any run of the team may be charged, null for none. */
  readonly runLimit: Millicredits | null;
  readonly payg: Payg;
  /** A contract rate; null means the plan's. */
  readonly paygRate: PaygRate | null;
  readonly backlog: Backlog;
  readonly alerts: AlertSettings;
  /** The latest ledger time this team has seen; time never runs backwards for a team. */
  readonly lastTime: Instant;

  readonly period: Period;
  /** The most included credits granted in this period, over all upgrades. */
  readonly periodIncluded: Millicredits;
  /** Sum of available and held over the team's grants when the period opened. */
  readonly periodOpening: Millicredits;
  readonly periodGranted: Millicredits;
  /** Charged to grants in this period, less what was reversed to them. May be negative. */
  readonly periodCharged: Millicredits;
  readonly periodExpired: Millicredits;
  readonly periodWithdrawn: Millicredits;
  /** PAYG charged in this period (less reversals of this period's own charges). */
  readonly paygCharged: Millicredits;
  /** PAYG headroom held by runs, also from earlier periods. */
  readonly paygHeld: Millicredits;
  /** PAYG of closed periods that was reversed in this one: a line of its own on its statement. */
  readonly paygReversed: Millicredits;
  /** Overdraft used in this period. */
  readonly overdraft: Millicredits;
  /** Overdraft carried from earlier periods and not yet repaid (`carry`). */
  readonly owed: Millicredits;
  /** Held of grants, and of PAYG headroom, when the period opened: what runs held over the boundary. */
  readonly periodHeldOver: Millicredits;
  readonly periodPaygHeldOver: Millicredits;
  /** Of credits that runs held past their expiry before this period began: charged, and given back, in it. */
  readonly heldOverCharged: Millicredits;
  readonly heldOverReturned: Millicredits;
  /** Thresholds that have fired in this period: `50`, `payg:5000000`. */
  readonly alerted: readonly string[];

  /** Runs that wait. */
  readonly waiting: number;
  /** The same by trigger; those of which none waits are left out. */
  readonly waitingBy: Readonly<Partial<Record<Trigger, number>>>;
  /** Next place in the line, next entry, next grant, next event: each counts up, none is used twice. */
  readonly nextPlace: number;
  readonly nextEntry: number;
  readonly nextGrant: number;
  readonly nextEvent: number;
  /** True iff runs wait that may go, or of a closed team that must: somebody must act. */
  readonly wake: boolean;
}

/** Where credits come from: the plan, a pack, or somebody's adjustment. */
export type GrantKind = 'included' | 'purchased' | 'adjustment';

/**
 * A source that a closed period charged after its included credits. Kept on the period's included grant from the close
 * on, so that reversals and released hold-overs of that period undo the right thing.
 */
export interface AfterClose {
  readonly source: Source;
  /** Still charged to the source by that period; 0 for overdraft that was forgiven. */
  readonly left: Millicredits;
  /** Was charged to the source, and is charged to the included grant since the period was allotted anew. */
  readonly reallotted: Millicredits;
}

/** granted = charged + held + available + expired + withdrawn, all >= 0. `available` is derived. */
export interface Grant {
  readonly id: number;
  readonly kind: GrantKind;
  /** Index of the period it was granted in. A period has at most one `included` grant; an upgrade raises it. */
  readonly period: number;
  readonly grantedAt: Instant;
  /** Null: never. From this instant on nothing of it is available; what runs hold outlives it. */
  readonly expiresAt: Instant | null;
  readonly granted: Millicredits;
  readonly charged: Millicredits;
  readonly held: Millicredits;
  readonly expired: Millicredits;
  readonly withdrawn: Millicredits;
  /** Charged in the current period: what the close may allot anew. */
  readonly chargedInPeriod: Millicredits;
  /** Empty but on the included grant of a closed period that has something to undo. */
  readonly afterClose: readonly AfterClose[];
  readonly note: string | null;
  /** What was paid for a pack. */
  readonly paid: Paid | null;
}

/** Kept as it was told, in any currency: nothing is computed with it. */
export interface Paid {
  /** A decimal in text. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
  /** An invoice's or an order's number. */
  readonly reference: string | null;
}

export type LedgerRunStatus =
  | 'waiting'
  | 'admitted'
  | 'closed'
  /** Left the line before it was admitted. */
  | 'left';

/** A run's hold is one pool; open reservations are claims on it, by block key. */
export interface Run {
  readonly runId: string;
  readonly workflowId: string;
  readonly executionId: string;
  readonly flow: string;
  readonly status: LedgerRunStatus;
  readonly mode: 'enforce' | 'observe';
  readonly context: RunContext;
  readonly rateCard: string;
  readonly flowHash: string;
  readonly requiresCredits: boolean;
  /** Least and likely estimate under the pinned card. */
  readonly least: Millicredits;
  readonly likely: Millicredits;
  /** The run's own or its team's limit when it asked; null for none. */
  readonly limit: Millicredits | null;
  readonly askedAt: Instant;
  /** Its place in the line if it ever waited; grows, is not a count. */
  readonly place: number | null;
  readonly admittedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly closeReason: string | null;
  /** Observe mode: it would have waited. */
  readonly wouldHaveWaited: boolean;
  /** Its workflow is to be told that it was admitted from the line, or that it was put out of it. */
  readonly tell: boolean;
  /** Admitted from the line, and not heard of since: it counts to the window of releases. */
  readonly starting: boolean;
  readonly holds: readonly Part[];
  readonly reservations: Readonly<Record<string, Millicredits>>;
  readonly charged: Millicredits;
}

export type EntryKind =
  | 'grant'
  | 'hold'
  | 'release'
  | 'charge'
  | 'reversal'
  | 'expire'
  | 'withdraw'
  | 'reallot'
  | 'close-period'
  | 'open-period'
  | 'repay'
  | 'discard'
  | 'setting';

/**
 * Balances that entries move. `grant:N.available` is not listed: it follows from the others.
 * PAYG charged, reversed and overdraft count per period (that of the entry), the rest over all time.
 */
export type Account =
  | `grant:${number}.${'granted' | 'charged' | 'held' | 'expired' | 'withdrawn'}`
  | 'payg.charged'
  | 'payg.held'
  | 'payg.reversed'
  | 'overdraft'
  | 'owed';

export interface Move {
  readonly account: Account;
  readonly delta: Millicredits;
}

/** What a charge was for; stored with it, never interpreted by the core. */
export interface ChargeDetail {
  /** Block or activity type. */
  readonly type: string;
  readonly lines: readonly ChargeLine[];
  readonly usage: Usage;
  /** It failed: charged for what it demonstrably used, never its fixed price. Left out by who knew nothing of it. */
  readonly failed?: true;
}

/** Append-only. The moves of a team's entries, folded, give every balance. */
export interface Entry {
  readonly seq: number;
  readonly at: Instant;
  readonly period: number;
  readonly kind: EntryKind;
  readonly runId: string | null;
  /** The block's key: of a charge, of what was held for it and came back, of what is reversed of it. */
  readonly key: string | null;
  /** Charge and reversal: the total; else the sum the entry is about. */
  readonly amount: Millicredits;
  /** Charge and reversal: where it came from or went back to; sums to amount. */
  readonly parts: readonly Part[];
  readonly moves: readonly Move[];
  readonly detail: ChargeDetail | null;
  /** A charge after its run was closed. */
  readonly late: boolean;
  /** A charge without a reservation. */
  readonly unreserved: boolean;
  /** Reversal: the entry it reverses. */
  readonly reverses: number | null;
  /** Reversal: the one line of that charge it reverses, counted from 0; null for all that was left of it. */
  readonly line: number | null;
  /** Of the command it came of. Entries from before there was this column have it as their key, reversals nowhere. */
  readonly requestId: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  /** On `setting` and `open-period`: the settings from here on. */
  readonly setting: Setting | null;
}

/** A past charge, loaded by (run, key). */
export interface PastCharge {
  readonly seq: number;
  readonly runId: string;
  readonly key: string;
  readonly period: number;
  readonly amount: Millicredits;
  readonly parts: readonly Part[];
  /** The amounts of its lines, in order. */
  readonly lines: readonly Millicredits[];
  readonly late: boolean;
  readonly unreserved: boolean;
  /** What was reversed of it so far, in order. */
  readonly reversals: readonly PastReversal[];
}

export interface PastReversal {
  /** Its entry. */
  readonly seq: number;
  readonly line: number | null;
  readonly amount: Millicredits;
}

/** The books of one closed period; immutable. Amounts in millicredits, money in millionths of a dollar. */
export interface Statement {
  readonly period: Period;
  readonly plan: string;
  readonly closedAt: Instant;
  readonly opening: Millicredits;
  readonly granted: Millicredits;
  readonly charged: Millicredits;
  readonly expired: Millicredits;
  readonly withdrawn: Millicredits;
  /** opening + granted = charged + expired + withdrawn + closing; includes what is held over. */
  readonly closing: Millicredits;
  readonly heldOverIn: Millicredits;
  readonly heldOverOut: Millicredits;
  /** PAYG headroom held by runs over the start and the end: no usage yet, it counts where it is committed. */
  readonly paygHeldOverIn: Millicredits;
  readonly paygHeldOverOut: Millicredits;
  /** Of what was held over past its expiry: charged, and given back, in this period. */
  readonly heldOverCharged: Millicredits;
  readonly heldOverReturned: Millicredits;
  readonly payg: Millicredits;
  readonly paygRate: PaygRate;
  /** PAYG in cents, rounded once, half up. */
  readonly paygCents: bigint;
  readonly paygReversed: Millicredits;
  readonly paygReversedCents: bigint;
  readonly overdraft: Millicredits;
  readonly overdraftPolicy: OverdraftPolicy;
  readonly owed: Millicredits;
}

/** An answered command, kept by its request id. */
export interface RequestRecord {
  readonly requestId: string;
  /** Of the operation without its request id: another payload under the same id is a conflict. */
  readonly payloadHash: string;
  readonly result: Json;
}
