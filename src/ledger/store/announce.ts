import { setTimeout as delay } from 'node:timers/promises';
import { Pool, type ClientConfig } from 'pg';
import { ANNOUNCEMENTS, textsOf } from './announcement';

/** So many teams wait to be announced at most; of more it is said that any may have changed. */
const MOST_TEAMS = 10_000;
/** A ledger that closes waits so long for its last announcement. */
const LAST_MS = 1_000;

export interface AnnouncerOptions {
  readonly client: ClientConfig;
  readonly statementTimeoutMs: number;
  /** There is no more than one announcement in so many milliseconds. */
  readonly everyMs: number;
}

/**
 * Tells whoever listens in whatever process which teams changed, after the transactions that changed them, by `NOTIFY` in
 * a transaction and on a connection of its own: one that notifies takes a lock at its commit that all of a database
 * share, and no charge is to wait for that. It is news, not a record: what a crash loses was a hint to read again.
 */
export class Announcer {
  private readonly pool: Pool;
  private changed = new Map<string, number>();
  private everybody = false;
  private running: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(private readonly options: AnnouncerOptions) {
    this.pool = new Pool({
      connectionTimeoutMillis: 5_000,
      application_name: 'flow-credits announcements',
      keepAlive: true,
      ...options.client,
      statement_timeout: options.statementTimeoutMs,
      max: 1,
      // It goes by itself where nothing has changed for a while, and keeps no process up.
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
    });
    // A connection that breaks is replaced by the pool; what was not announced is with the next.
    this.pool.on('error', () => undefined);
  }

  /** Versions of teams before and after a batch that is committed. */
  note(versions: ReadonlyMap<string, { readonly before: number; readonly after: number }>): void {
    for (const [team, { before, after }] of versions) if (after > before) this.changed.set(team, after);
    if (this.changed.size > MOST_TEAMS) this.forget(true);
    if (this.waiting) this.running ??= this.untilTold().finally(() => (this.running = null));
  }

  /** Announces what is left, if that goes at once, and disconnects. */
  async close(): Promise<void> {
    this.closing.abort();
    const patience = new AbortController();
    const late = delay(LAST_MS, undefined, { signal: patience.signal, ref: false }).catch(() => undefined);
    await Promise.race([this.running, late]);
    patience.abort();
    // Not awaited where Postgres does not answer: nobody needs it.
    await Promise.race([this.pool.end(), delay(LAST_MS, undefined, { ref: false })]);
  }

  private get waiting(): boolean {
    return this.changed.size > 0 || this.everybody;
  }

  private forget(everybody: boolean): void {
    this.changed = new Map();
    this.everybody = everybody;
  }

  /** The first change is told at once, those that follow it together. */
  private async untilTold(): Promise<void> {
    while (this.waiting) {
      const [changed, everybody] = [this.changed, this.everybody];
      this.forget(false);
      try {
        await this.pool.query({
          name: 'announce',
          // What may be lost need not be on disk: it costs the charges no flush.
          text: `SELECT pg_notify($1, text), set_config('synchronous_commit', 'off', true)
                 FROM unnest($2::text[]) AS text`,
          values: [ANNOUNCEMENTS, textsOf(everybody ? null : changed)],
        });
      } catch {
        if (this.closing.signal.aborted) return;
        // Told with the next: a later version of a team stands.
        this.changed = new Map([...changed, ...this.changed]);
        this.everybody ||= everybody;
      }
      await delay(this.options.everyMs, undefined, { signal: this.closing.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }
}
