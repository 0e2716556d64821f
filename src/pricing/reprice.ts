import { type Charge, type ChargeLine } from '../contracts/charge';
import { type RunContext } from '../contracts/context';
import { millicredits, parseMillicredits, ZERO, type Millicredits } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { type RateCard } from './card-schema';
import { charge, runCharge } from './charge';
import { PricingRefusal } from './refusal';
import { type Table } from './rows';

/** A charge that was made, with what it was made for and what was reversed of it since. */
export interface PastCharge {
  readonly type: string;
  readonly usage: Usage;
  readonly failed?: boolean;
  /** `run`: what the flow run itself cost. */
  readonly rows: Table | 'run';
  readonly context: RunContext;
  readonly amount: Millicredits;
  readonly lines: readonly ChargeLine[];
  /** `line` null: all that was left of it. */
  readonly reversals: readonly { readonly line: number | null; readonly amount: Millicredits }[];
}

/** A past charge under another card: what it was and what it would be, or why that cannot be told. */
export type Repriced =
  | { readonly status: 'repriced'; readonly was: Millicredits; readonly would: Millicredits }
  | { readonly status: 'refused'; readonly was: Millicredits; readonly reason: string };

/**
 * What a past charge is now, less what was reversed of it, and what it would be under a card: the same usage in the
 * same run, priced again. One that was reversed whole is nothing under any card. Of one with reversed lines the same
 * lines are taken away, found by what they are for; where the card has no such line, nobody can say.
 */
export function reprice(past: PastCharge, card: RateCard): Repriced {
  const was = past.reversals.reduce<bigint>((left, { amount }) => left - amount, past.amount);
  const now = { was: millicredits(was) };
  if (past.reversals.some(({ line }) => line === null)) return { status: 'repriced', ...now, would: ZERO };
  let price: Charge;
  try {
    price = past.rows === 'run' ? runCharge(past.context, card) : priced(past, past.rows, card);
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error;
    return { status: 'refused', ...now, reason: `${error.path}: ${error.reason}` };
  }
  let would: bigint = parseMillicredits(price.millicredits);
  const left = [...price.lines];
  for (const { line } of past.reversals) {
    const reversed = line === null ? undefined : past.lines[line];
    const same = left.findIndex(({ what }) => what === reversed?.what);
    const [gone] = same < 0 ? [] : left.splice(same, 1);
    if (gone === undefined) {
      const what = reversed?.what ?? 'a line';
      return { status: 'refused', ...now, reason: `"${what}" was reversed, and the card has no such line` };
    }
    would -= parseMillicredits(gone.millicredits);
  }
  return { status: 'repriced', ...now, would: millicredits(would) };
}

function priced({ type, usage, failed, context }: PastCharge, rows: Table, card: RateCard): Charge {
  return charge({ type, usage, rows, ...(failed === undefined ? {} : { failed }) }, context, card);
}
