import { toIso } from '../../contracts/time';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { cardRows, cardsSchema, originsBody, planBody, plansSchema } from '../schemas/prices';
import { moment } from '../wire';

export function priceRoutes(app: Api, { reader, pricing }: ApiOptions): void {
  app.get(
    '/plans',
    reads(
      'listPlans',
      {
        tag: 'prices',
        summary: 'The plans in force',
        description: 'Lowest first, with where each of their fields comes from: documented, or assumed.',
      },
      { response: { 200: plansSchema } },
    ),
    async () => {
      const now = await reader.now();
      const found = pricing.planNames(now).flatMap((name) => pricing.plan(name, now) ?? []);
      return {
        items: found.map(planBody),
        nextCursor: null,
        at: moment(now),
        origins: originsBody(pricing.planOrigins(now)),
      };
    },
  );

  app.get(
    '/rate-cards',
    reads(
      'listRateCards',
      {
        tag: 'prices',
        summary: 'Rate cards, row by row',
        description:
          'Newest first. Each row says whether it is documented or assumed, and its source. A card never changes.',
      },
      { response: { 200: cardsSchema } },
    ),
    async () => {
      const inForce = pricing.cardAt(await reader.now());
      const items = pricing.cards.map((card, index) => {
        const next = pricing.cards[index + 1];
        return {
          id: card.id,
          inForceFrom: toIso(Date.parse(card.inForceFrom)),
          inForceUntil: next === undefined ? null : toIso(Date.parse(next.inForceFrom)),
          inForce: card.id === inForce?.id,
          note: card.note ?? null,
          rows: cardRows(card),
        };
      });
      return { items: items.reverse(), nextCursor: null };
    },
  );
}
