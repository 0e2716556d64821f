import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { Client as PgClient } from 'pg';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type TeamChanges } from '../../src/api';
import { Live } from '../../src/api/live';
import { atEnd, eventually } from '../support';
import { openApiDesk, type ApiDesk } from './desk';

const CHANNEL = 'test_team_changes';
const MOST = 3;

let desk: ApiDesk;
let base: string;
let listening: Map<string, Set<() => void>>;

beforeAll(async () => {
  listening = new Map();
  const changes: TeamChanges = {
    subscribe: (team, listener) => {
      const listeners = listening.get(team) ?? new Set();
      listening.set(team, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) listening.delete(team);
      };
    },
  };
  desk = await openApiDesk({ api: { changes, live: { most: MOST, heartbeatMs: 100, everyMs: 20 } } });
  desk.gate.open();
  // Every write of a team's row is announced by Postgres itself.
  await desk.pool.query(`
    CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_notify('${CHANNEL}', NEW.team_id); RETURN NULL; END $$;
    CREATE TRIGGER announce AFTER INSERT OR UPDATE ON flow_credits.teams FOR EACH ROW EXECUTE FUNCTION announce();`);
  const listener = new PgClient({ connectionString: desk.databaseUrl });
  listener.on('error', () => undefined);
  await listener.connect();
  atEnd(() => listener.end());
  listener.on('notification', ({ payload }) => {
    for (const told of listening.get(payload ?? '') ?? []) told();
  });
  await listener.query(`LISTEN ${CHANNEL}`);
  await desk.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(desk.app.server.address() as AddressInfo).port}`;
});

interface Stream {
  readonly status: number;
  readonly headers: Headers;
  /** What has come so far. */
  text(): string;
  versions(): string[];
  readonly ended: Promise<void>;
  leave(): void;
}

async function watch(team: string, headers: Record<string, string> = {}, expiresIn = 600): Promise<Stream> {
  const token = await desk.token({ role: 'viewer', team, expiresIn });
  const going = new AbortController();
  const answer = await fetch(`${base}/v1/teams/${team}/live`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: going.signal,
  });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? [])
      text += decoder.decode(chunk as Uint8Array, { stream: true });
  };
  const ended = read().catch(() => undefined);
  return {
    status: answer.status,
    headers: answer.headers,
    text: () => text,
    versions: () =>
      [...text.matchAll(/event: changed\nid: (\S+)\ndata: \{"version":"\1"\}\n\n/g)].map(([, id = '']) => id),
    ended,
    leave: () => {
      going.abort();
    },
  };
}

describe('live updates', () => {
  it('tell of a real charge, once there is something new, and nothing else than a version', async () => {
    const team = await desk.team('solo');
    const other = await desk.team('solo');
    const stream = await watch(team);
    expect(stream.status).toBe(200);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.headers.get('cache-control')).toContain('no-store');
    await eventually(() => {
      expect(stream.versions()).toEqual([expect.any(String)]);
    });
    await (await desk.start(other, ['a'])).result();
    await eventually(() => stream.text().split(': still here').length > 3);
    expect(stream.versions()).toHaveLength(1);
    await (await desk.start(team, ['a', 'b'])).result();
    await eventually(async () => {
      expect(stream.versions().at(-1)).toBe(await desk.reader.version(team));
    });
    const overview = await desk.ask(`/v1/teams/${team}`, { role: 'viewer', team });
    expect(overview.json()).toMatchObject({ version: stream.versions().at(-1), charged: '2000' });
    stream.leave();
    await eventually(() => !listening.has(team));
  });

  it('ask once for the version when somebody connects', async () => {
    const team = await desk.team('solo');
    // From then on the door knows that the team is there.
    expect((await desk.ask(`/v1/teams/${team}`, { role: 'viewer', team })).statusCode).toBe(200);
    const asked = jest.spyOn(desk.reader, 'version');
    const stream = await watch(team);
    await eventually(() => stream.text().includes(': still here'));
    expect(stream.versions()).toHaveLength(1);
    expect(asked.mock.calls).toEqual([[team]]);
    asked.mockRestore();
    stream.leave();
    await eventually(() => !listening.has(team));
  });

  it('begin with what was missed, and with nothing where nothing was', async () => {
    const team = await desk.team('solo');
    const seen = (await desk.reader.version(team)) ?? '';
    const current = await watch(team, { 'last-event-id': seen });
    await eventually(() => current.text().includes(': still here'));
    expect(current.versions()).toEqual([]);
    current.leave();
    await current.ended;
    await (await desk.start(team, ['a'])).result();
    const late = await watch(team, { 'last-event-id': seen });
    await eventually(() => late.versions().length > 0);
    late.leave();
    await eventually(() => !listening.has(team));
  });

  it('are bounded in number, end with their token, and are nobody else’s', async () => {
    const team = await desk.team('solo');
    const streams = await Promise.all(Array.from({ length: MOST }, () => watch(team)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    const one = await watch(team);
    expect(one.status).toBe(503);
    expect(one.headers.get('retry-after')).toBe('60');
    for (const stream of streams) stream.leave();
    await eventually(() => !listening.has(team));
    const short = await watch(team, {}, 1);
    expect(short.status).toBe(200);
    await short.ended;
    await eventually(() => !listening.has(team));
    const foreign = await desk.ask(`/v1/teams/${team}/live`, { role: 'viewer', team: 'another' });
    expect(foreign.statusCode).toBe(404);
  });

  it('end when the server closes', async () => {
    const team = await desk.team('solo');
    const stream = await watch(team);
    await eventually(() => stream.versions().length > 0);
    await desk.app.close();
    await stream.ended;
    expect(listening.has(team)).toBe(false);
  });
});

describe('a server without news', () => {
  it('says so', async () => {
    const deaf = await openApiDesk();
    const team = await deaf.team('solo');
    const answer = await deaf.ask(`/v1/teams/${team}/live`, { role: 'viewer', team });
    expect(answer.statusCode).toBe(503);
  });
});

describe('live updates that could tell nothing new', () => {
  /** One team's changes, as a test makes them. */
  const heard = new Set<() => void>();
  const subscribe: TeamChanges['subscribe'] = (_team, listener) => {
    heard.add(listener);
    return () => heard.delete(listener);
  };
  const change = (): void => {
    for (const listener of heard) listener();
  };
  const anybody = { seen: null, expiresAt: undefined };

  it('are no team’s alone: who takes many leaves some to others', async () => {
    const live = new Live(
      { subscribe },
      { version: () => Promise.resolve('1.1') },
      { most: 3, mostOfTeam: 2 },
    );
    const streams = [await live.watch('acme', anybody), await live.watch('acme', anybody)];
    await expect(live.watch('acme', anybody)).rejects.toMatchObject({ status: 503 });
    streams.push(await live.watch('other', anybody));
    for (const stream of streams) stream.destroy();
    await eventually(() => heard.size === 0);
  });

  it('end with the token, not with the next heartbeat after it', async () => {
    const live = new Live({ subscribe }, { version: () => Promise.resolve('1.1') }, { heartbeatMs: 600_000 });
    const stream = await live.watch('acme', { seen: null, expiresAt: Date.now() + 100 });
    stream.resume();
    await once(stream, 'end');
    await eventually(() => heard.size === 0);
  });

  it('end where the database is away, so that nobody takes old figures for live ones', async () => {
    const away = jest.fn(() => Promise.reject<string>(new Error('the database is away')));
    const live = new Live({ subscribe }, { version: away.mockResolvedValueOnce('1.1') }, { everyMs: 5 });
    const stream = await live.watch('acme', anybody);
    stream.resume();
    change();
    await once(stream, 'end');
    await expect(live.watch('acme', anybody)).rejects.toThrow('the database is away');
    await eventually(() => heard.size === 0);
  });

  it('end where changes are not heard, and are refused with what to do until they are', async () => {
    let trouble: string | null = null;
    const changes = { subscribe, trouble: () => trouble };
    const live = new Live(changes, { version: () => Promise.resolve('1.1') }, { everyMs: 5 });
    const stream = await live.watch('acme', anybody);
    stream.resume();
    trouble = 'connect ECONNREFUSED 192.0.2.1:5432';
    change();
    await once(stream, 'end');
    const refused = live.watch('acme', anybody);
    await expect(refused).rejects.toMatchObject({ slug: 'unavailable', status: 503 });
    await expect(refused).rejects.not.toThrow('192.0.2.1');
    trouble = null;
    (await live.watch('acme', anybody)).destroy();
    await eventually(() => heard.size === 0);
  });
});
