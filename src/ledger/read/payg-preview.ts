import { millicredits, min, type Millicredits } from '../../contracts/millicredits';
import { type MicroUsd, type PaygRate } from '../../contracts/money';
import { setPayg } from '../core/payg';
import { paygRate, spendable } from '../core/spendable';
import { paygCents } from '../core/statement';
import { type Rules, type TeamStatus } from '../core/types';
import { whenEachGoes } from '../core/when-each-goes';
import { currentBooks } from './current';
import { needsOfLine } from './line';
import { type Query } from './rows';

/** What turning pay-as-you-go on would do to a team's line. Changes nothing. */
export interface PaygPreview {
  readonly team: string;
  readonly plan: string;
  readonly status: TeamStatus;
  /** As it is set now. */
  readonly now: {
    readonly enabled: boolean;
    readonly cap: MicroUsd | null;
    readonly charged: Millicredits;
    readonly held: Millicredits;
  };
  readonly rate: PaygRate;
  readonly waiting: number;
  /** What all that wait will probably use. */
  readonly likely: Millicredits;
  /** The same at the team's rate, rounded once, half up. */
  readonly likelyCents: bigint;
  /** Whether the team may have it; if not, why and what would help. */
  readonly allowed: boolean;
  readonly refusal: { readonly reason: string; readonly message: string } | null;
  /** Who would go at once under the cap that was asked for; null where none was, or where it is not allowed. */
  readonly atOnce: {
    /** Null: uncapped. */
    readonly cap: MicroUsd | null;
    readonly runs: number;
    readonly hold: Millicredits;
  } | null;
}

/** `cap` null is uncapped; left out: nothing is said of who would go. Null for an unknown team. */
export async function previewPayg(
  query: Query,
  rules: Rules,
  team: string,
  cap?: MicroUsd | null,
): Promise<PaygPreview | null> {
  const books = await currentBooks(query, rules, team);
  if (books === null) return null;
  const line = await needsOfLine(query, team);
  const { plan, status, payg, paygCharged, paygHeld } = books.team;
  const rate = paygRate(books);
  const likely = millicredits(line.reduce((sum, run) => sum + run.likely, 0n));
  // The core's own answer, on a copy of the books that nobody writes.
  const answer = setPayg(books, {
    kind: 'setPayg',
    team,
    enabled: true,
    cap: cap ?? null,
    requestId: 'preview',
    actor: 'preview',
  });
  const refusal = answer.status === 'refused' ? { reason: answer.reason, message: answer.message } : null;
  const goes = refusal === null && cap !== undefined;
  return {
    team,
    plan,
    status,
    now: { ...payg, charged: paygCharged, held: paygHeld },
    rate,
    waiting: line.length,
    likely,
    likelyCents: paygCents(likely, rate),
    allowed: refusal === null,
    refusal,
    atOnce: goes ? { cap, ...atOnce(whenEachGoes(books, line), line, spendable(books)) } : null,
  };
}

function atOnce(
  going: ReturnType<typeof whenEachGoes>,
  line: readonly { readonly hold: Millicredits }[],
  all: Millicredits,
): { readonly runs: number; readonly hold: Millicredits } {
  const now = line.filter((_, index) => going[index]?.resets === 0);
  const wanted = now.reduce((sum, { hold }) => sum + hold, 0n);
  return { runs: now.length, hold: min(millicredits(wanted), all) };
}
