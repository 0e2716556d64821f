import { type Rules } from '../core/types';
import { runBatch, type BatchListeners } from './batch';
import { Connection, type ConnectionOptions } from './connection';
import { messageOf } from './errors';
import { type Pending } from './pending';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

export interface LaneOptions {
  readonly connection: ConnectionOptions;
  readonly rules: Rules;
  readonly listeners: BatchListeners;
  /** A batch that takes longer has lost its connection without a sign of it. */
  readonly batchTimeoutMs: number;
}

/** One connection that carries out one batch at a time, and gets itself another connection when it must. */
export class Lane {
  /** What it works on, null when idle. */
  current: readonly Pending[] | null = null;
  /** Why its last try failed; null while all is well. */
  trouble: unknown = null;

  private connection: Connection | null = null;
  private startedAt = 0;
  private endPause: (() => void) | null = null;

  constructor(private readonly options: LaneOptions) {}

  /** Connects. Throws what Postgres or the network says. */
  async connect(): Promise<Connection> {
    if (this.connection?.usable !== true) {
      this.connection?.destroy();
      this.connection = null;
      this.connection = await Connection.open(this.options.connection);
    }
    return this.connection;
  }

  /** Carries out a batch, again and again until each operation has an answer or was given up. Never throws. */
  async carryOut(batch: readonly Pending[]): Promise<void> {
    this.current = batch;
    for (let tries = 0; this.current.length > 0; tries += 1) {
      if (tries > 0) await this.pause(tries);
      const left: readonly Pending[] = this.current.filter(({ answered }) => !answered);
      this.current = left.length > 0 ? await this.tryOnce(left) : left;
    }
    this.current = null;
  }

  /** Cuts a connection on which nothing comes back. */
  checkProgress(now: number): void {
    if (this.startedAt !== 0 && now - this.startedAt > this.options.batchTimeoutMs)
      this.connection?.destroy();
  }

  /** Lets a lane that pauses try at once: somebody wants to be done. */
  hurry(): void {
    this.endPause?.();
  }

  async close(): Promise<void> {
    await this.connection?.end();
    this.connection = null;
  }

  private async tryOnce(batch: readonly Pending[]): Promise<readonly Pending[]> {
    try {
      const connection = await this.connect();
      this.startedAt = Date.now();
      const remainder = await runBatch(connection, batch, this.options.rules, this.options.listeners);
      this.trouble = remainder?.cause ?? null;
      if (remainder?.connectionLost === true) connection.destroy();
      return remainder?.pending ?? [];
    } catch (error) {
      this.trouble = error;
      return batch;
    } finally {
      this.startedAt = 0;
    }
  }

  private async pause(tries: number): Promise<void> {
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most * (0.5 + Math.random() / 2));
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.endPause = null;
  }
}

export function troubleOf(lanes: readonly Lane[]): string | null {
  const troubled = lanes.find(({ trouble }) => trouble !== null);
  return troubled === undefined ? null : messageOf(troubled.trouble);
}
