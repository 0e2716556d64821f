import { type Operation, type ResultOf } from '../core/operations';
import { type EventKind } from '../core/types';
import { messageOf } from '../../contracts/error-text';

/** Who looks at how a ledger works: metrics, traces. Where nobody does, nothing is measured. */
export interface LedgerObserver {
  /** It looks at this ledger from now on. Gives what to do when it stops. */
  readonly attached?: (ledger: LedgerState) => () => void;
  /** An operation was submitted; called in the caller's own context. Gives who hears of its end, if anybody. */
  readonly submitted?: (operation: Operation) => OperationEnded | null;
  /** A batch was committed. */
  readonly committed?: (batch: ObservedBatch) => void;
}

/** How a ledger is at present. */
export interface LedgerState {
  /** Operations that wait for a transaction. */
  readonly queued: number;
}

/** What can be looked at: `Ledger` of `ledger/` is one. */
export interface Observable {
  /** Gives the function that ends it. */
  observe(observer: LedgerObserver): () => void;
}

/** Called once: with the answer, a refusal too, or with what was thrown. */
export type OperationEnded = (end: OperationEnd) => void;
/** How an operation ended. */
export type OperationEnd =
  | { readonly result: ResultOf<Operation>; readonly error: null }
  | { readonly result: null; readonly error: Error };

/** A batch that was committed. */
export interface ObservedBatch {
  readonly operations: number;
  /** How many events of each kind it wrote. */
  readonly events: ReadonlyMap<EventKind, number>;
}

/** Those who look at one ledger. Who is added twice is told once, until it was taken away twice. */
export class Observers {
  private readonly all = new Map<LedgerObserver, { times: number; readonly detach: () => void }>();

  constructor(private readonly state: LedgerState) {}

  get some(): boolean {
    return this.all.size > 0;
  }

  add(observer: LedgerObserver): () => void {
    const known = this.all.get(observer);
    if (known === undefined) {
      this.all.set(observer, {
        times: 1,
        detach: observer.attached?.(this.state) ?? ((): void => undefined),
      });
    } else known.times += 1;
    let added = true;
    return () => {
      if (added) this.remove(observer);
      added = false;
    };
  }

  submitted(operation: Operation): OperationEnded {
    const ends = [...this.all.keys()].flatMap(({ submitted }) => {
      const ended = submitted === undefined ? null : attempt(() => submitted(operation));
      return ended === null ? [] : [ended];
    });
    return (end) => {
      for (const ended of ends) {
        attempt(() => {
          ended(end);
        });
      }
    };
  }

  committed(batch: ObservedBatch): void {
    for (const { committed } of this.all.keys()) attempt(() => committed?.(batch));
  }

  private remove(observer: LedgerObserver): void {
    const known = this.all.get(observer);
    if (known === undefined) return;
    known.times -= 1;
    if (known.times > 0) return;
    this.all.delete(observer);
    known.detach();
  }
}

/** An observer's fault is not the ledger's. */
function attempt<T>(tell: () => T): T | null {
  try {
    return tell();
  } catch (error) {
    process.emitWarning(`an observer of the ledger failed: ${messageOf(error)}`);
    return null;
  }
}
