import { type ChargeRow, type LedgerReader } from '../ledger/read';
import { rowAt, type Pricing } from '../pricing';
import { type ChargeBody } from './schemas/runs';
import { moment, text } from './wire';

type Kinds = Awaited<ReturnType<LedgerReader['grantKinds']>>;

/** The numbers of the grants that charges came from. */
export function grantsIn(charges: readonly ChargeRow[]): readonly number[] {
  const found = charges.flatMap(({ parts }) => parts.map(({ source }) => grantOf(source)));
  return [...new Set(found.filter((grant) => grant !== null))];
}

/** Charges as they are explained: each line with its row of the run's own card, each source by its kind. */
export function explained(
  charges: readonly ChargeRow[],
  {
    rateCard,
    pricing,
    kinds,
  }: { readonly rateCard: string; readonly pricing: Pricing; readonly kinds: Kinds },
): ChargeBody[] {
  const card = pricing.card(rateCard);
  return charges.map(({ seq, key, at, period, amount, parts, detail, reversals, late, unreserved }) => ({
    entry: seq,
    key,
    type: detail?.type ?? null,
    at: moment(at),
    period,
    millicredits: text(amount),
    lines: (detail?.lines ?? []).map((line) => ({
      ...line,
      source: card === null ? null : (rowAt(card, line.row)?.source ?? null),
    })),
    sources: parts.map(({ source, amount: part }) => {
      const grant = grantOf(source);
      return { source: sourceOf(source, grant, kinds), grant, millicredits: text(part) };
    }),
    reversals: reversals.map((reversal) => ({
      entry: reversal.seq,
      line: reversal.line,
      millicredits: text(reversal.amount),
    })),
    usage: detail?.usage ?? {},
    failed: detail?.failed === true,
    late,
    unreserved,
  }));
}

type Source = ChargeRow['parts'][number]['source'];

function grantOf(source: Source): number | null {
  return source === 'payg' || source === 'overdraft' ? null : Number(source.slice('grant:'.length));
}

function sourceOf(
  source: Source,
  grant: number | null,
  kinds: Kinds,
): ChargeBody['sources'][number]['source'] {
  if (source === 'payg' || source === 'overdraft') return source;
  const kind = grant === null ? undefined : kinds.get(grant);
  if (kind === undefined) throw new TypeError(`${source} is charged and was never granted`);
  return kind;
}
