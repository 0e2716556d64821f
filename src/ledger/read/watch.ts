import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { ANNOUNCEMENTS, announcementFrom } from '../store/announcement';
import { messageOf } from '../../contracts/error-text';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A connection on which nothing comes may be a connection that is gone. */
const PROVE_EVERY_MS = 30_000;
const CONNECT_WITHIN_MS = 5_000;

/** What a team's listener hears: the version it is at, or null where it may have missed something. Read again in either case. */
export type TeamListener = (version: number | null) => void;

export interface TeamWatch {
  /**
   * Hears of each change of a team that is committed from now on, soon after its commit. Several are told as one, and the
   * same one may be told twice. Gives the function that stops listening.
   */
  subscribe(team: string, listener: TeamListener): () => void;
  /** How many listen at present. */
  readonly listeners: number;
  /** Why nothing is heard at present, or null. */
  trouble(): string | null;
  /** Tells nobody any more, and disconnects. */
  close(): Promise<void>;
}

/**
 * Listens to what ledgers announce, on one connection for all listeners, from the first one on. Where the connection is
 * lost it tells everybody and makes another, and then tells everybody again, because what was announced in between was
 * told to nobody.
 *
 * The address must be that of the primary, and of Postgres itself: a standby and a pooler in transaction mode deliver
 * no notifications.
 */
export function watchTeams(databaseUrl: string): TeamWatch {
  return new Watch(databaseUrl);
}

class Watch implements TeamWatch {
  private readonly teams = new Map<string, Set<TeamListener>>();
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;
  private why: string | null = null;

  constructor(private readonly databaseUrl: string) {}

  subscribe(team: string, listener: TeamListener): () => void {
    // One of its own: the same function may listen twice.
    const own: TeamListener = (version) => {
      listener(version);
    };
    const listeners = this.teams.get(team) ?? new Set();
    this.teams.set(team, listeners.add(own));
    this.running ??= this.untilClosed();
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.teams.get(team) === listeners) this.teams.delete(team);
    };
  }

  get listeners(): number {
    let all = 0;
    for (const { size } of this.teams.values()) all += size;
    return all;
  }

  trouble(): string | null {
    return this.why;
  }

  async close(): Promise<void> {
    this.teams.clear();
    this.closing.abort();
    await this.running;
  }

  private async untilClosed(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.closed()) {
      try {
        await this.listen(() => {
          pause = FIRST_PAUSE_MS;
        });
      } catch (error) {
        this.why = messageOf(error);
        // Who takes what they show for the present state asks, and learns why it may not be.
        this.tellEverybody();
      }
      await this.pause(pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Until the connection is lost, which is thrown, or everything is closed. */
  private async listen(onHearing: () => void): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      query_timeout: CONNECT_WITHIN_MS,
      application_name: 'flow-credits watch',
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => {
      lost.abort(error);
    });
    client.on('end', () => {
      lost.abort(new Error('the connection to Postgres ended'));
    });
    client.on('notification', ({ channel, payload }) => {
      if (channel === ANNOUNCEMENTS) this.hear(payload ?? '');
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${ANNOUNCEMENTS}`);
      this.why = null;
      onHearing();
      this.tellEverybody();
      while (!this.closed()) {
        await delay(PROVE_EVERY_MS, undefined, {
          signal: AbortSignal.any([this.closing.signal, lost.signal]),
        }).catch(() => undefined);
        lost.signal.throwIfAborted();
        if (!this.closed()) await client.query('SELECT');
      }
      await client.end();
    } finally {
      // One that was lost takes no leave.
      client.connection.stream.destroy();
    }
  }

  private hear(text: string): void {
    const changed = announcementFrom(text);
    if (changed === null) this.tellEverybody();
    else for (const [team, version] of changed) this.tell(this.teams.get(team), version);
  }

  private tellEverybody(): void {
    for (const listeners of [...this.teams.values()]) this.tell(listeners, null);
  }

  /** A listener's fault is nobody else's. */
  private tell(listeners: ReadonlySet<TeamListener> | undefined, version: number | null): void {
    for (const listener of [...(listeners ?? [])]) {
      try {
        listener(version);
      } catch (error) {
        process.emitWarning(`a listener of a team failed: ${messageOf(error)}`);
      }
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }

  /** The compiler does not see that it changes while something is awaited. */
  private closed(): boolean {
    return this.closing.signal.aborted;
  }
}
