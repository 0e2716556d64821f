import { z } from 'zod';
import { type PlanRules } from '../../contracts/plan';
import { parseCredits, toText } from '../../contracts/millicredits';
import { parseUsd } from '../../contracts/money';
import { type Pricing, type RateCard } from '../../pricing';
import { rateOf, text } from '../wire';
import {
  locationWord,
  microUsdSchema,
  millicreditsSchema,
  momentSchema,
  provenanceSchema,
  rateSchema,
} from './common';
import { documented, said } from './registry';

const originSchema = z
  .object({ provenance: provenanceSchema, source: z.string() })
  .register(documented, { id: 'Origin' });
const ORIGIN_FIELDS = [
  'rank',
  'includedCredits',
  'payg',
  'packs',
  'privateRunner',
  'customAllowance',
  'paygRate',
] as const;

const planSchema = z
  .object({
    plan: z.string(),
    rank: z.int().register(documented, { description: 'A higher one is an upgrade.' }),
    includedMillicredits: said(millicreditsSchema, 'A month; what is left does not roll over.'),
    payAsYouGo: z.boolean(),
    packs: z.boolean(),
    privateRunner: z.boolean(),
    customAllowance: z.boolean(),
    payAsYouGoRate: rateSchema,
  })
  .register(documented, { id: 'Plan' });

export const plansSchema = z
  .object({
    items: z.array(planSchema),
    nextCursor: z.null(),
    at: momentSchema,
    origins: z
      .object(Object.fromEntries(ORIGIN_FIELDS.map((field) => [field, originSchema])))
      .nullable()
      .register(documented, {
        description: 'Where each field of the plans comes from: documented, or assumed.',
      }),
  })
  .register(documented, { id: 'Plans', description: 'The plans in force, lowest first.' });

export function planBody(rules: PlanRules): z.infer<typeof planSchema> {
  return {
    plan: rules.plan,
    rank: rules.rank,
    includedMillicredits: text(rules.includedCredits),
    payAsYouGo: rules.payg,
    packs: rules.packs,
    privateRunner: rules.privateRunner,
    customAllowance: rules.customAllowance,
    payAsYouGoRate: rateOf(rules.paygRate),
  };
}

export function originsBody(origins: ReturnType<Pricing['planOrigins']>) {
  return origins === null ? null : { ...origins };
}

const cardRowSchema = z
  .object({
    path: z
      .string()
      .register(documented, { description: 'As lines of charges name it: `blocks.ai-agent.models.gpt-4o`.' }),
    table: z.enum(['run', 'blocks', 'activities']),
    type: z
      .string()
      .register(documented, { description: 'Block or activity type; of a run’s price its location.' }),
    what: z.string(),
    price: z.enum(['per-run', 'fixed', 'per-unit', 'per-call', 'per-million-tokens', 'per-tool', 'at-cost']),
    unit: z.string().nullable(),
    millicredits: millicreditsSchema.nullable().register(documented, {
      description: 'Of one; null where it is priced by tokens, or at cost.',
    }),
    tokens: z
      .object({ input: millicreditsSchema, output: millicreditsSchema })
      .nullable()
      .register(documented, { description: 'Of a million tokens.' }),
    likelyMicroUsd: microUsdSchema
      .nullable()
      .register(documented, { description: 'At cost: what is set aside.' }),
    chargedIn: z
      .array(z.object({ location: locationWord, provenance: provenanceSchema }))
      .nullable()
      .register(documented, { description: 'Where it charges, and how that is known; null: everywhere.' }),
    provenance: provenanceSchema,
    source: z.string(),
  })
  .register(documented, { id: 'RateCardRow', description: 'A price, and where it comes from.' });
type CardRowBody = z.infer<typeof cardRowSchema>;

const cardSchema = z
  .object({
    id: z.string(),
    inForceFrom: momentSchema,
    inForceUntil: momentSchema
      .nullable()
      .register(documented, { description: 'Exclusive; null: no other follows.' }),
    inForce: z.boolean().register(documented, { description: 'Now, by the ledger’s time.' }),
    note: z.string().nullable(),
    rows: z.array(cardRowSchema),
  })
  .register(documented, {
    id: 'RateCard',
    description: 'An immutable price list. A run keeps the one it asked under.',
  });
export type CardBody = z.infer<typeof cardSchema>;

export const cardsSchema = z
  .object({ items: z.array(cardSchema), nextCursor: z.null() })
  .register(documented, { id: 'RateCards', description: 'All rate cards, newest first.' });

type PriceRow = RateCard['blocks'][string];
type ByModel = Extract<PriceRow, { readonly price: 'by-model' }>;
type ModelRow = ByModel['models'][string];

export function cardRows(card: RateCard): CardRowBody[] {
  const runs = Object.entries(card.run).map(([location, row]) =>
    rowBody({ table: 'run', type: location, path: `run.${location}`, what: 'Run' }, 'per-run', row),
  );
  const others = (['blocks', 'activities'] as const).flatMap((table) =>
    Object.entries(card[table]).flatMap(([type, row]) => rowsOf(table, type, row)),
  );
  return [...runs, ...others];
}

type Place = Pick<CardRowBody, 'table' | 'type' | 'path' | 'what'>;

function rowsOf(table: 'blocks' | 'activities', type: string, row: PriceRow): CardRowBody[] {
  const place = { table, type, path: `${table}.${type}`, what: row.what ?? type };
  const chargedIn = chargedInOf(row);
  switch (row.price) {
    case 'fixed':
      return [rowBody(place, 'fixed', row, { chargedIn })];
    case 'per-unit':
      return [rowBody(place, 'per-unit', row, { chargedIn, unit: row.unit })];
    case 'at-cost': {
      const likelyMicroUsd = row.likelyUsd === undefined ? null : roundedUsd(row.likelyUsd);
      return [rowBody(place, 'at-cost', { ...row, credits: undefined }, { chargedIn, likelyMicroUsd })];
    }
    case 'by-model':
      return modelRows(place, row).map((one) => ({ ...one, chargedIn }));
  }
}

function modelRows(place: Place, { models, default: others, mcpTool }: ByModel): CardRowBody[] {
  const named = Object.entries(models).map(([model, row]) =>
    modelRow({ ...place, path: `${place.path}.models.${model}`, what: `${model} model call` }, row),
  );
  const rest =
    others === undefined
      ? []
      : [modelRow({ ...place, path: `${place.path}.default`, what: 'any other model' }, others)];
  const tool =
    mcpTool === undefined
      ? []
      : [
          rowBody(
            { ...place, path: `${place.path}.mcpTool`, what: 'MCP tool, each unique one' },
            'per-tool',
            mcpTool,
          ),
        ];
  return [...named, ...rest, ...tool];
}

function modelRow(place: Place, row: ModelRow): CardRowBody {
  const perMillion = row.creditsPerMillionTokens;
  if (perMillion === undefined) return rowBody(place, 'per-call', row);
  const tokens = { input: inMillicredits(perMillion.input), output: inMillicredits(perMillion.output) };
  return rowBody(place, 'per-million-tokens', row, { tokens });
}

function rowBody(
  place: Place,
  price: CardRowBody['price'],
  row: {
    readonly credits?: string | undefined;
    readonly provenance: 'documented' | 'assumed';
    readonly source: string;
  },
  more: Partial<CardRowBody> = {},
): CardRowBody {
  return {
    ...place,
    price,
    unit: null,
    millicredits: row.credits === undefined ? null : inMillicredits(row.credits),
    tokens: null,
    likelyMicroUsd: null,
    chargedIn: null,
    provenance: row.provenance,
    source: row.source,
    ...more,
  };
}

function chargedInOf({ chargedIn }: PriceRow): CardRowBody['chargedIn'] {
  if (chargedIn === undefined) return null;
  return (['local', 'cloud', 'private-runner'] as const).flatMap((location) => {
    const provenance = chargedIn[location];
    return provenance === undefined ? [] : [{ location, provenance }];
  });
}

function inMillicredits(credits: string): string {
  return toText(parseCredits(credits));
}

/** A likely cost may be finer than a micro-dollar: shown to the micro-dollar below. */
function roundedUsd(usd: string): string {
  const [whole = '0', fraction = ''] = usd.split('.');
  return text(parseUsd(`${whole}.${fraction.slice(0, 6).padEnd(1, '0')}`));
}
