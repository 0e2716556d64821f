import { z } from 'zod';
import { TRIGGERS, triggerSchema } from './context';
import { type Json } from './json';
import { type MillicreditsText } from './millicredits';
import { LONGEST_WAIT_SECONDS, teamIdSchema } from './run';

/**
 * What a platform or an operator may tell `team-billing.<team>`. Each command carries a request id and an actor: it is
 * done once and audited. Credits and dollars are decimals in text, as a person writes them: `"12.5"`.
 */

const creditsText = z
  .string()
  .regex(/^\d+(\.\d{1,3})?$/, 'must be credits in text with at most three decimals, such as "12.5"');
const signedCreditsText = z
  .string()
  .regex(/^-?\d+(\.\d{1,3})?$/, 'must be credits in text with at most three decimals, such as "-12.5"');
const usdText = z
  .string()
  .regex(/^\d+(\.\d{1,6})?$/, 'must be dollars in text with at most six decimals, such as "25.00"');
const instantText = z.iso.datetime({ offset: true });

/** A wall time without a zone: the anchor of a team's periods. */
export const wallTimeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, 'must be a wall time such as "2026-01-31T00:00:00"');

const command = {
  requestId: z.string().min(1).max(200),
  actor: z.string().min(1).max(200),
};

/** The pace of releases. `bench/README.md` has the measurement that the defaults come from. */
export const releaseSchema = z.strictObject({
  /** So many released runs may be unheard of at a time: told to go, and not yet at their first block. Default 50. */
  window: z.int().positive().max(10_000).optional(),
  /** A released run that is not heard of for so long counts to the window no more. Default 10 s. */
  patienceMs: z.int().positive().optional(),
  /** So many runs a second at most. Default: no such bound, the window paces. */
  perSecond: z.number().positive().optional(),
  /** So many signals under way at once. Default 10. */
  signalsAtOnce: z.int().positive().max(1000).optional(),
});
export type ReleasePace = z.infer<typeof releaseSchema>;

/** The argument of the workflow `teamBilling`. All but the team has a default. */
export const teamBillingInputSchema = z.strictObject({
  team: teamIdSchema,
  /** How long it stays after its last news. Default 5 s. */
  lingerMs: z.int().nonnegative().optional(),
  release: releaseSchema.optional(),
});
/** What a team's keeper is started with. */
export type TeamBillingInput = z.infer<typeof teamBillingInputSchema>;

export const setPayAsYouGoSchema = z
  .strictObject({
    ...command,
    enabled: z.boolean(),
    /** The most that is billed in a period. */
    capUsd: usdText.optional(),
    /** Says on purpose that there is no cap. */
    uncapped: z.literal(true).optional(),
  })
  .refine((value) => !value.enabled || (value.capUsd === undefined) !== (value.uncapped === undefined), {
    message: 'turning pay-as-you-go on takes either "capUsd" or "uncapped": true',
  });
/** Pay-as-you-go on, with a cap or explicitly without one, or off. */
export type SetPayAsYouGo = z.infer<typeof setPayAsYouGoSchema>;

export const changePlanSchema = z.strictObject({ ...command, plan: z.string().min(1) });
/** A team's next plan. */
export type ChangePlan = z.infer<typeof changePlanSchema>;

export const addCreditsSchema = z.strictObject({
  ...command,
  credits: creditsText,
  /** Left out: the pack never expires. */
  expiresAt: instantText.optional(),
  note: z.string().max(1000).optional(),
  /** What was paid for it: kept as it is told, in any currency. */
  paid: z
    .strictObject({
      amount: z
        .string()
        .regex(/^\d{1,15}(\.\d{1,6})?$/, 'must be a decimal amount in text, such as "100.00"'),
      currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "USD"'),
      /** An invoice's or an order's number. */
      reference: z.string().min(1).max(200).optional(),
    })
    .optional(),
});
/** A pack of credits that was bought. */
export type AddCredits = z.infer<typeof addCreditsSchema>;

/** Takes back a pack of which nothing was used. */
export const voidPackSchema = z.strictObject({
  ...command,
  /** The number that buying it answered. */
  grant: z.int().positive(),
  reason: z.string().min(1).max(1000),
});
/** A pack to be taken back, of which nothing was used. */
export type VoidPack = z.infer<typeof voidPackSchema>;

export const adjustCreditsSchema = z.strictObject({
  ...command,
  /** Negative withdraws what is available. */
  credits: signedCreditsText,
  /** Left out: the end of the period. */
  expiresAt: instantText.optional(),
  reason: z.string().min(1).max(1000),
});
/** Credits given, or with a negative amount withdrawn. */
export type AdjustCredits = z.infer<typeof adjustCreditsSchema>;

export const reverseChargeSchema = z.strictObject({
  ...command,
  runId: z.string().min(1),
  key: z.string().min(1),
  /** One line of the charge, counted from 0. Left out: all that is left of it. */
  line: z.int().nonnegative().optional(),
  reason: z.string().min(1).max(1000),
});
/** A charge, or a line of one, to be given back. */
export type ReverseCharge = z.infer<typeof reverseChargeSchema>;

/** Reverses what is left of every charge of a run. */
export const reverseRunSchema = z.strictObject({
  ...command,
  runId: z.string().min(1),
  reason: z.string().min(1).max(1000),
});
/** A run of which every charge is given back. */
export type ReverseRun = z.infer<typeof reverseRunSchema>;

/** Puts waiting runs out of the line: all conditions hold, those left out hold for any. */
export const discardWaitingSchema = z.strictObject({
  ...command,
  flow: z.string().min(1).optional(),
  trigger: triggerSchema.optional(),
  /** Those that asked before this moment. */
  before: instantText.optional(),
  runIds: z.array(z.string().min(1)).min(1).max(10_000).optional(),
  /** So many at most, the first of the line. Default 10,000. */
  most: z.int().positive().max(10_000).optional(),
  reason: z.string().min(1).max(1000),
});
/** Which waiting runs are put out of the line. */
export type DiscardWaiting = z.infer<typeof discardWaitingSchema>;

/** What becomes of a new run that would have to wait. */
export const backlogRuleSchema = z.strictObject({
  /** `wait`; `reject`: it is refused; `keep-latest`: it takes the place of whoever waits of its flow and trigger. */
  policy: z.enum(['wait', 'reject', 'keep-latest']).default('wait'),
  /** After so many seconds in the line a run gives up. */
  longestWaitSeconds: z.int().positive().max(LONGEST_WAIT_SECONDS).optional(),
  /** So many runs of the trigger may wait, further ones are refused. */
  mostWaiting: z.int().nonnegative().optional(),
});

/** By trigger; `any` for those without a rule of their own. */
export const backlogSchema = z.partialRecord(z.enum([...TRIGGERS, 'any']), backlogRuleSchema);
export type BacklogInput = z.input<typeof backlogSchema>;

export const alertsSchema = z.strictObject({
  /** Percent of the period's included credits. Default 50, 75, 90, 100. */
  percent: z.array(z.int().positive().max(10_000)).max(20).optional(),
  /** Pay-as-you-go in dollars. Left out: 50, 75, 90 and 100 % of the cap, where there is one. */
  paygUsd: z.array(usdText).max(20).optional(),
});

export const setTeamStatusSchema = z.strictObject({
  ...command,
  status: z.enum(['active', 'suspended', 'closed']),
});
/** Active, suspended, or closed for good. */
export type SetTeamStatus = z.infer<typeof setTeamStatusSchema>;

/**
 * Creates a team or brings its settings up to date. Idempotent by itself; with a request id it is done once, as any
 * command.
 */
export const upsertTeamSchema = z.strictObject({
  plan: z.string().min(1),
  /** The wall time at which its first period starts. */
  anchor: wallTimeSchema,
  timeZone: z.string().min(1).default('UTC'),
  openingCredits: creditsText.optional(),
  overdraftPolicy: z.enum(['forgive', 'carry']).optional(),
  customIncludedCredits: creditsText.nullable().optional(),
  runLimitCredits: creditsText.nullable().optional(),
  /** What pay-as-you-go costs this team by contract; null: what its plan says. */
  paygRate: z
    .strictObject({ usd: usdText, credits: z.int().positive().max(1_000_000_000) })
    .nullable()
    .optional(),
  backlog: backlogSchema.optional(),
  alerts: alertsSchema.optional(),
  requestId: command.requestId.optional(),
  actor: command.actor.optional(),
});
export type UpsertTeam = z.infer<typeof upsertTeamSchema>;
/** A team's settings. */
export type UpsertTeamInput = z.input<typeof upsertTeamSchema>;

/** The payload of each command by its name on the wire. */
export interface TeamCommands {
  setPayAsYouGo: SetPayAsYouGo;
  changePlan: ChangePlan;
  addCredits: AddCredits;
  adjustCredits: AdjustCredits;
  reverseCharge: ReverseCharge;
  reverseRun: ReverseRun;
  voidPack: VoidPack;
  discardWaiting: DiscardWaiting;
  setTeamStatus: SetTeamStatus;
  upsertTeam: UpsertTeam;
}
export type TeamCommandName = keyof TeamCommands;

/** A refusal changed nothing. `message` names the thing, the value and the way out. */
export interface CommandRefused {
  readonly status: 'refused';
  readonly reason: string;
  readonly message: string;
  readonly detail?: Json;
}

/** The answer of each command. Amounts are millicredits in text. */
export interface TeamCommandAnswers {
  setPayAsYouGo:
    | { readonly status: 'done'; readonly enabled: boolean; readonly stillCharged: MillicreditsText }
    | CommandRefused;
  changePlan:
    | {
        readonly status: 'done';
        readonly counts: 'now' | 'next-reset';
        readonly granted: MillicreditsText;
      }
    | CommandRefused;
  addCredits: { readonly status: 'done'; readonly grant: number } | CommandRefused;
  adjustCredits: { readonly status: 'done'; readonly amount: MillicreditsText } | CommandRefused;
  reverseCharge: { readonly status: 'reversed'; readonly amount: MillicreditsText } | CommandRefused;
  reverseRun:
    | { readonly status: 'reversed'; readonly amount: MillicreditsText; readonly charges: number }
    | CommandRefused;
  voidPack: { readonly status: 'done'; readonly amount: MillicreditsText } | CommandRefused;
  /** `more`: as many were discarded as a request may; repeat with another request id. */
  discardWaiting:
    { readonly status: 'done'; readonly discarded: number; readonly more: boolean } | CommandRefused;
  setTeamStatus: { readonly status: 'done' } | CommandRefused;
  upsertTeam: { readonly status: 'created' | 'updated' | 'unchanged' } | CommandRefused;
}

/** What the signals `payAsYouGoEnabled` and `payAsYouGoDisabled` carry. All of it is optional but the cap's choice. */
export interface PayAsYouGoSignal {
  readonly requestId?: string;
  readonly actor?: string;
  readonly capUsd?: string;
  readonly uncapped?: true;
}

/** The answer of the query `team`: what this short-lived workflow has done so far. */
export interface TeamBillingView {
  readonly team: string;
  readonly pending: number;
  readonly released: number;
  /** As of the last page that was released; null before the first. */
  readonly stillWaiting: number | null;
  /** The latest commands, newest last, at most twenty. */
  readonly recent: readonly {
    readonly command: string;
    readonly requestId: string;
    readonly status: string;
    readonly message: string | null;
  }[];
}
