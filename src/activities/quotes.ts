import { type RunContext } from '../contracts/context';
import { type Fault, type Flow } from '../contracts/flow';
import { parseMillicredits, ZERO } from '../contracts/millicredits';
import { type Quote } from '../ledger/core/operations';
import {
  activitiesRequireCredits,
  estimate,
  PricingRefusal,
  requiresCredits,
  type Pricing,
  type RateCard,
} from '../pricing';

/**
 * What a run would need under each rate card; the ledger takes the card in force at its own time. A card that cannot
 * price the flow refuses it, unless a later one is in force already.
 */
export function flowQuotes(
  pricing: Pricing,
  flow: Flow,
  context: RunContext,
): { readonly quotes: readonly Quote[] } | { readonly faults: readonly Fault[] } {
  const current = pricing.cardAt(Date.now());
  const quotes: Quote[] = [];
  const faults: Fault[] = [];
  for (const card of pricing.cards) {
    try {
      quotes.push(flowQuote(flow, context, card));
    } catch (error) {
      if (!(error instanceof PricingRefusal)) throw error;
      const past = current !== null && instantOf(card) < instantOf(current);
      if (!past) faults.push({ path: error.path, message: `${error.reason} (rate card "${card.id}")` });
    }
  }
  return faults.length > 0 ? { faults } : { quotes };
}

function flowQuote(flow: Flow, context: RunContext, card: RateCard): Quote {
  return {
    rateCard: card.id,
    inForceFrom: instantOf(card),
    requiresCredits: requiresCredits(flow, context, card),
    least: parseMillicredits(estimate(flow, context, card).least),
  };
}

/** An ordinary workflow says nothing of what it will do: it needs credits where any activity has a price. */
export function workflowQuotes(pricing: Pricing, context: RunContext): readonly Quote[] {
  return pricing.cards.map((card) => ({
    rateCard: card.id,
    inForceFrom: instantOf(card),
    requiresCredits: activitiesRequireCredits(context, card),
    least: ZERO,
  }));
}

function instantOf(card: RateCard): number {
  return Date.parse(card.inForceFrom);
}
