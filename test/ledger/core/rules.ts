import { credits, millicredits, type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type PlanRules } from '../../../src/contracts/plan';
import { type Rules } from '../../../src/ledger/core/types';

function plan(name: string, rank: number, included: number, extra: Partial<PlanRules> = {}): PlanRules {
  return {
    plan: name,
    rank,
    includedCredits: credits(included),
    payg: true,
    packs: false,
    privateRunner: false,
    customAllowance: false,
    paygRate: { microUsd: microUsd(1_000_000), credits: 1000n },
    ...extra,
  };
}

/** Like the documented plans, so that the core's tests need no price files. */
export const PLANS: Readonly<Record<string, PlanRules>> = {
  free: plan('free', 0, 25, { payg: false }),
  solo: plan('solo', 1, 50),
  team: plan('team', 2, 100),
  enterprise: plan('enterprise', 3, 500, {
    packs: true,
    privateRunner: true,
    customAllowance: true,
    paygRate: { microUsd: microUsd(10_000_000), credits: 10_000n },
  }),
};

export const TEST_RULES: Rules = { plan: (name) => PLANS[name] ?? null };

export function mc(amount: number | bigint): Millicredits {
  return millicredits(amount);
}
