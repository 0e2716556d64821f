import { type Trigger } from '../../contracts/context';
import { type MicroUsd } from '../../contracts/money';

/** What a team is set to, beside its plan. */

export type TeamStatus = 'active' | 'suspended' | 'closed';
export type OverdraftPolicy = 'forgive' | 'carry';

export interface Payg {
  readonly enabled: boolean;
  /** Null while enabled means explicitly uncapped. */
  readonly cap: MicroUsd | null;
}

/**
 * What becomes of a new run that would have to wait: it waits; it is refused; or it waits and takes the place up of
 * whoever waits of the same flow and trigger, so that of a schedule over dry weeks one run is left.
 */
export type BacklogPolicy = 'wait' | 'reject' | 'keep-latest';

/** What becomes of runs of one trigger that would have to wait. */
export interface BacklogRule {
  readonly policy: BacklogPolicy;
  /** After so many milliseconds in the line a run gives up; null: it waits for as long as it takes. */
  readonly longestWaitMs: number | null;
  /** So many runs of the trigger may wait, further ones are refused; null: any number. */
  readonly mostWaiting: number | null;
}

/** By trigger; `any` for those without a rule of their own. */
export type Backlog = Readonly<Partial<Record<Trigger | 'any', BacklogRule>>>;

/** When a team is to be told what it used. Each threshold fires once a period. */
export interface AlertSettings {
  /** Percent of the period's included credits. */
  readonly percent: readonly number[];
  /** Pay-as-you-go in money; null: 50, 75, 90 and 100 % of the cap, where there is one. */
  readonly payg: readonly MicroUsd[] | null;
}

/** A team's settings after an entry that changed them, as JSON: what `verify` judges later entries by. */
export interface Setting {
  readonly plan: string;
  readonly nextPlan: string | null;
  readonly status: TeamStatus;
  readonly paygEnabled: boolean;
  /** Whole micro-dollars in text. */
  readonly paygCap: string | null;
  /** Whole micro-dollars in text, for so many whole credits. */
  readonly paygRate: { readonly microUsd: string; readonly credits: string } | null;
  readonly customIncluded: string | null;
  readonly overdraftPolicy: OverdraftPolicy;
  readonly runLimit: string | null;
  /** Left out where nothing is set: as before there were such settings. */
  readonly backlog?: string;
  readonly alerts?: string;
}
