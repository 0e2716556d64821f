import { beforeAll, describe, expect, it } from '@jest/globals';
import { watchTeams, type TeamWatch } from '../../../src/ledger/read';
import { ANNOUNCEMENTS, announcementFrom, textsOf } from '../../../src/ledger/store/announcement';
import { atEnd, eventually, testDatabase, uniqueName, type TestDatabase } from '../../support';
import { runScript } from '../../dev/processes';
import { admitting, committing, newTeam, openTestLedger } from '../store/scene';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

interface Heard {
  readonly versions: (number | null)[];
  /** The latest version that was told by number. */
  readonly latest: () => number;
  readonly stop: () => void;
}

function listenTo(watch: TeamWatch, team: string): Heard {
  const versions: (number | null)[] = [];
  const stop = watch.subscribe(team, (version) => versions.push(version));
  const latest = (): number => Math.max(0, ...versions.filter((version) => version !== null));
  return { versions, latest, stop };
}

function openWatch(url = database.url): TeamWatch {
  const watch = watchTeams(url);
  atEnd(() => watch.close());
  return watch;
}

/** Listens already: whoever subscribes before that is told that it may have missed something. */
async function listening(watch: TeamWatch): Promise<TeamWatch> {
  const { versions, stop } = listenTo(watch, 'nobody');
  await eventually(() => versions.length > 0);
  stop();
  return watch;
}

async function versionOf(team: string): Promise<number> {
  const { rows } = await database.pool.query<{ version: string }>(
    'SELECT version FROM flow_credits.teams WHERE team_id = $1',
    [team],
  );
  return Number(rows[0]?.version);
}

/** Backends of this database by the name they go by. */
async function backends(name: string): Promise<number[]> {
  const { rows } = await database.pool.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [name],
  );
  return rows.map(({ pid }) => pid);
}

describe('changes of a team', () => {
  it('are heard from each ledger, whichever made them, and of that team alone', async () => {
    const [one, two] = await Promise.all([openTestLedger(database.url), openTestLedger(database.url)]);
    const watch = await listening(openWatch());
    const [team, other] = [uniqueName('team'), uniqueName('team')];
    const [heard, silent] = [listenTo(watch, team), listenTo(watch, other)];
    await one.submit(newTeam(team));
    await eventually(() => {
      expect(heard.latest()).toBe(1);
    });
    await two.submit(admitting(team, 'run'));
    await one.submit(committing(team, 'run', 'a'));
    await two.submit(committing(team, 'run', 'b'));
    const version = await versionOf(team);
    expect(version).toBe(4);
    await eventually(() => {
      expect(heard.latest()).toBe(version);
    });
    expect(heard.versions).not.toContain(null);
    expect(silent.versions).toEqual([]);
  });

  it('are heard in another process', async () => {
    const team = uniqueName('team');
    const watch = await listening(openWatch());
    const { latest } = listenTo(watch, team);
    const script = runScript('test/ledger/read/fixtures/charge.ts', [database.url, team], process.env);
    expect({ end: await script.end, errors: script.errors() }).toMatchObject({ end: 0 });
    const version = await versionOf(team);
    expect(version).toBeGreaterThan(2);
    // Also what it changed last before it went.
    await eventually(() => {
      expect(latest()).toBe(version);
    });
  });

  it('that come in a crowd are few announcements, and the last version is among them', async () => {
    const ledger = await openTestLedger(database.url);
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    const { versions, latest } = listenTo(watch, team);
    await ledger.submit(newTeam(team));
    await ledger.submit(admitting(team, 'run'));
    for (let key = 0; key < 200; key += 1) await ledger.submit(committing(team, 'run', `k${key}`, 0));
    const version = await versionOf(team);
    expect(version).toBe(202);
    await eventually(() => {
      expect(latest()).toBe(version);
    });
    expect(versions.length).toBeLessThan(100);
  });

  it('are announced for a worker whose login may do nothing else', async () => {
    const login = uniqueName('w').replaceAll('-', '_');
    await database.pool.query(
      `CREATE ROLE ${login} LOGIN PASSWORD 'secret' IN ROLE flow_credits_worker NOINHERIT`,
    );
    const url = new URL(database.url);
    [url.username, url.password] = [login, 'secret'];
    const ledger = await openTestLedger(url.toString());
    atEnd(async () => {
      await ledger.close();
      await database.pool.query(`DROP ROLE ${login}`);
    });
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    const { latest } = listenTo(watch, team);
    await ledger.submit(newTeam(team));
    await eventually(() => {
      expect(latest()).toBe(1);
    });
  });

  it('are not told to those who have stopped listening, nor by a ledger that was told not to', async () => {
    const [loud, quiet] = await Promise.all([
      openTestLedger(database.url),
      openTestLedger(database.url, { announceEveryMs: null }),
    ]);
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    const [gone, there] = [listenTo(watch, team), listenTo(watch, team)];
    expect(watch.listeners).toBe(2);
    gone.stop();
    expect(watch.listeners).toBe(1);
    await quiet.submit(newTeam(team));
    await loud.submit(admitting(team, 'run'));
    await eventually(() => {
      expect(there.versions).toEqual([2]);
    });
    expect(gone.versions).toEqual([]);
  });
});

describe('a listener', () => {
  it('whose connection is cut comes back, is told so, and hears what comes then', async () => {
    const ledger = await openTestLedger(database.url);
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    const { versions, latest } = listenTo(watch, team);
    await ledger.submit(newTeam(team));
    await eventually(() => {
      expect(latest()).toBe(1);
    });
    expect(versions).toEqual([1]);

    const before = await backends('flow-credits watch');
    await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [before]);
    await eventually(async () => {
      const now = await backends('flow-credits watch');
      expect(now.length).toBe(before.length);
      expect(now.some((pid) => before.includes(pid))).toBe(false);
      // When it was lost, and when it was back.
      expect(versions).toEqual([1, null, null]);
    });
    expect(watch.trouble()).toBeNull();
    await ledger.submit(admitting(team, 'run'));
    await eventually(() => {
      expect(latest()).toBe(2);
    });
  });

  it('hears what a ledger announces whose own connection was cut', async () => {
    const ledger = await openTestLedger(database.url);
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    const { latest } = listenTo(watch, team);
    await ledger.submit(newTeam(team));
    await eventually(() => {
      expect(latest()).toBe(1);
    });
    await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [
      await backends('flow-credits announcements'),
    ]);
    await ledger.submit(admitting(team, 'run'));
    await eventually(() => {
      expect(latest()).toBe(2);
    });
  });

  it('that fails does not keep others from hearing', async () => {
    const ledger = await openTestLedger(database.url);
    const watch = await listening(openWatch());
    const team = uniqueName('team');
    watch.subscribe(team, () => {
      throw new Error('a listener that fails is not the watch’s trouble');
    });
    const { latest } = listenTo(watch, team);
    await ledger.submit(newTeam(team));
    await eventually(() => {
      expect(latest()).toBe(1);
    });
  });

  it('says why it hears nothing, tells so, and leaves no connection when it is closed', async () => {
    const [away, here] = [watchTeams('postgres://nobody@127.0.0.1:1/nothing'), openWatch()];
    const { versions } = listenTo(away, 'team');
    await eventually(() => versions.length > 0);
    expect(away.trouble()).toMatch(/ECONNREFUSED/);
    await away.close();
    await listening(here);
    const open = (await backends('flow-credits watch')).length;
    await here.close();
    await eventually(async () => {
      expect((await backends('flow-credits watch')).length).toBe(open - 1);
    });
  });
});

describe('an announcement', () => {
  it('carries any number of teams in texts that Postgres takes', () => {
    const changed = new Map(
      Array.from({ length: 5_000 }, (_, at) => [`"tëam" ${String(at).padStart(100, 'x')}`, at + 1] as const),
    );
    const texts = textsOf(changed);
    expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThan(8_000);
    expect(new Map(texts.flatMap((text) => [...(announcementFrom(text) ?? [])]))).toEqual(changed);
    expect(textsOf(new Map())).toEqual([]);
  });

  it('that says nothing we know says that any team may have changed', async () => {
    for (const text of ['*', '', 'nonsense', '[]', '{"team":"1"}', '{"team":-1}', 'null']) {
      expect(announcementFrom(text)).toBeNull();
    }
    const watch = await listening(openWatch());
    const { versions } = listenTo(watch, 'team');
    await database.pool.query('SELECT pg_notify($1, $2)', [ANNOUNCEMENTS, 'nonsense']);
    await eventually(() => {
      expect(versions).toEqual([null]);
    });
    expect(textsOf(null).map(announcementFrom)).toEqual([null]);
  });
});
