import { millicredits, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Move, type Part, type Run, type Source } from '../core/types';

/** Lists of amounts as JSON text, made by hand: they are the bulk of what is written. `[["grant:1","1000"]]`. */
export function partsText(parts: readonly Part[]): string {
  if (parts.length === 0) return '[]';
  let text = '[';
  for (const { source, amount } of parts) {
    text += `${text.length > 1 ? ',' : ''}["${source}","${amount.toString()}"]`;
  }
  return `${text}]`;
}

export function movesText(moves: readonly Move[]): string {
  if (moves.length === 0) return '[]';
  let text = '[';
  for (const { account, delta } of moves) {
    text += `${text.length > 1 ? ',' : ''}["${account}","${delta.toString()}"]`;
  }
  return `${text}]`;
}

const NO_PARTS: readonly Part[] = [];

export function partsFrom(text: string): readonly Part[] {
  if (text === '[]') return NO_PARTS;
  const pairs = JSON.parse(text) as readonly (readonly [Source, string])[];
  return pairs.map(([source, amount]) => ({ source, amount: amountFrom(amount) }));
}

export function reservationsText(reservations: Run['reservations']): string {
  let text = '{';
  for (const key in reservations) {
    const amount = reservations[key];
    if (amount === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:"${amount.toString()}"`;
  }
  return `${text}}`;
}

const NO_RESERVATIONS: Run['reservations'] = {};

export function reservationsFrom(text: string): Run['reservations'] {
  if (text === '{}') return NO_RESERVATIONS;
  const pairs = JSON.parse(text) as Readonly<Record<string, string>>;
  return Object.fromEntries(Object.entries(pairs).map(([key, amount]) => [key, amountFrom(amount)]));
}

export function amountFrom(text: string): Millicredits {
  return text === '0' ? ZERO : millicredits(BigInt(text));
}
