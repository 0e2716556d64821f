import { ApplicationFailure } from '@temporalio/activity';
import { type MeteredRun, type UncommittedUsage } from '../contracts/activities';
import { type Charge } from '../contracts/charge';
import { messageOf } from '../contracts/error-text';
import { parseMillicredits, ZERO, type Millicredits } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { charge, chargeActivity, type RateCard } from '../pricing';
import { FAILURE } from '../contracts/failures';
import { type Deadlines, type MeteringDeps, type Submitter } from './deps';
import { creditLimitReached, ledgerRefused } from './failures';
import { type ActivityObserver } from './observer';

/**
 * The one place that reserves, executes and commits: for a flow's blocks and for an ordinary workflow's activities.
 *
 * The ledger never fails an attempt. Before the execution a reservation that cannot be made in time is left out; after
 * it, usage that cannot be committed in time is handed to the caller, and the workflow commits it.
 */

/** One block run, or one activity of an ordinary workflow. */
export interface MeteredItem {
  readonly run: MeteredRun;
  /** The block's path, or the activity's key. */
  readonly key: string;
  readonly type: string;
  readonly rows: 'blocks' | 'activities';
  /** What it probably costs: exact where the price is fixed. Zero makes no reservation. */
  readonly likely: Millicredits;
  /** Executing it has no effect but its result: then it is reserved with its commit, in one go. */
  readonly pure?: boolean;
  /** It is a child's, which may outlive the run: one that is closed is not opened again, and charged late. */
  readonly child?: boolean;
  /** Its next attempt comes under another key: what this one set aside goes back. */
  readonly keyedByAttempt?: boolean;
}

/** What is executed under the meter. */
export interface Attempt<T> {
  execute(): Promise<T>;
  /** What the block used that just ended, by result or by failure. Null: nothing that can be told. */
  usage(): Usage | null;
  /** What a failure means: it was the last attempt, or another one follows (or runs already). */
  judge(error: unknown): 'final' | 'retried';
}

/** `charged` is null while `uncommitted` has to be committed. */
export interface Settled {
  readonly charged: Millicredits | null;
  readonly uncommitted: UncommittedUsage | null;
}

export type Metered<T> =
  | { readonly status: 'done'; readonly result: T; readonly settled: Settled }
  | { readonly status: 'failed'; readonly error: unknown; readonly settled: Settled }
  | { readonly status: 'retried'; readonly error: unknown };

/** What metering works with. `warn` tells of ledger trouble that was worked around. */
export interface Meter {
  readonly ledger: Submitter;
  readonly card: RateCard;
  readonly deadlines: Deadlines;
  readonly observer?: ActivityObserver | undefined;
  readonly warn: (message: string, attributes: Record<string, unknown>) => void;
}

export function meterOf(
  { ledger, deadlines, observer }: MeteringDeps,
  card: RateCard,
  warn: Meter['warn'],
): Meter {
  return { ledger, deadlines, observer, card, warn };
}

const NOTHING: Settled = { charged: ZERO, uncommitted: null };

/**
 * Reserves, executes, commits. Where the item costs nothing there is no ledger call at all.
 * Throws `RunCreditLimitReached` instead of executing when the run's limit is reached, and `CommandRefused` for a run
 * the ledger never admitted. Usage that no row can price fails an execution that succeeded: it is a mistake in the
 * executor, and executing again would not mend it.
 */
export async function metered<T>(meter: Meter, item: MeteredItem, attempt: Attempt<T>): Promise<Metered<T>> {
  const reserved = item.likely > ZERO && item.pure !== true ? await reserve(meter, item) : 'nothing';
  let result: T;
  try {
    result = await attempt.execute();
  } catch (error) {
    // An attempt that will be retried commits nothing; its reservation waits for the next one.
    if (attempt.judge(error) !== 'final') {
      if (item.keyedByAttempt === true) await giveBack(meter, item, reserved);
      return { status: 'retried', error };
    }
    return { status: 'failed', error, settled: await settleFailed(meter, item, attempt.usage(), reserved) };
  }
  const usage = attempt.usage() ?? {};
  let price: Charge;
  try {
    price = priceOf(item, item.run, meter.card, usage, false);
  } catch (error) {
    return { status: 'failed', error, settled: await giveBack(meter, item, reserved) };
  }
  return { status: 'done', result, settled: await settle(meter, item, usage, price, false, reserved) };
}

async function settleFailed(
  meter: Meter,
  item: MeteredItem,
  usage: Usage | null,
  reserved: Reserved,
): Promise<Settled> {
  if (usage === null) return giveBack(meter, item, reserved);
  let price: Charge;
  try {
    price = priceOf(item, item.run, meter.card, usage, true);
  } catch (error) {
    meter.warn('what a failed block used cannot be priced', { key: item.key, error: messageOf(error) });
    return giveBack(meter, item, reserved);
  }
  return settle(meter, item, usage, price, true, reserved);
}

type Reserved = 'reserved' | 'charged' | 'unknown' | 'nothing';

/** `unknown`: the ledger did not answer in time; whether it reserved or not, the block executes. */
export async function reserve(meter: Meter, { run, key, likely, child }: MeteredItem): Promise<Reserved> {
  const { team, runId } = run;
  const stays = child === true ? ({ reopens: false } as const) : {};
  const answer = await meter.ledger
    .submit(
      { kind: 'reserve', team, runId, key, amount: likely, ...stays },
      { timeoutMs: meter.deadlines.reserveMs },
    )
    .catch((error: unknown) => {
      meter.observer?.workedAround?.('reserve');
      meter.warn('the ledger does not answer: executing without a reservation', {
        key,
        error: messageOf(error),
      });
      return null;
    });
  if (answer === null) return 'unknown';
  if (answer.status === 'closed') return 'nothing';
  if (answer.status !== 'refused') return answer.status;
  if (answer.reason === 'limit-reached') throw creditLimitReached(answer);
  throw ledgerRefused(`reserve for "${key}"`, answer);
}

/** Prices what was used under the pinned card. */
export function priceOf(
  item: { readonly type: string; readonly rows: 'blocks' | 'activities' },
  run: MeteredRun,
  card: RateCard,
  usage: Usage,
  failed: boolean,
): Charge {
  const priced = { type: item.type, usage, failed };
  return item.rows === 'blocks'
    ? charge(priced, run.context, card)
    : chargeActivity(priced, run.context, card);
}

async function settle(
  meter: Meter,
  item: MeteredItem,
  usage: Usage,
  price: Charge,
  failed: boolean,
  reserved: Reserved,
): Promise<Settled> {
  if (parseMillicredits(price.millicredits) === ZERO) return giveBack(meter, item, reserved);
  try {
    const charged = await commit(meter.ledger, { ...item, failed }, usage, price, meter.deadlines.commitMs);
    return { charged, uncommitted: null };
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === FAILURE.creditLimitReached) throw error;
    meter.observer?.workedAround?.('commit');
    meter.warn('the ledger does not answer: the usage travels with the result', {
      key: item.key,
      error: messageOf(error),
    });
    const { key, type, rows } = item;
    return { charged: null, uncommitted: { key, type, usage, rows, failed } };
  }
}

/**
 * Charges usage under its key; the first commit of a key stands, so this may be repeated.
 * Throws when the ledger cannot be reached, `CommandRefused` when it never admitted the run, and
 * `RunCreditLimitReached` for what is reserved with its commit and beyond the limit.
 */
export async function commit(
  ledger: Submitter,
  item: Pick<MeteredItem, 'run' | 'key' | 'type' | 'pure'> & { readonly failed?: boolean },
  usage: Usage,
  price: Charge,
  timeoutMs: number,
): Promise<Millicredits> {
  const { run, key, type, pure, failed } = item;
  const answer = await ledger.submit(
    {
      kind: 'commit',
      team: run.team,
      runId: run.runId,
      key,
      amount: parseMillicredits(price.millicredits),
      detail: { type, lines: price.lines, usage, ...(failed === true ? { failed } : {}) },
      ...(pure === true ? { atOnce: true } : {}),
    },
    { timeoutMs },
  );
  if (answer.status === 'refused' && answer.reason === 'limit-reached') throw creditLimitReached(answer);
  if (answer.status === 'refused') throw ledgerRefused(`commit of "${key}"`, answer);
  return answer.amount;
}

/** Gives a reservation back. What cannot be given back now goes back when the run closes. */
async function giveBack(meter: Meter, { run, key }: MeteredItem, reserved: Reserved): Promise<Settled> {
  if (reserved !== 'reserved') return NOTHING;
  await meter.ledger
    .submit(
      { kind: 'unreserve', team: run.team, runId: run.runId, key },
      { timeoutMs: meter.deadlines.commitMs },
    )
    .catch((error: unknown) => {
      meter.warn('the ledger does not answer: the reservation goes back at the close', {
        key,
        error: messageOf(error),
      });
    });
  return NOTHING;
}
