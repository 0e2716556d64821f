import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { atEnd } from './at-end';

/**
 * What becomes of the request at which the connection is cut: Postgres carries it out and its answer is lost, it never
 * gets there, or it gets there when `deliver` says so, long after its client has gone.
 */
export type Fate = 'is done' | 'is lost' | 'is late';

/** Stands between a client and Postgres, and cuts the connection at the very request that a test names. */
export interface PostgresProxy {
  /** The database, through the proxy. */
  readonly url: string;
  /**
   * Waits for the first request that fits (its messages up to Sync, or a simple query, as text) and cuts every
   * connection there. Those that come later have to wait for `mend`. Resolves when Postgres has done what it will: has
   * carried the request out, or has ended the session.
   */
  cut(fits: (request: string) => boolean, fate: Fate): Promise<void>;
  /** Hands over a request that `is late`, and resolves when Postgres has answered it. */
  deliver(): Promise<void>;
  /** Passes nothing on any more, either way, and cuts nothing: so is a Postgres whose processes were stopped. */
  silence(): void;
  /** Lets those through that wait, and whoever comes; passes on what was kept back in silence. */
  mend(): void;
}

interface Cut {
  readonly fits: (request: string) => boolean;
  readonly fate: Fate;
  readonly happened: () => void;
}

/** Closed after the suite. */
export async function openPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const sessions = new Set<Session>();
  let waiting: Cut | null = null;
  let late: Session | null = null;
  let held: Socket[] | null = null;

  const letThrough = (client: Socket): void => {
    const session = new Session(client, connect(Number(port || 5432), hostname), (request) => {
      if (waiting?.fits(request) !== true) return null;
      const { fate, happened } = waiting;
      waiting = null;
      held = [];
      for (const other of sessions) if (other !== session) other.destroy();
      if (fate === 'is late') late = session;
      void session.ended(fate).then(happened);
      return fate;
    });
    sessions.add(session);
    client.on('close', () => sessions.delete(session));
  };
  const server = createServer((client) => {
    client.on('error', () => undefined);
    // Nobody reads from it until it is let through: what it sends waits with it.
    if (held === null) letThrough(client);
    else held.push(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    for (const session of [...sessions, ...(late === null ? [] : [late])]) session.destroy();
    for (const client of held ?? []) client.destroy();
    const closed = once(server, 'close');
    server.close();
    await closed;
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);

  return {
    url: url.href,
    cut: (fits, fate) =>
      new Promise((resolve) => {
        waiting = { fits, fate, happened: resolve };
      }),
    deliver: async () => {
      if (late === null) throw new Error('no request is late');
      await late.deliver();
      late = null;
    },
    silence: () => {
      held ??= [];
      for (const session of sessions) session.pause();
    },
    mend: () => {
      const clients = held ?? [];
      held = null;
      for (const session of sessions) session.resume();
      for (const client of clients) if (!client.destroyed) letThrough(client);
    },
  };
}

/** Messages that more follow before Postgres has anything to answer: Parse, Bind, Describe, Execute, Close. */
const PARTS = new Set(['P', 'B', 'D', 'E', 'C']);
/** Sync and a simple query: Postgres answers each with one ReadyForQuery. */
const ASKED = new Set(['S', 'Q']);
const READY = 'Z';

/** One connection of a client, and the one that was opened for it. */
class Session {
  private parts: Buffer[] = [];
  private fate: Fate | null = null;
  private late: Buffer | null = null;
  /** Answers that are still to come, the one to the greeting included. */
  private owed = 1;
  private answered: () => void = () => undefined;
  private readonly whenAnswered = new Promise<void>((resolve) => {
    this.answered = resolve;
  });

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly fateOf: (request: string) => Fate | null,
  ) {
    const requests = messages(0);
    const answers = messages(1);
    client.on('data', (chunk: Buffer) => {
      for (const message of requests(chunk)) this.ask(message);
    });
    server.on('data', (chunk: Buffer) => {
      for (const message of answers(chunk)) this.answer(message);
    });
    client.on('error', () => undefined);
    server.on('error', () => undefined);
    client.on('close', () => {
      if (this.fate === null) server.end();
    });
    server.on('close', () => {
      client.destroy();
      this.answered();
    });
  }

  /** When Postgres has done with it what it will. */
  async ended(fate: Fate): Promise<void> {
    if (fate === 'is done') await this.whenAnswered;
    else if (fate === 'is lost') await once(this.server, 'close');
  }

  async deliver(): Promise<void> {
    if (this.late === null) throw new Error('nothing of this session is late');
    this.send(this.late);
    this.late = null;
    await this.whenAnswered;
  }

  pause(): void {
    this.client.pause();
    this.server.pause();
  }

  resume(): void {
    this.client.resume();
    this.server.resume();
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private ask(message: Buffer): void {
    // What was sent after the request at which it was cut goes nowhere.
    if (this.fate !== null) return;
    this.parts.push(message);
    const type = typeOf(message);
    if (PARTS.has(type)) return;
    const request = Buffer.concat(this.parts);
    this.parts = [];
    this.fate = ASKED.has(type) ? this.fateOf(request.toString('latin1')) : null;
    if (this.fate === 'is lost') {
      this.client.destroy();
      this.server.end();
    } else if (this.fate === 'is late') {
      this.client.destroy();
      this.late = request;
    } else {
      if (ASKED.has(type)) this.send(request);
      else this.server.write(request);
    }
  }

  private send(request: Buffer): void {
    this.owed += 1;
    this.server.write(request);
  }

  private answer(message: Buffer): void {
    // The answer that is lost is the last one that is owed: those before it arrive.
    const isLast = this.fate !== null && this.late === null && this.owed === 1;
    if (typeOf(message) === READY) this.owed -= 1;
    if (!isLast) {
      if (!this.client.destroyed) this.client.write(message);
      return;
    }
    if (this.owed > 0) return;
    this.answered();
    this.client.destroy();
    this.server.end();
  }
}

/** A message's type is its first byte; the greeting has none, and begins with its length. */
function typeOf(message: Buffer): string {
  return message.toString('latin1', 0, 1);
}

/** Cuts what arrives into messages: a type, a length that counts itself, a body. The first has so many bytes of type. */
function messages(typeBytes: number): (chunk: Buffer) => Buffer[] {
  let before = typeBytes;
  let left = Buffer.alloc(0);
  return (chunk) => {
    left = Buffer.concat([left, chunk]);
    const whole: Buffer[] = [];
    while (left.length >= before + 4) {
      const end = before + left.readInt32BE(before);
      if (left.length < end) break;
      whole.push(left.subarray(0, end));
      left = left.subarray(end);
      before = 1;
    }
    return whole;
  };
}
