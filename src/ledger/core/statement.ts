import { millicredits, toText, type Millicredits } from '../../contracts/millicredits';
import { type PaygRate } from '../../contracts/money';
import { toIso, type Instant } from '../../contracts/time';
import { type Draft } from './draft';
import { available } from './spendable';
import { type EventBody, type Statement } from './types';

const MILLICREDITS_PER_CREDIT = 1000n;
const MICRO_USD_PER_CENT = 10_000n;

/** PAYG in cents at a rate, exact up to one rounding, half up. */
export function paygCents(amount: Millicredits, rate: PaygRate): bigint {
  const divisor = rate.credits * MILLICREDITS_PER_CREDIT * MICRO_USD_PER_CENT;
  return (2n * amount * rate.microUsd + divisor) / (2n * divisor);
}

/** Available and held over all grants: what a statement closes with and the next one opens with. */
export function inGrants(draft: Draft): { readonly held: Millicredits; readonly all: Millicredits } {
  let held = 0n;
  let free = 0n;
  for (const grant of draft.grants.values()) {
    held += grant.held;
    free += available(grant);
  }
  return { held: millicredits(held), all: millicredits(held + free) };
}

/** The statement of the period that closes, after everything of it has been allotted and expired. */
export function makeStatement(draft: Draft, closedAt: Instant): Statement {
  const { team } = draft;
  const { held, all } = inGrants(draft);
  // The plan as it was to the period's last moment: its end is the next one's start.
  const rate = team.paygRate ?? draft.plan(team.plan, team.period.end - 1).paygRate;
  return {
    period: team.period,
    plan: team.plan,
    closedAt,
    opening: team.periodOpening,
    granted: team.periodGranted,
    charged: team.periodCharged,
    expired: team.periodExpired,
    withdrawn: team.periodWithdrawn,
    closing: all,
    heldOverIn: team.periodHeldOver,
    heldOverOut: held,
    paygHeldOverIn: team.periodPaygHeldOver,
    paygHeldOverOut: team.paygHeld,
    heldOverCharged: team.heldOverCharged,
    heldOverReturned: team.heldOverReturned,
    payg: team.paygCharged,
    paygRate: rate,
    paygCents: paygCents(team.paygCharged, rate),
    paygReversed: team.paygReversed,
    paygReversedCents: paygCents(team.paygReversed, rate),
    overdraft: team.overdraft,
    overdraftPolicy: team.overdraftPolicy,
    owed: team.owed,
  };
}

/** What the event of a statement says of it. */
export function factsOf(
  statement: Statement,
): Extract<EventBody, { readonly kind: 'statement.closed' }>['data'] {
  const { period, plan, charged, closing, payg, paygCents: cents, paygReversed, overdraft } = statement;
  return {
    period: period.index,
    start: toIso(period.start),
    end: toIso(period.end),
    plan,
    charged: toText(charged),
    closing: toText(closing),
    payg: toText(payg),
    paygCents: cents.toString(),
    paygReversed: toText(paygReversed),
    paygReversedCents: statement.paygReversedCents.toString(),
    overdraft: toText(overdraft),
  };
}
