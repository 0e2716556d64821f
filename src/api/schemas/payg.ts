import { z } from 'zod';
import { type PaygPreview } from '../../ledger/read';
import { rateOf, text, textOrNull } from '../wire';
import { centsSchema, microUsdSchema, millicreditsSchema, rateSchema } from './common';
import { documented, said } from './registry';

export const previewSchema = z
  .object({
    team: z.string(),
    plan: z.string(),
    allowed: z.boolean(),
    refusal: z
      .object({ reason: z.string(), message: z.string() })
      .nullable()
      .register(documented, { description: 'Why the team may not have it, and what would help.' }),
    now: z.object({
      enabled: z.boolean(),
      capMicroUsd: microUsdSchema.nullable(),
      charged: millicreditsSchema,
      held: millicreditsSchema,
    }),
    rate: rateSchema,
    waiting: z.int(),
    likely: said(millicreditsSchema, 'What all that wait will probably use.'),
    likelyCents: centsSchema,
    atOnce: z
      .object({
        capMicroUsd: microUsdSchema.nullable(),
        runs: z.int(),
        hold: millicreditsSchema,
      })
      .nullable()
      .register(documented, {
        description: 'Who would go at once under the cap that was asked for; null: none was.',
      }),
  })
  .register(documented, {
    id: 'PayAsYouGoPreview',
    description: 'What turning pay-as-you-go on would do. Changes nothing.',
  });

export function previewBody(preview: PaygPreview): z.infer<typeof previewSchema> {
  const { team, plan, allowed, refusal, now, rate, waiting, likely, likelyCents, atOnce } = preview;
  return {
    team,
    plan,
    allowed,
    refusal,
    now: {
      enabled: now.enabled,
      capMicroUsd: textOrNull(now.cap),
      charged: text(now.charged),
      held: text(now.held),
    },
    rate: rateOf(rate),
    waiting,
    likely: text(likely),
    likelyCents: text(likelyCents),
    atOnce:
      atOnce === null
        ? null
        : { capMicroUsd: textOrNull(atOnce.cap), runs: atOnce.runs, hold: text(atOnce.hold) },
  };
}
