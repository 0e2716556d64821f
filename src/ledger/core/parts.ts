import { millicredits, ZERO, type Millicredits } from '../../contracts/millicredits';
import { type Part, type Source } from './types';

const GRANT = 'grant:';

export function sourceOfGrant(id: number): Source {
  return `grant:${id}`;
}

/** The grant's id, or null for PAYG and overdraft. */
export function grantOfSource(source: Source): number | null {
  return source.startsWith(GRANT) ? Number(source.slice(GRANT.length)) : null;
}

export function sumOf(parts: readonly Part[]): Millicredits {
  let sum = 0n;
  for (const part of parts) sum += part.amount;
  return millicredits(sum);
}

export function amountFrom(parts: readonly Part[], source: Source): Millicredits {
  for (const part of parts) if (part.source === source) return part.amount;
  return ZERO;
}

/** The parts with `amount` (may be negative) more of `source`; a part of nothing is left out. */
export function plusPart(parts: readonly Part[], source: Source, amount: Millicredits): readonly Part[] {
  if (amount === 0n) return parts;
  const at = parts.findIndex((part) => part.source === source);
  const before = parts[at];
  if (before === undefined) return [...parts, { source, amount }];
  const sum = millicredits(before.amount + amount);
  return sum === 0n ? parts.filter((_, i) => i !== at) : parts.with(at, { source, amount: sum });
}
