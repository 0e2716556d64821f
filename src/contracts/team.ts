import { z } from 'zod';
import { type Json } from './json';
import { type MillicreditsText } from './millicredits';
import { teamIdSchema } from './run';

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

/** The argument of the workflow `teamBilling`. All but the team has a default. */
export const teamBillingInputSchema = z.strictObject({
  team: teamIdSchema,
  /** How long it stays after its last news. Default 5 s. */
  lingerMs: z.int().nonnegative().optional(),
  /** How many waiting runs one activity admits and tells. Default 50. */
  pageSize: z.int().positive().max(1000).optional(),
  /** A pause between two pages: the pace of releases. Default none. */
  pauseMs: z.int().nonnegative().optional(),
});
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
export type SetPayAsYouGo = z.infer<typeof setPayAsYouGoSchema>;

export const changePlanSchema = z.strictObject({ ...command, plan: z.string().min(1) });
export type ChangePlan = z.infer<typeof changePlanSchema>;

export const addCreditsSchema = z.strictObject({
  ...command,
  credits: creditsText,
  /** Left out: the pack never expires. */
  expiresAt: instantText.optional(),
  note: z.string().max(1000).optional(),
});
export type AddCredits = z.infer<typeof addCreditsSchema>;

export const adjustCreditsSchema = z.strictObject({
  ...command,
  /** Negative withdraws what is available. */
  credits: signedCreditsText,
  /** Left out: the end of the period. */
  expiresAt: instantText.optional(),
  reason: z.string().min(1).max(1000),
});
export type AdjustCredits = z.infer<typeof adjustCreditsSchema>;

export const reverseChargeSchema = z.strictObject({
  ...command,
  runId: z.string().min(1),
  key: z.string().min(1),
  reason: z.string().min(1).max(1000),
});
export type ReverseCharge = z.infer<typeof reverseChargeSchema>;

export const setTeamStatusSchema = z.strictObject({
  ...command,
  status: z.enum(['active', 'suspended', 'closed']),
});
export type SetTeamStatus = z.infer<typeof setTeamStatusSchema>;

/** Creates a team or brings its settings up to date. Idempotent by itself. */
export const upsertTeamSchema = z.strictObject({
  plan: z.string().min(1),
  /** The wall time at which its first period starts. */
  anchor: wallTimeSchema,
  timeZone: z.string().min(1).default('UTC'),
  openingCredits: creditsText.optional(),
  overdraftPolicy: z.enum(['forgive', 'carry']).optional(),
  customIncludedCredits: creditsText.nullable().optional(),
  runLimitCredits: creditsText.nullable().optional(),
});
export type UpsertTeam = z.infer<typeof upsertTeamSchema>;
export type UpsertTeamInput = z.input<typeof upsertTeamSchema>;

/** The payload of each command by its name on the wire. */
export interface TeamCommands {
  setPayAsYouGo: SetPayAsYouGo;
  changePlan: ChangePlan;
  addCredits: AddCredits;
  adjustCredits: AdjustCredits;
  reverseCharge: ReverseCharge;
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
  /** The latest commands, newest last, at most twenty. */
  readonly recent: readonly {
    readonly command: string;
    readonly requestId: string;
    readonly status: string;
    readonly message: string | null;
  }[];
}
