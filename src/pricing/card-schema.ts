import { z } from 'zod';
import { locationSchema } from '../contracts/context';
import { decimalTextSchema } from '../contracts/usage';

export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"');

/** A moment in UTC. Cards and plans are in force from one, never from a local date. */
export const utcInstantSchema = z.iso.datetime({
  error: 'must be an instant in UTC, such as "2026-03-01T00:00:00Z"',
});

const provenanceSchema = z.enum(['documented', 'assumed'], { error: 'must be "documented" or "assumed"' });

/** Where a row comes from. Interfaces show `provenance` beside every amount; `source` is for who checks it. */
export const originShape = {
  provenance: provenanceSchema,
  source: z
    .string({ error: 'must say where the row comes from' })
    .min(1, 'must say where the row comes from'),
};

const CREDITS =
  'must be credits: text such as "1.5" with at most three decimals, or a whole number; not negative';

/** Credits, exact: decimal text with at most three decimals, or a whole JSON number; kept as text. */
export const creditsTextSchema = z
  .union([z.string().regex(/^\d+(\.\d{1,3})?$/, CREDITS), z.int().nonnegative(CREDITS)], { error: CREDITS })
  .transform(String);

/**
 * The locations in which a row charges, and how we know. Left out: in all of them, as sure as the row itself.
 * A line is `documented` only where both the row and its location are.
 */
const chargedInSchema = z
  .partialRecord(locationSchema, provenanceSchema)
  .refine(
    (locations) => Object.keys(locations).length > 0,
    'must name a location; a row that charges nowhere has no use',
  );

const rowShape = {
  /** For people; by default the type. */
  what: z.string().min(1).optional(),
  chargedIn: chargedInSchema.optional(),
};

const fixedRowSchema = z.strictObject({
  price: z.literal('fixed'),
  credits: creditsTextSchema,
  ...rowShape,
  ...originShape,
});

const perUnitRowSchema = z.strictObject({
  price: z.literal('per-unit'),
  /** For people: `page`, `megabyte`. */
  unit: z.string().min(1),
  credits: creditsTextSchema,
  ...rowShape,
  ...originShape,
});

/** A model is priced by the call or by tokens. */
const modelRowSchema = z
  .strictObject({
    credits: creditsTextSchema.optional(),
    creditsPerMillionTokens: z
      .strictObject({ input: creditsTextSchema, output: creditsTextSchema })
      .optional(),
    /** What one call is likely to take: set aside before its tokens are known. Left out: 1,000 and 500. */
    likelyTokens: z.strictObject({ input: z.int().nonnegative(), output: z.int().nonnegative() }).optional(),
    ...originShape,
  })
  .refine(
    (row) => (row.credits === undefined) !== (row.creditsPerMillionTokens === undefined),
    'must have either "credits" (by the call) or "creditsPerMillionTokens"',
  )
  .refine(
    (row) => row.likelyTokens === undefined || row.creditsPerMillionTokens !== undefined,
    'must have "likelyTokens" only beside "creditsPerMillionTokens"',
  );

const byModelRowSchema = z.strictObject({
  price: z.literal('by-model'),
  models: z.record(z.string().min(1), modelRowSchema),
  /** The price of a model that has no row. Without it, such a model is refused. */
  default: modelRowSchema.optional(),
  /** Per unique tool (server + name) called in one block run. */
  mcpTool: z.strictObject({ credits: creditsTextSchema, ...originShape }).optional(),
  ...rowShape,
});

/** The provider's cost passed through: 1 credit = $0.001. */
const atCostRowSchema = z.strictObject({
  price: z.literal('at-cost'),
  /** What is set aside for one block run before its cost is known. */
  likelyUsd: decimalTextSchema.optional(),
  ...rowShape,
  ...originShape,
});

const rowSchema = z.discriminatedUnion(
  'price',
  [fixedRowSchema, perUnitRowSchema, byModelRowSchema, atCostRowSchema],
  { error: 'must be a row with "price": "fixed", "per-unit", "by-model" or "at-cost"' },
);

const runRowSchema = z.strictObject({ credits: creditsTextSchema, ...originShape });

const blockRowsSchema = z.record(z.string().min(1), rowSchema).superRefine((rows, context) => {
  for (const type of ['start', 'output'].filter((name) => Object.hasOwn(rows, name))) {
    context.addIssue({
      code: 'custom',
      path: [type],
      message: 'must not be here: "start" and "output" never charge',
    });
  }
});

/** A rate card as its file has it. */
export const cardFileSchema = z.strictObject({
  id: idSchema,
  inForceFrom: utcInstantSchema,
  /** The id of an earlier card whose rows this one has too, but for those it names itself. */
  extends: idSchema.optional(),
  note: z.string().optional(),
  /** The price of a flow run itself, by location. */
  run: z.partialRecord(locationSchema, runRowSchema).default({}),
  blocks: blockRowsSchema.default({}),
  activities: z.record(z.string().min(1), rowSchema).default({}),
});

export type CardFile = z.output<typeof cardFileSchema>;
export type PriceRow = z.output<typeof rowSchema>;
export type ModelRow = z.output<typeof modelRowSchema>;
export type ByModelRow = z.output<typeof byModelRowSchema>;
export type RunRow = z.output<typeof runRowSchema>;

/** A loaded rate card: complete, frozen, plain data. Amounts are credits in text. */
export type RateCard = Readonly<Omit<CardFile, 'extends'>>;
