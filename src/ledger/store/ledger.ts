import { type ClientConfig, type Pool } from 'pg';
import { type Operation, type ResultOf } from '../core/operations';
import { type Rules } from '../core/types';
import { LedgerBusy, LedgerUnavailable, messageOf } from './errors';
import { Lane, troubleOf } from './lane';
import { PendingOperation, type Pending } from './pending';
import { type CommittedBatch } from './transaction';

export interface LedgerOptions {
  /** A URL, or a pool whose settings are used: the ledger opens connections of its own. */
  readonly databaseUrl?: string;
  readonly pool?: Pool;
  readonly rules: Rules;
  /** Operations that may wait for a transaction; beyond it {@link LedgerBusy}. Default 20,000. */
  readonly queueLimit?: number;
  /** Connections. Each carries out one batch at a time. Default 2. */
  readonly lanes?: number;
  /** Operations in one transaction. Default 512. */
  readonly batchLimit?: number;
  /** How long a caller waits who does not say, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Any one statement, waiting for a team's lock included. Default 5,000. */
  readonly statementTimeoutMs?: number;
  /** Hears of each batch when it is committed: what happened can be replayed through the core. */
  readonly onBatch?: (batch: CommittedBatch) => void;
}

export type WakeListener = (teams: readonly string[]) => void;

export interface Ledger {
  /**
   * Carries out one operation. A refusal is an answer. Throws {@link LedgerUnavailable} (it may have happened; repeating
   * it is safe), {@link LedgerBusy} (it did not happen), or `LedgerFault` (it cannot happen, and changed nothing).
   */
  submit<O extends Operation>(operation: O, options?: { readonly timeoutMs?: number }): Promise<ResultOf<O>>;
  /** Hears, after commits, of teams whose waiting runs somebody should release. Returns how to stop listening. */
  onWake(listener: WakeListener): () => void;
  /** Why nothing goes through at present, or null. */
  trouble(): string | null;
  /** Takes no more operations, finishes those it has, and disconnects. */
  close(): Promise<void>;
}

const SWEEP_MS = 50;

/** Connects to a migrated database. Throws what Postgres or the network says when it cannot. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const ledger = new GroupCommitLedger(options);
  await ledger.connect();
  return ledger;
}

class GroupCommitLedger implements Ledger {
  private readonly lanes: readonly Lane[];
  private readonly listeners = new Set<WakeListener>();
  private readonly queueLimit: number;
  private readonly batchLimit: number;
  private readonly timeoutMs: number;
  private queue: Pending[] = [];
  private scheduled = false;
  private sweeper: NodeJS.Timeout | null = null;
  private closing: Promise<void> | null = null;
  private whenIdle: (() => void) | null = null;

  constructor(options: LedgerOptions) {
    const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
    this.queueLimit = options.queueLimit ?? 20_000;
    this.batchLimit = options.batchLimit ?? 512;
    this.timeoutMs = options.timeoutMs ?? 5_000;
    const lane = {
      connection: { client: clientOf(options), statementTimeoutMs },
      rules: options.rules,
      listeners: {
        onWake: (teams: readonly string[]) => {
          this.wake(teams);
        },
        onBatch: options.onBatch,
      },
      batchTimeoutMs: 2 * statementTimeoutMs + 1_000,
    };
    this.lanes = Array.from({ length: options.lanes ?? 2 }, () => new Lane(lane));
  }

  async connect(): Promise<void> {
    await this.lanes[0]?.connect();
  }

  submit<O extends Operation>(operation: O, options?: { readonly timeoutMs?: number }): Promise<ResultOf<O>> {
    if (this.closing !== null) return Promise.reject(new LedgerUnavailable('the ledger was closed'));
    if (this.queue.length >= this.queueLimit) {
      return Promise.reject(
        new LedgerBusy(
          `${this.queue.length} ledger operations wait already, which is the limit; try again later`,
        ),
      );
    }
    const timeoutMs = options?.timeoutMs ?? this.timeoutMs;
    const pending = new PendingOperation(operation, Date.now() + timeoutMs, timeoutMs);
    this.queue.push(pending);
    this.schedule();
    this.sweeper ??= setInterval(() => {
      this.sweep();
    }, SWEEP_MS);
    return pending.result;
  }

  onWake(listener: WakeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  trouble(): string | null {
    return troubleOf(this.lanes);
  }

  close(): Promise<void> {
    this.closing ??= this.drainAndClose();
    return this.closing;
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
    for (const lane of this.lanes) {
      if (this.queue.length === 0) return;
      if (lane.current !== null) continue;
      const batch = this.queue.length <= this.batchLimit ? this.queue : this.queue.slice(0, this.batchLimit);
      this.queue = this.queue.length <= this.batchLimit ? [] : this.queue.slice(this.batchLimit);
      void lane.carryOut(batch).then(() => {
        if (this.queue.length > 0) this.schedule();
        else if (this.idle) this.whenIdle?.();
      });
    }
  }

  private get idle(): boolean {
    return this.queue.length === 0 && this.lanes.every(({ current }) => current === null);
  }

  /** One timer for all: gives up what is past its deadline, and connections on which nothing comes back. */
  private sweep(): void {
    const now = Date.now();
    const cause = this.lanes.find(({ trouble }) => trouble !== null)?.trouble ?? null;
    for (const lane of this.lanes) {
      for (const pending of lane.current ?? [])
        if (pending.deadline <= now) pending.giveUp('no answer', cause);
      lane.checkProgress(now);
    }
    if (this.queue.some(({ deadline }) => deadline <= now)) {
      const late = this.queue.filter(({ deadline }) => deadline <= now);
      this.queue = this.queue.filter(({ deadline }) => deadline > now);
      for (const pending of late) pending.giveUp('not begun', cause);
    }
    if (this.idle) {
      if (this.sweeper !== null) clearInterval(this.sweeper);
      this.sweeper = null;
      this.whenIdle?.();
    }
  }

  private wake(teams: readonly string[]): void {
    for (const listener of this.listeners) {
      try {
        listener(teams);
      } catch (error) {
        // A listener's fault is not the ledger's: the wake row stays, and reconcile finds it.
        process.emitWarning(`a listener of the ledger failed: ${messageOf(error)}`);
      }
    }
  }

  private async drainAndClose(): Promise<void> {
    if (!this.idle) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
        for (const lane of this.lanes) lane.hurry();
      });
    }
    if (this.sweeper !== null) clearInterval(this.sweeper);
    this.sweeper = null;
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}

function clientOf({ databaseUrl, pool }: LedgerOptions): ClientConfig {
  if (databaseUrl !== undefined) return { connectionString: databaseUrl };
  if (pool !== undefined) return pool.options;
  throw new TypeError('openLedger needs a databaseUrl or a pool');
}
