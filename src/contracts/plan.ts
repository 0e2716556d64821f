import { type Millicredits } from './millicredits';
import { type PaygRate } from './money';

/** The rules of one plan at one instant; `pricing/plans` has them as data. */
export interface PlanRules {
  readonly plan: string;
  readonly includedCredits: Millicredits;
  readonly payg: boolean;
  readonly packs: boolean;
  readonly privateRunner: boolean;
  readonly customAllowance: boolean;
  /** Plans are ordered: a higher rank is an upgrade. */
  readonly rank: number;
  readonly paygRate: PaygRate;
}
