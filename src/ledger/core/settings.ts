import { z } from 'zod';
import { TRIGGERS } from '../../contracts/context';
import { microUsd } from '../../contracts/money';
import { type AlertSettings, type Backlog, type Setting, type Team } from './types';

/** The team is told at so many percent of its included credits, and of a pay-as-you-go cap. */
export const DEFAULT_ALERTS: AlertSettings = { percent: [50, 75, 90, 100], payg: null };

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
    ...(Object.keys(team.backlog).length === 0 ? {} : { backlog: backlogText(team.backlog) }),
    ...(team.alerts === DEFAULT_ALERTS || alertsText(team.alerts) === alertsText(DEFAULT_ALERTS)
      ? {}
      : { alerts: alertsText(team.alerts) }),
  };
}

const ruleSchema = z.object({
  policy: z.enum(['wait', 'reject', 'keep-latest']),
  longestWaitMs: z.int().nullable(),
  mostWaiting: z.int().nullable(),
});
const backlogSchema: z.ZodType<Backlog> = z.partialRecord(z.enum([...TRIGGERS, 'any']), ruleSchema);
const alertsSchema: z.ZodType<AlertSettings> = z.object({
  percent: z.array(z.int()),
  payg: z.array(z.string().transform((text) => microUsd(BigInt(text)))).nullable(),
});

/** As rows keep it; rules in the order of their triggers, so that equal backlogs are equal texts. */
export function backlogText(backlog: Backlog): string {
  const rules = [...TRIGGERS, 'any' as const].flatMap((trigger) => {
    const rule = backlog[trigger];
    if (rule === undefined) return [];
    const { policy, longestWaitMs, mostWaiting } = rule;
    return [[trigger, { policy, longestWaitMs, mostWaiting }] as const];
  });
  return JSON.stringify(Object.fromEntries(rules));
}

export function backlogFrom(text: string): Backlog {
  return backlogSchema.parse(JSON.parse(text));
}

export function alertsText({ percent, payg }: AlertSettings): string {
  return JSON.stringify({ percent, payg: payg?.map((amount) => amount.toString()) ?? null });
}

export function alertsFrom(text: string): AlertSettings {
  return alertsSchema.parse(JSON.parse(text));
}
