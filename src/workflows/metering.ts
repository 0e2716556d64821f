import {
  CancellationScope,
  condition,
  ContinueAsNew,
  defineSignal,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { type Admission, type LeaveReason, type MeteredRun, type Settlement } from '../contracts/activities';
import { jsonBytes } from '../contracts/blocks-size';
import { type MillicreditsText } from '../contracts/millicredits';
import { RUN } from '../contracts/names';
import { type AdmissionAnswer } from '../contracts/run';
import { runDiscarded, runRejected, waitTimedOut } from './failures';
import { localFirst, untilDone } from './our-activities';

/**
 * The one place where a run asks for admission, waits in the line, and closes: for `flowRun` and, by the interceptor,
 * for ordinary workflows.
 */

/** What `creditsReleased` carries; a run ignores another's. */
export interface CreditsReleased {
  readonly runId: string;
}

export interface Discard {
  readonly runId: string;
  readonly actor?: string;
  readonly reason?: string;
}

export const creditsReleased = defineSignal<[CreditsReleased]>(RUN.creditsReleased);
export const discardRun = defineSignal<[Discard]>(RUN.discard);

export type MeterPhase = 'starting' | 'waiting' | 'open' | 'closed';

export interface RunMeter {
  readonly runId: string;
  readonly phase: () => MeterPhase;
  /** Null until the ledger has answered. */
  readonly admission: () => Admission | null;
  /** What was pinned; null where nothing is metered. */
  readonly run: () => MeteredRun | null;
  /** True if it waited and was released: newer runs go before its blocks. */
  readonly waited: () => boolean;
  /** The latest ones, at most 1,000. */
  readonly charges: () => readonly BlockCharge[];
  /** The sum of all of them, in millicredits. */
  readonly charged: () => MillicreditsText;
  /** Resolves with the ledger's first answer. */
  readonly answered: () => Promise<AdmissionAnswer>;
  /** Resolves when the run may begin. */
  readonly begun: () => Promise<void>;
  /** Notes what a block was charged, and commits what it could not. */
  readonly settle: (key: string, settlement: Settlement | undefined) => void;
  /** Waits until every usage is committed, and gives what an execution that goes on with this run needs. */
  readonly carry: () => Promise<CarriedMeter>;
  /** Admits, waits if it must, does the work, closes. */
  readonly metered: <T>(ask: () => Promise<Admission>, work: () => Promise<T>) => Promise<MeteredResult<T>>;
  /** Does the work on a run that another workflow opened and will close: only its own commits are waited for. */
  readonly within: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface BlockCharge {
  readonly key: string;
  readonly millicredits: MillicreditsText;
}

/** What a run that continues as new takes along. */
export interface CarriedMeter {
  readonly admission: Admission;
  readonly waited: boolean;
  readonly charged: MillicreditsText;
  readonly charges: readonly BlockCharge[];
}

export interface MeteredResult<T> {
  readonly result: T;
  readonly charged: MillicreditsText;
}

export interface MeterHooks {
  readonly onPhase?: (phase: MeterPhase) => void;
}

/** Anybody may signal anything, or nothing; a handler that threw would hold the run up for ever. */
function isFor(runId: string, signal: unknown): boolean {
  return typeof signal === 'object' && signal !== null && 'runId' in signal && signal.runId === runId;
}

/** A view of a run is one payload; the ledger has every charge. */
const CHARGES_SHOWN = 1000;
/** A payload holds flow and state, too. */
const CHARGES_CARRIED_BYTES = 64 * 1024;

/**
 * Opens the meter of this run, and listens for its signals at once: one may come before the ledger's answer. A run that
 * goes on with what was `carried` is open already: it is not asked for again.
 */
export function openMeter(runId: string, hooks: MeterHooks = {}, carried?: CarriedMeter): RunMeter {
  let phase: MeterPhase = carried === undefined ? 'starting' : 'open';
  let admission: Admission | null = carried?.admission ?? null;
  let released = false;
  let discarded: Discard | null = null;
  let waited = carried?.waited ?? false;
  let fault: unknown = null;
  let charged = BigInt(carried?.charged ?? '0');
  const charges: BlockCharge[] = [...(carried?.charges ?? [])];
  const commits: Promise<void>[] = [];

  setHandler(creditsReleased, (signal) => {
    if (isFor(runId, signal)) released = true;
  });
  setHandler(discardRun, (signal) => {
    if (isFor(runId, signal)) discarded ??= signal;
  });

  function enter(next: MeterPhase): void {
    phase = next;
    hooks.onPhase?.(next);
  }

  const runOf = (): MeteredRun | null => admission?.run ?? null;

  async function admit(ask: () => Promise<Admission>): Promise<void> {
    // Not to be cancelled half way: whether the ledger admitted the run must be known, or its hold would stay.
    try {
      admission = await CancellationScope.nonCancellable(ask);
    } catch (error) {
      fault = error;
      throw error;
    }
    const { answer, run } = admission;
    if (answer.status === 'rejected') throw runRejected(answer);
    if (answer.status === 'waiting' && run !== null) {
      enter('waiting');
      waited = true;
      await waitInLine(run, admission.longestWaitSeconds);
    }
    enter('open');
  }

  async function waitInLine(run: MeteredRun, longestWaitSeconds: number | undefined): Promise<void> {
    const moved = (): boolean => released || discarded !== null;
    let reason: LeaveReason;
    let failure: unknown;
    try {
      if (longestWaitSeconds === undefined) await condition(moved);
      else if (!(await condition(moved, longestWaitSeconds * 1000))) {
        throw waitTimedOut(runId, longestWaitSeconds);
      }
      if (discarded === null) return;
      reason = 'discarded';
      failure = runDiscarded(runId, discarded.actor ?? 'an operator', discarded.reason ?? 'no reason given');
    } catch (error) {
      reason = isCancellation(error) ? 'cancelled' : 'timed-out';
      failure = error;
    }
    const left = await CancellationScope.nonCancellable(() =>
      untilDone['flowCredits.leave']({ run, reason }),
    );
    if (left.status === 'left') throw failure;
    // It was admitted in the meantime: it goes on, and a cancelled one closes like any other.
    if (reason === 'cancelled') {
      enter('open');
      throw failure;
    }
  }

  function note(key: string, millicredits: MillicreditsText): void {
    if (millicredits === '0') return;
    charged += BigInt(millicredits);
    charges.push({ key, millicredits });
    if (charges.length > CHARGES_SHOWN) charges.shift();
  }

  function settle(key: string, settlement: Settlement | undefined): void {
    if (settlement === undefined) return;
    const { charged: known, uncommitted } = settlement;
    if (known !== null) note(key, known);
    const run = runOf();
    if (uncommitted === undefined || run === null) return;
    const commit = CancellationScope.nonCancellable(async () => {
      const done = await untilDone['flowCredits.commit']({ run, used: uncommitted });
      note(key, done.charged);
    });
    // Awaited before the close; a refusal must not be an unhandled rejection until then.
    commit.catch(() => undefined);
    commits.push(commit);
  }

  async function committed(): Promise<void> {
    const outcomes = await Promise.allSettled(commits);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
  }

  async function within<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await CancellationScope.nonCancellable(committed);
    }
  }

  async function carry(): Promise<CarriedMeter> {
    await committed();
    if (admission === null)
      throw new TypeError(`run "${runId}" has not been admitted and cannot go on as new`);
    return { admission, waited, charged: charged.toString(), charges: latest(charges) };
  }

  async function close(reason: string): Promise<MillicreditsText> {
    const run = runOf();
    if (run === null || phase !== 'open') return '0';
    return CancellationScope.nonCancellable(async () => {
      const outcomes = await Promise.allSettled(commits);
      const { charged } = await localFirst((ours) => ours['flowCredits.close']({ run, reason }));
      enter('closed');
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      if (refused !== undefined) throw refused.reason;
      return charged;
    });
  }

  async function metered<T>(
    ask: () => Promise<Admission>,
    work: () => Promise<T>,
  ): Promise<MeteredResult<T>> {
    let result: T;
    try {
      if (carried === undefined) await admit(ask);
      result = await work();
    } catch (error) {
      // What continues as new is the same run: it goes on, with what it holds.
      if (!(error instanceof ContinueAsNew)) await close(isCancellation(error) ? 'cancelled' : 'failed');
      throw error;
    }
    return { result, charged: await close('completed') };
  }

  return {
    runId,
    phase: () => phase,
    admission: () => admission,
    run: runOf,
    waited: () => waited,
    charges: () => charges,
    charged: () => charged.toString(),
    carry,
    answered: async () => {
      await condition(() => admission !== null || fault !== null);
      if (admission === null) throw fault;
      return admission.answer;
    },
    begun: () => condition(() => phase === 'open' || phase === 'closed'),
    settle,
    metered,
    within,
  };
}

/** The latest charges that fit. */
function latest(charges: readonly BlockCharge[]): readonly BlockCharge[] {
  let bytes = 0;
  const first = charges.findLastIndex((charge) => {
    bytes += jsonBytes({ ...charge }) + ','.length;
    return bytes > CHARGES_CARRIED_BYTES;
  });
  return charges.slice(first + 1);
}
