import { z } from 'zod';
import { locationSchema, triggerSchema } from '../contracts/context';
import { usageSchema } from '../contracts/usage';

/** A moment as ISO 8601 with its offset. */
export const momentSchema = z.iso.datetime({
  offset: true,
  error: 'must be an instant, such as "2026-04-01T00:00:00Z"',
});

/** A run as `flow-credits price` takes it. A block that ran several times is listed as often. */
export const runToPriceSchema = z.strictObject({
  admittedAt: momentSchema,
  trigger: triggerSchema,
  /** Left out: manual runs are local unless `cloudRun`, automated runs are cloud runs. */
  location: locationSchema.optional(),
  cloudRun: z.boolean().optional(),
  blocks: z.array(
    z.strictObject({
      /** For the reader: an id, or the block's path in a loop. */
      id: z.string().min(1).max(1000),
      type: z.string().min(1),
      usage: usageSchema.default({}),
    }),
  ),
});
/** A run to be priced: its context, and what its blocks used. */
export type RunToPrice = z.output<typeof runToPriceSchema>;
