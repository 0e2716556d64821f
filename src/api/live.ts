import { PassThrough } from 'node:stream';
import { type LedgerReader } from '../ledger/read';
import { type LiveOptions, type TeamChanges } from './options';
import { Problem } from './problem';
import { unavailable } from './unavailable';

const DEFAULT_MOST = 1_000;
const DEFAULT_MOST_OF_TEAM = 100;
/** What a timer counts to. */
const LONGEST_TIMER_MS = 2_147_483_647;
const DEFAULT_HEARTBEAT_MS = 15_000;
const DEFAULT_EVERY_MS = 250;
/** Looks in a row without an answer, after which nobody is told any more that they hear of changes. */
const FAILURES_MOST = 3;
/** How long a reader waits before it connects again, in milliseconds. */
const RECONNECT_MS = 2_000;

/** What an open stream was asked with. */
export interface Watching {
  /** The version its reader has seen; null: none. */
  readonly seen: string | null;
  /** When the right to watch ends. */
  readonly expiresAt: number | undefined;
}

/**
 * Live updates: tells everybody who watches a team that it has changed, by its version. What changed they read again.
 * Changes of one team are read once however many watch, and no more often than is set; between them nothing is asked.
 */
export class Live {
  private readonly feeds = new Map<string, Feed>();
  private open = 0;
  private closed = false;

  constructor(
    private readonly changes: TeamChanges,
    private readonly reader: Pick<LedgerReader, 'version'>,
    private readonly options: LiveOptions = {},
  ) {}

  /**
   * A stream of server-sent events, until its reader goes. Throws {@link Problem} 503 where there are too many or no
   * changes are heard, and what the database says where it does not answer: who could be told of nothing is refused.
   */
  async watch(team: string, { seen, expiresAt }: Watching): Promise<PassThrough> {
    const { most = DEFAULT_MOST, heartbeatMs = DEFAULT_HEARTBEAT_MS } = this.options;
    const { mostOfTeam = DEFAULT_MOST_OF_TEAM } = this.options;
    if (this.open >= most || this.closed) throw tooMany(most);
    if ((this.feeds.get(team)?.watchers.size ?? 0) >= mostOfTeam) throw tooMany(mostOfTeam, ' of this team');
    const feed = this.feedOf(team);
    const watcher = new Watcher(seen);
    feed.watchers.add(watcher);
    this.open += 1;
    const heartbeat = setInterval(() => {
      watcher.beat();
    }, heartbeatMs);
    const end = setTimeout(
      () => {
        watcher.end();
      },
      Math.min((expiresAt ?? Infinity) - Date.now(), LONGEST_TIMER_MS),
    );
    watcher.stream.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(end);
      this.open -= 1;
      feed.watchers.delete(watcher);
      if (feed.watchers.size > 0) return;
      feed.stop();
      if (this.feeds.get(team) === feed) this.feeds.delete(team);
    });
    try {
      // What changed before it listened is told too; what changes from now on the feed tells.
      const version = await this.version(team);
      if (version !== null) watcher.changed(version);
    } catch (error) {
      watcher.stream.destroy();
      throw error;
    }
    return watcher.stream;
  }

  /** Ends all streams: their readers connect elsewhere. */
  close(): void {
    this.closed = true;
    for (const { watchers } of this.feeds.values()) for (const watcher of watchers) watcher.end();
  }

  private feedOf(team: string): Feed {
    const known = this.feeds.get(team);
    if (known !== undefined) return known;
    const feed = new Feed(() => this.version(team), this.options.everyMs ?? DEFAULT_EVERY_MS);
    feed.stopBy(
      this.changes.subscribe(team, () => {
        feed.look();
      }),
    );
    this.feeds.set(team, feed);
    return feed;
  }

  /** The team's, which is the present one only where its changes are heard. */
  private async version(team: string): Promise<string | null> {
    const trouble = this.changes.trouble?.() ?? null;
    if (trouble !== null) throw unavailable('changes are not heard at present', new Error(trouble));
    return this.reader.version(team);
  }
}

function tooMany(most: number, ofWhom = ''): Problem {
  const detail = `${most} live streams${ofWhom} are open already; read now and then instead`;
  return new Problem('unavailable', detail, { headers: { 'retry-after': '60' } });
}

/** One team: reads its version after changes, one at a time, and tells who watches. */
class Feed {
  readonly watchers = new Set<Watcher>();
  private state: 'idle' | 'busy' | 'again' = 'idle';
  private pause: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  private failures = 0;

  constructor(
    private readonly version: () => Promise<string | null>,
    private readonly everyMs: number,
  ) {}

  stopBy(unsubscribe: () => void): void {
    this.unsubscribe = unsubscribe;
  }

  stop(): void {
    clearTimeout(this.pause);
    this.unsubscribe();
  }

  look(): void {
    if (this.state !== 'idle') {
      this.state = 'again';
      return;
    }
    this.state = 'busy';
    void this.tell().then((told) => {
      // Changes in the meantime, and a database that did not answer, are looked at after the pause.
      this.pause = setTimeout(() => {
        const again = this.state === 'again' || !told;
        this.state = 'idle';
        if (again && this.watchers.size > 0) this.look();
      }, this.everyMs);
    });
  }

  private async tell(): Promise<boolean> {
    try {
      const version = await this.version();
      this.failures = 0;
      if (version !== null) for (const watcher of this.watchers) watcher.changed(version);
      return true;
    } catch {
      this.failures += 1;
      // They connect again, and are told that the database is away.
      if (this.failures >= FAILURES_MOST) for (const watcher of this.watchers) watcher.end();
      return false;
    }
  }
}

/** One reader. One who takes nothing is told the latest alone, when they take again. */
class Watcher {
  readonly stream = new PassThrough();
  private waiting: string | null = null;

  constructor(private seen: string | null) {
    this.stream.write(`retry: ${RECONNECT_MS}\n\n`);
    this.stream.on('drain', () => {
      const { waiting } = this;
      this.waiting = null;
      if (waiting !== null) this.changed(waiting);
    });
  }

  changed(version: string): void {
    if (version === this.seen || this.stream.writableEnded || this.stream.destroyed) return;
    if (this.stream.writableNeedDrain) {
      this.waiting = version;
      return;
    }
    this.seen = version;
    this.stream.write(`event: changed\nid: ${version}\ndata: ${JSON.stringify({ version })}\n\n`);
  }

  beat(): void {
    if (!this.stream.writableNeedDrain && !this.stream.writableEnded) this.stream.write(': still here\n\n');
  }

  end(): void {
    if (!this.stream.writableEnded) this.stream.end();
  }
}
