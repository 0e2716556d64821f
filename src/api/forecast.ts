import { type Instant } from '../contracts/time';

/** A day that is over, in the team's zone. */
export interface UsedDay {
  readonly start: Instant;
  readonly end: Instant;
  readonly used: bigint;
}

export interface ForecastInput {
  readonly now: Instant;
  /** Of the period: what is left then does not roll over. */
  readonly periodEnd: Instant;
  /** In grants: available, and held by runs that will use it. */
  readonly remaining: bigint;
  /** The latest days that are over, in order, without a gap. Those before the first usage are left out. */
  readonly days: readonly UsedDay[];
}

/** What a forecast stands on: so much in so many days. */
export interface Basis {
  readonly from: Instant;
  readonly to: Instant;
  readonly days: number;
  readonly used: bigint;
}

export type Forecast =
  | { readonly status: 'too-little-data'; readonly days: number; readonly needed: number }
  | { readonly status: 'out'; readonly basis: Basis | null }
  | { readonly status: 'runs-out'; readonly at: Instant; readonly basis: Basis }
  | { readonly status: 'lasts'; readonly leftAtReset: bigint; readonly basis: Basis };

/** So many days are looked back at most: older usage says little of tomorrow's. */
export const LOOK_BACK_DAYS = 14;
/** One or two days are no habit. */
export const LEAST_DAYS = 3;

/**
 * When the credits of a period run out if usage goes on as in the days before: exact integers, rounded up to a
 * millisecond. Says that it cannot tell where there are fewer than {@link LEAST_DAYS} days since usage began. Packs and
 * adjustments that expire before the reset count as if they did not.
 */
export function forecast({ now, periodEnd, remaining, days }: ForecastInput): Forecast {
  const first = days.findIndex(({ used }) => used > 0n);
  const counted = first === -1 ? [] : days.slice(first).slice(-LOOK_BACK_DAYS);
  const [oldest] = counted;
  const latest = counted.at(-1);
  const used = counted.reduce((sum, day) => sum + day.used, 0n);
  const basis =
    oldest === undefined || latest === undefined
      ? null
      : { from: oldest.start, to: latest.end, days: counted.length, used };
  // What is over needs no habit: not even a day, where it was used up on the first.
  if (remaining <= 0n) return { status: 'out', basis };
  if (basis === null || counted.length < LEAST_DAYS)
    return { status: 'too-little-data', days: counted.length, needed: LEAST_DAYS };
  const span = BigInt(basis.to - basis.from);
  const left = BigInt(Math.max(0, periodEnd - now));
  const untilReset = used * left;
  // remaining / (used / span) is not before the reset: nothing is divided to find that out.
  if (remaining * span >= untilReset) {
    return { status: 'lasts', leftAtReset: remaining - ceilDivided(untilReset, span), basis };
  }
  return { status: 'runs-out', at: now + Number(ceilDivided(remaining * span, used)), basis };
}

/** Of numbers that are not negative, the second more than 0. */
function ceilDivided(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
