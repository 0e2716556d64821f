import { type Team, type Setting } from './types';

/** The team's settings as its entries record them. */
export function settingOf(team: Team): Setting {
  return {
    plan: team.plan,
    nextPlan: team.nextPlan,
    status: team.status,
    paygEnabled: team.payg.enabled,
    paygCap: team.payg.cap?.toString() ?? null,
    paygRate:
      team.paygRate === null
        ? null
        : { microUsd: team.paygRate.microUsd.toString(), credits: team.paygRate.credits.toString() },
    customIncluded: team.customIncluded?.toString() ?? null,
    overdraftPolicy: team.overdraftPolicy,
    runLimit: team.runLimit?.toString() ?? null,
  };
}
