import { z } from 'zod';
import { LOCATIONS, TRIGGERS } from '../../contracts/context';
import { documented } from './registry';

/** What all answers are made of. Amounts are whole numbers in text, moments ISO 8601 in UTC. */

export const millicreditsSchema = z
  .string()
  .regex(/^-?\d+$/)
  .register(documented, {
    id: 'Millicredits',
    description: 'Credits in whole thousandths, as text: "12500" is 12.5 credits. 1 credit is $0.001.',
    examples: ['12500'],
  });

export const microUsdSchema = z
  .string()
  .regex(/^-?\d+$/)
  .register(documented, {
    id: 'MicroUsd',
    description: 'Money in whole millionths of a US dollar, as text: "25000000" is $25.',
    examples: ['25000000'],
  });

export const centsSchema = z
  .string()
  .regex(/^-?\d+$/)
  .register(documented, {
    id: 'Cents',
    description: 'Money in whole cents of a US dollar, as text, rounded once: "124" is $1.24.',
    examples: ['124'],
  });

export const momentSchema = z.iso.datetime().register(documented, {
  id: 'Moment',
  description: 'ISO 8601 in UTC.',
  examples: ['2026-11-25T09:30:00.000Z'],
});

export const rateSchema = z
  .object({ microUsd: microUsdSchema, credits: z.string().regex(/^\d+$/) })
  .register(documented, {
    id: 'Rate',
    description: 'So much money for so many whole credits.',
    examples: [{ microUsd: '1000000', credits: '1000' }],
  });

export const periodSchema = z
  .object({ index: z.int(), start: momentSchema, end: momentSchema })
  .register(documented, {
    id: 'Period',
    description:
      'A billing period, half-open: it ends where the next one starts. `index` counts from 0 at the team’s anchor.',
    examples: [{ index: 3, start: '2026-11-01T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' }],
  });

export const triggerWord = z.enum(TRIGGERS);
export const locationWord = z.enum(LOCATIONS);
export const provenanceSchema = z.enum(['documented', 'assumed']).register(documented, {
  id: 'Provenance',
  description: 'Whether a price is documented by whoever made it, or assumed here.',
});

export const teamParams = z.object({
  team: z
    .string()
    .min(1)
    .max(128)
    .register(documented, { description: 'The team’s id.', examples: ['acme'] }),
});
export const runParams = teamParams.extend({
  run: z
    .string()
    .min(1)
    .max(1200)
    .register(documented, {
      description: 'The ledger’s id of the run, or a workflow id: of that the latest run.',
      examples: ['order-17'],
    }),
});

export const cursorParam = z
  .string()
  .min(1)
  .max(2000)
  .register(documented, { description: 'Where the page before ended: its `nextCursor`. Opaque.' })
  .optional();

/** A whole number of a query. Nothing is none, and not 0. */
export function wholeParam(least: number, most: number) {
  return z.preprocess((value) => (value === '' ? NaN : value), z.coerce.number().int().min(least).max(most));
}

function rowsParam(most: number) {
  return z.coerce.number().int().min(1).max(most);
}

/** How many rows a page has. */
export function limitParam(usual: number, most: number) {
  return rowsParam(most)
    .default(usual)
    .register(documented, { description: `How many rows: ${usual} unless told, ${most} at most.` });
}

/** How many rows a page of a list that comes as CSV too has: as JSON unless told, and at most. */
export interface PageSizes {
  readonly usual: number;
  readonly most: number;
}

/** The same of a list that comes as CSV too, see `rowsUnlessTold`. */
export function tableLimitParam({ usual, most }: PageSizes) {
  return rowsParam(most)
    .optional()
    .register(documented, {
      description: `How many rows: ${usual} unless told, as CSV ${most}; ${most} at most.`,
    });
}

export const nextCursorSchema = z.string().nullable().register(documented, {
  id: 'NextCursor',
  description: 'Where the next page begins; null: this was the last.',
});

/** A list as it goes out. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: nextCursorSchema });
}

export interface Paged<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}
