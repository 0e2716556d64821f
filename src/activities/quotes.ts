import { type BlockCatalog } from '../contracts/blocks';
import { type RunContext } from '../contracts/context';
import { type Fault, type Flow } from '../contracts/flow';
import {
  formatCredits,
  millicredits,
  parseMillicredits,
  ZERO,
  type Millicredits,
} from '../contracts/millicredits';
import { MOST_AMOUNT } from '../ledger/core/amounts';
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
    const quote = faults.length === 0 ? flowQuote(flow, context, card, blocks) : null;
    if (quote !== null && quote.least > MOST_AMOUNT) faults.push(tooDear(quote.least));
    if (quote !== null && faults.length === 0) quotes.push(quote);
    else if (!past) return { faults: faults.map((fault) => named(fault, card)) };
  }
  return { quotes };
}

/** Loops in loops multiply: what the ledger cannot hold is refused by name. */
function tooDear(least: Millicredits): Fault {
  const message = `a run would cost at least ${formatCredits(least)} credits; the most is ${formatCredits(millicredits(MOST_AMOUNT))}: let its loops run less often`;
  return { path: 'blocks', message };
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
    likely: atMost(parseMillicredits(likely)),
  };
}

function atMost(amount: Millicredits): Millicredits {
  return amount > MOST_AMOUNT ? millicredits(MOST_AMOUNT) : amount;
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
