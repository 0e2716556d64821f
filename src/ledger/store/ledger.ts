import { type ClientConfig, type Pool } from 'pg';
import { type Instant } from '../../contracts/time';
import { type Operation, type ResultOf } from '../core/operations';
import { type EventKind, type Rules } from '../core/types';
import { messageOf } from '../../contracts/error-text';
import { LedgerBusy, LedgerUnavailable } from './errors';
import { Announcer } from './announce';
import { Engine } from './engine';
import { type LedgerObserver, Observers } from './observer';
import { Outbox } from './outbox';
import { PendingOperation } from './pending';
import { type CommittedBatch } from './transaction';

/** What {@link openLedger} takes. */
export interface LedgerOptions {
  /** A URL, or a pool whose settings are used: the ledger opens connections of its own. */
  readonly databaseUrl?: string;
  readonly pool?: Pool;
  readonly rules: Rules;
  /** Operations that may wait for a transaction; beyond it {@link LedgerBusy}. Default 20,000. */
  readonly queueLimit?: number;
  /** Operations in one transaction. Default 512. */
  readonly batchLimit?: number;
  /** How long a caller waits who does not say, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Any one statement, waiting for a team's lock included. Default 5,000. */
  readonly statementTimeoutMs?: number;
  /**
   * Which teams changed is announced to listeners in any process (`watchTeams` of `ledger/read`), at most once in so many
   * milliseconds. Default 250; null: never.
   */
  readonly announceEveryMs?: number | null;
  /** Hears of each batch when it is committed: what happened can be replayed through the core. */
  readonly onBatch?: (batch: CommittedBatch) => void;
}

/** Hears of teams whose waiting runs somebody should release. */
export type WakeListener = (teams: readonly string[]) => void;
/** Hears of the kinds of events that were written. */
export type EventListener = (kinds: ReadonlySet<EventKind>) => void;

/** Credits in Postgres, as workers write them: every change of them goes through here. */
export interface Ledger {
  /**
   * Carries out one operation. A refusal is an answer. Throws {@link LedgerUnavailable} (it may have happened; repeating
   * it is safe), {@link LedgerBusy} (it did not happen), or `LedgerFault` (it cannot happen, and changed nothing).
   */
  submit<O extends Operation>(operation: O, options?: { readonly timeoutMs?: number }): Promise<ResultOf<O>>;
  /** Hears, after commits, of teams whose waiting runs somebody should release. Returns how to stop listening. */
  onWake(listener: WakeListener): () => void;
  /** Hears, after commits, of the kinds of events that were written. Returns how to stop listening. */
  onEvents(listener: EventListener): () => void;
  /** Has somebody look at how it works, from now on. Gives the function that ends it. */
  observe(observer: LedgerObserver): () => void;
  /** How the delivery of events goes. Connects when it is first used; closed with the ledger. */
  readonly outbox: Outbox;
  /** Why nothing goes through at present, or null. */
  trouble(): string | null;
  /** Takes no more operations, finishes those it has, and disconnects. */
  close(): Promise<void>;
}

const SWEEP_MS = 50;
const ANNOUNCE_EVERY_MS = 250;

/** Connects to a migrated database. Throws what Postgres or the network says when it cannot. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const ledger = new GroupCommitLedger(options);
  await ledger.connect();
  return ledger;
}

/**
 * A ledger that works in the past, for development and tests: what it carries out happens at `past()`, or now where that
 * lies ahead. Whoever has all answers may move on to a later moment. It changes no clock: others on the same database
 * work in the present, and a team is never taken back behind its own last moment.
 */
export async function openPastLedger(options: LedgerOptions, past: () => Instant): Promise<Ledger> {
  const ledger = new GroupCommitLedger(options, past);
  await ledger.connect();
  return ledger;
}

class GroupCommitLedger implements Ledger {
  readonly outbox: Outbox;
  private readonly engine: Engine;
  private readonly announcer: Announcer | null;
  private readonly listeners = new Set<WakeListener>();
  private readonly eventListeners = new Set<EventListener>();
  private readonly observers: Observers;
  private readonly queueLimit: number;
  private readonly timeoutMs: number;
  private sweeper: NodeJS.Timeout | null = null;
  private closing: Promise<void> | null = null;
  private whenIdle: (() => void) | null = null;

  constructor(options: LedgerOptions, past?: () => Instant) {
    const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
    this.queueLimit = options.queueLimit ?? 20_000;
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.outbox = new Outbox(clientOf(options), statementTimeoutMs);
    const { announceEveryMs: everyMs = ANNOUNCE_EVERY_MS } = options;
    this.announcer =
      everyMs === null ? null : new Announcer({ client: clientOf(options), statementTimeoutMs, everyMs });
    this.engine = new Engine({
      connection: {
        client: clientOf(options),
        statementTimeoutMs,
        ...(past === undefined ? {} : { past }),
      },
      rules: options.rules,
      batchLimit: options.batchLimit ?? 512,
      batchTimeoutMs: 2 * statementTimeoutMs + 1_000,
      listeners: {
        onWake: (teams) => {
          for (const listener of this.listeners) this.tell(listener, teams);
        },
        onEvents: (kinds) => {
          for (const listener of this.eventListeners) this.tell(listener, kinds);
        },
        onBatch: (batch, events) => {
          if (this.observers.some) this.observers.committed({ operations: batch.operations.length, events });
          if (options.onBatch) this.tell(options.onBatch, batch);
        },
        onVersions: (versions) => this.announcer?.note(versions),
      },
      onIdle: () => this.whenIdle?.(),
    });
    const { engine } = this;
    this.observers = new Observers({
      get queued() {
        return engine.queue.length;
      },
    });
  }

  async connect(): Promise<void> {
    await this.engine.connect();
  }

  submit<O extends Operation>(operation: O, options?: { readonly timeoutMs?: number }): Promise<ResultOf<O>> {
    const ended = this.observers.some ? this.observers.submitted(operation) : null;
    const refusal = this.refusal();
    if (refusal !== null) {
      ended?.({ result: null, error: refusal });
      return Promise.reject(refusal);
    }
    const timeoutMs = options?.timeoutMs ?? this.timeoutMs;
    const pending = new PendingOperation(operation, Date.now() + timeoutMs, timeoutMs, ended);
    this.engine.add(pending);
    this.sweeper ??= setInterval(() => {
      this.sweep();
    }, SWEEP_MS);
    return pending.result;
  }

  observe(observer: LedgerObserver): () => void {
    return this.observers.add(observer);
  }

  onWake(listener: WakeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onEvents(listener: EventListener): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  trouble(): string | null {
    const { trouble } = this.engine;
    return trouble === null ? null : messageOf(trouble);
  }

  close(): Promise<void> {
    this.closing ??= this.drainAndClose();
    return this.closing;
  }

  /** Why no operation is taken; null where it is. */
  private refusal(): Error | null {
    if (this.closing !== null) return new LedgerUnavailable('the ledger was closed');
    const waiting = this.engine.queue.length;
    if (waiting < this.queueLimit) return null;
    return new LedgerBusy(`${waiting} ledger operations wait already, which is the limit; try again later`);
  }

  /** One timer for all operations, and none while there are none. */
  private sweep(): void {
    this.engine.sweep(Date.now());
    if (this.engine.idle) this.stopSweeping();
  }

  private stopSweeping(): void {
    if (this.sweeper !== null) clearInterval(this.sweeper);
    this.sweeper = null;
  }

  /** A listener's fault is not the ledger's: a wake row or an event stays, and reconcile finds it. */
  private tell<T>(listener: (news: T) => void, news: T): void {
    try {
      listener(news);
    } catch (error) {
      process.emitWarning(`a listener of the ledger failed: ${messageOf(error)}`);
    }
  }

  private async drainAndClose(): Promise<void> {
    if (!this.engine.idle) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
        this.engine.hurry();
      });
    }
    this.stopSweeping();
    await Promise.all([this.engine.end(), this.outbox.close(), this.announcer?.close()]);
  }
}

function clientOf({ databaseUrl, pool }: LedgerOptions): ClientConfig {
  if (databaseUrl !== undefined) return { connectionString: databaseUrl };
  if (pool !== undefined) return pool.options;
  throw new TypeError('openLedger needs a databaseUrl or a pool');
}
