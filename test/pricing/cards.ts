import { cardFileSchema, type RateCard } from '../../src/pricing/card-schema';
import { loadPricing } from '../../src/pricing';

const pricing = loadPricing();

function shipped(id: string): RateCard {
  const card = pricing.card(id);
  if (card === null) throw new Error(`no card ${id}`);
  return card;
}

/** In force before 2026-03-01. */
export const OLDER = shipped('postman-before-2026-03-01');
/** In force from 2026-03-01. */
export const NEWER = shipped('postman-2026-03-01');

export const SOURCE = { provenance: 'assumed', source: 'a test' } as const;

/** A card with the given rows, as the loader would read it. */
export function cardWith(rows: { run?: unknown; blocks?: unknown; activities?: unknown }): RateCard {
  return cardFileSchema.parse({ id: 'test', inForceFrom: '2026-01-01T00:00:00Z', ...rows });
}

/** A card on which each type costs so many credits, everywhere. */
export function fixedCard(prices: Readonly<Record<string, number>>): RateCard {
  const blocks = Object.entries(prices).map(
    ([type, credits]) => [type, { price: 'fixed', credits, ...SOURCE }] as const,
  );
  return cardWith({ blocks: Object.fromEntries(blocks) });
}
