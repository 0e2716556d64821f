import { z } from 'zod';
import { type TeamOverview } from '../../ledger/read';
import { moment, periodOf, rateOf, text, textOrNull } from '../wire';
import {
  centsSchema,
  microUsdSchema,
  millicreditsSchema,
  momentSchema,
  periodSchema,
  rateSchema,
} from './common';
import { documented, said } from './registry';

const balanceSchema = z
  .object({
    granted: millicreditsSchema,
    charged: millicreditsSchema,
    held: millicreditsSchema,
    available: millicreditsSchema,
  })
  .register(documented, {
    id: 'Balance',
    description:
      'Of one kind of credits: granted (included: in this period; others: of those not used up), charged in this ' +
      'period, held by runs under way, available now.',
    examples: [{ granted: '50000', charged: '31000', held: '2000', available: '17000' }],
  });

const backlogRuleSchema = z.object({
  policy: z.enum(['wait', 'reject', 'keep-latest']),
  longestWaitSeconds: z.number().nullable(),
  mostWaiting: z.int().nullable(),
});

export const teamSchema = z
  .object({
    team: z.string(),
    status: z.enum(['active', 'suspended', 'closed']),
    plan: z.string(),
    nextPlan: z.string().nullable().register(documented, { description: 'From the next reset on.' }),
    timeZone: z.string(),
    anchor: z.string(),
    at: momentSchema,
    version: z.string().register(documented, {
      description:
        'Another one after each change of the team: what `live` tells, and takes as `Last-Event-ID`.',
    }),
    period: periodSchema,
    nextReset: momentSchema,
    credits: z.object({ included: balanceSchema, packs: balanceSchema, adjustments: balanceSchema }),
    charged: said(millicreditsSchema, 'To grants, in this period.'),
    spendable: millicreditsSchema
      .nullable()
      .register(documented, { description: 'Null: pay-as-you-go is on without a cap.' }),
    payAsYouGo: z.object({
      eligible: z.boolean().register(documented, { description: 'Whether the plan has it.' }),
      enabled: z.boolean(),
      capMicroUsd: microUsdSchema
        .nullable()
        .register(documented, { description: 'Null while on: uncapped.' }),
      charged: millicreditsSchema,
      chargedCents: centsSchema,
      held: millicreditsSchema,
      headroom: millicreditsSchema.nullable().register(documented, { description: 'Null: no cap.' }),
      rate: rateSchema,
    }),
    overdraft: millicreditsSchema,
    owed: millicreditsSchema,
    waiting: z.int().register(documented, { description: 'Runs in the line.' }),
    settings: z.object({
      overdraftPolicy: z.enum(['forgive', 'carry']),
      customIncluded: millicreditsSchema.nullable(),
      runLimit: millicreditsSchema.nullable(),
      paygRate: rateSchema.nullable(),
      backlog: z.record(z.string(), backlogRuleSchema),
      alerts: z.object({ percent: z.array(z.number()), paygMicroUsd: z.array(microUsdSchema).nullable() }),
    }),
  })
  .register(documented, {
    id: 'Team',
    description: 'What a team has, used and may still use, as of the ledger’s time.',
  });
export type TeamBody = z.infer<typeof teamSchema>;

export function teamBody(overview: TeamOverview, version: string): TeamBody {
  const { period, payg, balances, settings } = overview;
  return {
    team: overview.team,
    status: overview.status,
    plan: overview.plan,
    nextPlan: overview.nextPlan,
    timeZone: overview.timeZone,
    anchor: overview.anchor,
    at: moment(overview.at),
    version,
    period: periodOf(period),
    nextReset: moment(period.end),
    credits: {
      included: balanceBody(balances.included),
      packs: balanceBody(balances.purchased),
      adjustments: balanceBody(balances.adjustment),
    },
    charged: text(overview.charged),
    spendable: textOrNull(overview.spendable),
    payAsYouGo: {
      eligible: payg.eligible,
      enabled: payg.enabled,
      capMicroUsd: textOrNull(payg.cap),
      charged: text(payg.charged),
      chargedCents: text(payg.chargedCents),
      held: text(payg.held),
      headroom: textOrNull(payg.headroom),
      rate: rateOf(payg.rate),
    },
    overdraft: text(overview.overdraft),
    owed: text(overview.owed),
    waiting: overview.waiting,
    settings: settingsBody(settings),
  };
}

function balanceBody(balance: TeamOverview['balances']['included']): z.infer<typeof balanceSchema> {
  const { granted, charged, held, available } = balance;
  return { granted: text(granted), charged: text(charged), held: text(held), available: text(available) };
}

const SECOND_MS = 1000;

function settingsBody(settings: TeamOverview['settings']): TeamBody['settings'] {
  const { backlog, alerts, paygRate } = settings;
  return {
    overdraftPolicy: settings.overdraftPolicy,
    customIncluded: textOrNull(settings.customIncluded),
    runLimit: textOrNull(settings.runLimit),
    paygRate: paygRate === null ? null : rateOf(paygRate),
    backlog: Object.fromEntries(
      Object.entries(backlog).map(([trigger, { policy, longestWaitMs, mostWaiting }]) => [
        trigger,
        {
          policy,
          longestWaitSeconds: longestWaitMs === null ? null : longestWaitMs / SECOND_MS,
          mostWaiting,
        },
      ]),
    ),
    alerts: {
      percent: [...alerts.percent],
      paygMicroUsd: alerts.payg === null ? null : alerts.payg.map(text),
    },
  };
}
