import { type Charge, type ChargeLine } from '../contracts/charge';
import { type RunContext } from '../contracts/context';
import { type Fault } from '../contracts/flow';
import { formatCredits, millicredits, toText, type MillicreditsText } from '../contracts/millicredits';
import { charge, runCharge } from './charge';
import { contextOf } from './context';
import { knownBlockTypes, typeFault, usageFaults } from './faults';
import { type RateCard } from './card-schema';
import { type RunToPrice } from './run-schema';

/** What a run cost, block by block. `run` is what the run itself cost, outside its blocks, under cards that have such a price. */
export interface PricedRun {
  readonly rateCard: string;
  readonly millicredits: MillicreditsText;
  readonly credits: string;
  readonly run?: ChargeLine;
  readonly blocks: readonly ({ readonly id: string } & Charge)[];
}

/** The card in force, or null. */
/** The rate card in force at a moment; null before the first. */
export type CardAt = (at: number) => RateCard | null;

type Situation =
  { readonly card: RateCard; readonly context: RunContext } | { readonly faults: readonly Fault[] };

function situationOf(run: RunToPrice, cardAt: CardAt): Situation {
  const context = contextOf(run);
  const card = cardAt(Date.parse(run.admittedAt));
  const faults = [
    ...('faults' in context ? context.faults : []),
    ...(card === null
      ? [{ path: 'admittedAt', message: `no rate card was in force at ${run.admittedAt}` }]
      : []),
  ];
  return card === null || 'faults' in context ? { faults } : { card, context: context.context };
}

/** Prices a run that is over, by the card in force when it was admitted; or says all that makes no sense in it. */
export function priceRun(
  run: RunToPrice,
  { cards, cardAt }: { readonly cards: readonly RateCard[]; readonly cardAt: CardAt },
): { readonly priced: PricedRun; readonly context: RunContext } | { readonly faults: readonly Fault[] } {
  const situation = situationOf(run, cardAt);
  if ('faults' in situation) return situation;
  const { card, context } = situation;
  const types = knownBlockTypes(cards);
  const faults = run.blocks.flatMap(({ type, usage }, index) =>
    [...typeFault(type, types), ...usageFaults(type, usage, card)].map(({ path, message }) => ({
      path: `blocks[${index}].${path}`,
      message,
    })),
  );
  if (faults.length > 0) return { faults };
  const blocks = run.blocks.map(({ id, type, usage }) => ({ id, ...charge({ type, usage }, context, card) }));
  const own = runCharge(context, card);
  const total = [own, ...blocks].reduce((sum, part) => sum + BigInt(part.millicredits), 0n);
  const amount = millicredits(total);
  const [line] = own.lines;
  const head = { rateCard: card.id, millicredits: toText(amount), credits: formatCredits(amount) };
  return { priced: { ...head, ...(line === undefined ? {} : { run: line }), blocks }, context };
}
