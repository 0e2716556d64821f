import { z } from 'zod';
import { creditsTextSchema, idSchema, originShape, utcInstantSchema } from './card-schema';

const usdSchema = z
  .string({ error: 'must be dollars in text, such as "1" or "10.50"' })
  .regex(/^\d+(\.\d{1,6})?$/, 'must be dollars in text with at most six decimals, such as "1" or "10.50"');

const planSchema = z.strictObject({
  /** Plans are ordered: a higher rank is an upgrade. */
  rank: z.int().nonnegative(),
  includedCredits: creditsTextSchema,
  payg: z.boolean(),
  packs: z.boolean(),
  privateRunner: z.boolean(),
  customAllowance: z.boolean(),
  /** Dollars for so many credits. */
  paygRate: z.strictObject({ usd: usdSchema, credits: z.int().positive() }),
});

const originSchema = z.strictObject(originShape);

/** All plans from one instant on. A plan that a later file does not name exists no more. */
export const planFileSchema = z
  .strictObject({
    id: idSchema,
    inForceFrom: utcInstantSchema,
    plans: z.record(idSchema, planSchema),
    /** Where each of the plans' fields comes from. */
    origins: z.strictObject({
      rank: originSchema,
      includedCredits: originSchema,
      payg: originSchema,
      packs: originSchema,
      privateRunner: originSchema,
      customAllowance: originSchema,
      paygRate: originSchema,
    }),
  })
  .refine(
    ({ plans }) => {
      const ranks = Object.values(plans).map(({ rank }) => rank);
      return new Set(ranks).size === ranks.length;
    },
    { error: 'must not have the same rank twice', path: ['plans'] },
  );

export type PlanFile = z.output<typeof planFileSchema>;
