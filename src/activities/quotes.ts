import { type BlockCatalog } from '../contracts/blocks';
import { type RunContext } from '../contracts/context';
import { type Fault, type Flow } from '../contracts/flow';
import { parseMillicredits, ZERO } from '../contracts/millicredits';
import { type Quote } from '../ledger/core/operations';
import {
  activitiesRequireCredits,
  estimate,
  modelFaults,
  requiresCredits,
  type PortsOf,
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
  blocks: BlockCatalog,
): { readonly quotes: readonly Quote[] } | { readonly faults: readonly Fault[] } {
  const current = pricing.cardAt(Date.now());
  const quotes: Quote[] = [];
  for (const card of pricing.cards) {
    const faults = modelFaults(flow, card);
    const past = current !== null && instantOf(card) < instantOf(current);
    if (faults.length === 0) quotes.push(flowQuote(flow, context, card, blocks));
    else if (!past) return { faults: faults.map((fault) => named(fault, card)) };
  }
  return { quotes };
}

function named({ path, message }: Fault, { id }: RateCard): Fault {
  return { path, message: `${path}: ${message} (rate card "${id}")` };
}

function flowQuote(flow: Flow, context: RunContext, card: RateCard, blocks: BlockCatalog): Quote {
  // Of a platform's own types only its catalog knows the ports, and with them which branches there are.
  const ports: PortsOf = ({ type, config }) => blocks.get(type)?.ports(config) ?? null;
  const { least, likely } = estimate(flow, context, card, { ports });
  return {
    rateCard: card.id,
    inForceFrom: instantOf(card),
    requiresCredits: requiresCredits(flow, context, card, { ports }),
    least: parseMillicredits(least),
    likely: parseMillicredits(likely),
  };
}

/** An ordinary workflow says nothing of what it will do: it needs credits where any activity has a price. */
export function workflowQuotes(pricing: Pricing, context: RunContext): readonly Quote[] {
  return pricing.cards.map((card) => ({
    rateCard: card.id,
    inForceFrom: instantOf(card),
    requiresCredits: activitiesRequireCredits(context, card),
    least: ZERO,
    likely: ZERO,
  }));
}

function instantOf(card: RateCard): number {
  return Date.parse(card.inForceFrom);
}
