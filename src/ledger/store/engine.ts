import { randomInt } from 'node:crypto';
import { type Rules } from '../core/types';
import { runBatch } from './batch';
import { type ConnectionOptions } from './connection';
import { failureOf } from './errors';
import { type Links, LinkKeeper } from './links';
import { Memory } from './memory';
import { News, type BatchListeners } from './news';
import { mayBeOptimistic, NotOptimistic, OptimisticBatch } from './optimistic';
import { Pauses } from './pauses';
import { type Pending } from './pending';
import { CommitUnknown } from './transaction';

/** While one batch is written the next one is computed; a third would only wait. */
const AT_ONCE = 2;
/** What waits is shared among the batches that may be under way, but no batch is made smaller than this for it. */
const SMALLEST_SHARE = 16;
/** After another process was quicker, so many batches take the lock first: it may well be quicker again. */
const UNDER_LOCK_AFTER_CONFLICT = 16;

export interface EngineOptions {
  readonly connection: ConnectionOptions;
  readonly rules: Rules;
  readonly listeners: BatchListeners;
  readonly batchLimit: number;
  /** A batch that takes longer has lost its connection without a sign of it. */
  readonly batchTimeoutMs: number;
  /** Nothing is left to do. */
  readonly onIdle: () => void;
}

interface UnderWay {
  readonly pending: readonly Pending[];
  /** When it was sent; null while it is not. */
  sentAt: number | null;
  readonly batch: OptimisticBatch | null;
}

/**
 * Takes operations from its queue in batches. Most are optimistic: computed ahead on what is remembered, two at once.
 * What cannot be, or has failed so, is carried out alone and under lock, again and again until each caller has an
 * answer or has given up.
 */
export class Engine {
  queue: Pending[] = [];
  /** Why the last try failed; null while all is well. */
  trouble: unknown = null;

  private readonly links: LinkKeeper;
  /** Nobody else's: it tells what this instance wrote from what others did. */
  private readonly writer = randomInt(2 ** 48 - 1);
  private readonly memory = new Memory(this.writer);
  private readonly pauses = new Pauses();
  private readonly news: News;
  private underWay: UnderWay[] = [];
  /** Of optimistic batches that failed, in order. */
  private again: Pending[] = [];
  private batches = 0;
  private underLock = 0;
  private scheduled = false;

  constructor(private readonly options: EngineOptions) {
    this.links = new LinkKeeper(options.connection);
    this.news = new News(options.listeners);
  }

  /** Throws what Postgres or the network says. */
  async connect(): Promise<void> {
    await this.links.connect();
  }

  add(pending: Pending): void {
    this.queue.push(pending);
    this.schedule();
  }

  get idle(): boolean {
    return this.queue.length === 0 && this.underWay.length === 0 && this.again.length === 0;
  }

  /** Gives up what is past its deadline, and connections on which nothing comes back. */
  sweep(now: number): void {
    for (const { pending, sentAt } of this.underWay) {
      for (const one of pending) if (one.deadline <= now) one.giveUp('no answer', this.trouble);
      if (sentAt !== null && now - sentAt > this.options.batchTimeoutMs) this.links.cut();
    }
    if (this.queue.some(({ deadline }) => deadline <= now)) {
      const late = this.queue.filter(({ deadline }) => deadline <= now);
      this.queue = this.queue.filter(({ deadline }) => deadline > now);
      for (const one of late) one.giveUp('not begun', this.trouble);
    }
  }

  hurry(): void {
    this.pauses.hurry();
  }

  async end(): Promise<void> {
    await this.links.end();
  }

  /** A turn of the event loop later: the callers that one commit released all join the next batch. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    if (this.again.length > 0) {
      // What failed together is sorted out before anything new is begun.
      if (this.underWay.length > 0) return;
      const again = this.again;
      this.again = [];
      this.memory.clear();
      this.startUnderLock(again);
      return;
    }
    const [first] = this.queue;
    if (first === undefined) {
      if (this.idle) this.options.onIdle();
      return;
    }
    const links = this.links.present;
    if (links === null || this.underLock > 0 || !mayBeOptimistic(first.operation)) {
      if (this.underWay.length === 0) this.startUnderLock(this.take(() => true, 1));
    } else if (this.underWay.length < AT_ONCE && this.underWay.every(({ batch }) => batch !== null)) {
      this.startOptimistic(
        this.take(({ operation }) => mayBeOptimistic(operation)),
        links,
      );
    }
  }

  /** Operations from the head of the queue, as far as they may. Under lock a batch is alone, and shares with none. */
  private take(may: (pending: Pending) => boolean, atOnce = AT_ONCE): readonly Pending[] {
    const share = Math.ceil(this.queue.length / (atOnce - this.underWay.length));
    const batchLimit = Math.min(this.options.batchLimit, Math.max(SMALLEST_SHARE, share));
    const end = this.queue.findIndex((pending, index) => index === batchLimit || !may(pending));
    const batch = end < 0 ? this.queue : this.queue.slice(0, end);
    this.queue = end < 0 ? [] : this.queue.slice(end);
    return batch;
  }

  private startOptimistic(pending: readonly Pending[], { reader, writer }: Links): void {
    this.batches += 1;
    const operations = pending.map(({ operation }) => operation);
    const before = this.underWay.flatMap(({ batch }) => (batch === null ? [] : [batch]));
    const batch = new OptimisticBatch(this.batches, operations, before, this.memory, this.options.rules);
    const underWay: UnderWay = { pending, sentAt: Date.now(), batch };
    this.underWay.push(underWay);
    void batch
      .run(reader, writer)
      .then(
        (applied) => {
          for (const [index, outcome] of applied.outcomes.entries()) pending[index]?.answer(outcome);
          this.trouble = null;
          this.news.committed(applied);
        },
        (error: unknown) => {
          this.again.push(...pending);
          if (error instanceof NotOptimistic) return;
          if (error instanceof CommitUnknown) this.news.mayBeCommitted(error.applied);
          const failure = failureOf(error);
          if (failure === 'connection') this.links.cut();
          else if (failure === 'transient') this.underLock = UNDER_LOCK_AFTER_CONFLICT;
        },
      )
      .finally(() => {
        this.done(underWay);
      });
    // More than one batch may take waits already.
    if (this.queue.length > 0) this.schedule();
  }

  private startUnderLock(pending: readonly Pending[]): void {
    this.underLock = Math.max(0, this.underLock - 1);
    const underWay: UnderWay = { pending, sentAt: null, batch: null };
    this.underWay.push(underWay);
    this.memory.forget(new Set(pending.map(({ operation }) => operation.team)));
    void this.carryOut(underWay).finally(() => {
      this.done(underWay);
    });
  }

  private done(underWay: UnderWay): void {
    this.underWay = this.underWay.filter((one) => one !== underWay);
    // Whoever waited for the last of them, and then moved the clock, finds it moved.
    if (this.underWay.length === 0) this.memory.time.forget();
    this.schedule();
  }

  /** Until each operation has an answer or was given up. Never throws. */
  private async carryOut(underWay: UnderWay): Promise<void> {
    for (let left = underWay.pending; left.length > 0; left = left.filter(({ answered }) => !answered)) {
      underWay.sentAt = Date.now();
      const rest = await this.tryOnce(left);
      underWay.sentAt = null;
      if (rest.length > 0) await this.pauses.next();
      left = rest;
    }
    this.pauses.reset();
  }

  private async tryOnce(pending: readonly Pending[]): Promise<readonly Pending[]> {
    try {
      const { writer } = await this.links.connect();
      const remainder = await runBatch(writer, pending, this.options.rules, this.writer, this.news);
      this.trouble = remainder?.cause ?? null;
      if (remainder?.connectionLost === true) this.links.cut();
      return remainder?.pending ?? [];
    } catch (error) {
      this.trouble = error;
      return pending;
    }
  }
}
