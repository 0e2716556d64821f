import { type Instant } from '../../contracts/time';

/** After so many milliseconds the time is read again: somebody may have moved the ledger's clock. */
const LONGEST_MS = 50;

/**
 * The ledger's time since Postgres last told it, by this process's own clock; never ahead of Postgres's. It holds for
 * as long as batches follow one another without a gap: whoever waited for an answer before sending the next operation
 * gets the time read anew.
 */
export class LedgerTime {
  private told: { readonly time: Instant; readonly askedAt: number; readonly toldAt: number } | null = null;

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** What time it is, if that is known well enough. */
  get now(): Instant | null {
    if (this.told === null) return null;
    const { time, askedAt, toldAt } = this.told;
    const at = this.clock();
    return at - askedAt > LONGEST_MS ? null : time + Math.floor(at - toldAt);
  }

  /** Before Postgres is asked. Returns what to do with its answer. */
  ask(): (time: Instant) => void {
    const askedAt = this.clock();
    return (time) => {
      // Answers to several may come out of order.
      if (this.told === null || askedAt >= this.told.askedAt) {
        this.told = { time, askedAt, toldAt: this.clock() };
      }
    };
  }

  forget(): void {
    this.told = null;
  }
}
