import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Pool, type QueryArrayConfig, type QueryArrayResult } from 'pg';
import { z } from 'zod';
import { openReader } from '../../src/ledger/read';
import { openApiDesk, type ApiDesk } from './desk';

let desk: ApiDesk;
/** How many rows each query of the last request brought. */
const brought: number[] = [];
beforeAll(async () => {
  desk = await openApiDesk({
    api: ({ pool, pricing }) => ({ reader: openReader(counting(pool), pricing) }),
  });
  desk.gate.open();
});

/** The pool, as one that tells how many rows it brought. */
function counting(pool: Pool): Pool {
  const query = async (asked: QueryArrayConfig): Promise<QueryArrayResult> => {
    const result = await pool.query(asked);
    brought.push(result.rows.length);
    return result;
  };
  return Object.create(pool, { query: { value: query } }) as Pool;
}

const operator = { role: 'operator' } as const;
const pageSchema = z.looseObject({
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
});
const runSchema = z.looseObject({ charges: pageSchema });

interface List {
  readonly url: string;
  /** What tells rows apart. */
  readonly key: string;
  /** Adds a row, as it may happen while somebody pages. */
  readonly insert: () => Promise<unknown>;
  readonly page?: (body: unknown) => z.infer<typeof pageSchema>;
}

async function page(list: List, cursor: string | null): Promise<z.infer<typeof pageSchema>> {
  const { url, page: of = (body) => pageSchema.parse(body) } = list;
  const mark = url.includes('?') ? '&' : '?';
  const next = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await desk.ask(`${url}${mark}limit=2${next}`, operator);
  expect({ url, status: answer.statusCode }).toEqual({ url, status: 200 });
  const found = of(answer.json());
  expect(found.items.length).toBeLessThanOrEqual(2);
  return found;
}

/** All keys by pages of two, with a row inserted after each of the first two pages. */
async function keysWhileInserting(list: List): Promise<unknown[]> {
  const keys: unknown[] = [];
  for (let [cursor, pages]: [string | null, number] = [null, 0]; ;) {
    const { items, nextCursor } = await page(list, cursor);
    keys.push(...items.map((item) => item[list.key]));
    if (nextCursor === null) return keys;
    cursor = nextCursor;
    pages += 1;
    if (pages <= 2) await list.insert();
    if (pages > 30) throw new Error(`${list.url} has no end`);
  }
}

/** Rows there are before anything is inserted come once each, whatever is inserted while they are read. */
async function holds(list: List): Promise<void> {
  const whole = await desk.ask(`${list.url}${list.url.includes('?') ? '&' : '?'}limit=100`, operator);
  const of = list.page ?? ((body: unknown) => pageSchema.parse(body));
  const before = of(whole.json()).items.map((item) => item[list.key]);
  expect(before.length).toBeGreaterThanOrEqual(4);
  const keys = await keysWhileInserting(list);
  expect(new Set(keys).size).toBe(keys.length);
  // Those that are inserted may come or not, by the list's order; all others come, and in the same order.
  expect(keys.filter((key) => before.includes(key))).toEqual(before);
}

describe('pages under inserts', () => {
  it('teams', async () => {
    for (let count = 0; count < 4; count += 1) await desk.team('free');
    await holds({ url: '/v1/teams', key: 'team', insert: () => desk.team('free') });
    await holds({ url: '/v1/teams?search=TEAM', key: 'team', insert: () => desk.team('free') });
  });

  it('teams that a search finds: by any part of the name, in whatever case, and no sign stands for another', async () => {
    const names = ['Search.One', 'search-two', 'searchXone', 'my_SEARCH.one'];
    const settings = { plan: 'free', anchor: '2026-11-01T00:00:00', timeZone: 'UTC' };
    for (const name of names) await desk.client.upsertTeam(name, settings);
    const found = async (search: string): Promise<unknown[]> =>
      (
        await page({ url: `/v1/teams?search=${search}`, key: 'team', insert: () => Promise.resolve() }, null)
      ).items.map(({ team }) => team);
    expect(await found('search.ONE')).toEqual(['Search.One', 'my_SEARCH.one']);
    expect(await found('h_o')).toEqual([]);
    expect(await found('nobody')).toEqual([]);
    expect((await desk.ask('/v1/teams?search=%25', operator)).statusCode).toBe(400);
  });

  it('runs, usage by run, events and charges of a run', async () => {
    const team = await desk.team('enterprise');
    const run = async (blocks: readonly string[] = ['a']): Promise<string> => {
      const started = await desk.start(team, blocks);
      await started.result();
      return started.workflowId;
    };
    for (let count = 0; count < 5; count += 1) await run();
    const url = `/v1/teams/${team}`;
    await holds({ url: `${url}/runs`, key: 'runId', insert: run });
    await holds({ url: `${url}/runs?status=closed&flow=calls%20in%20turn`, key: 'runId', insert: run });
    // The dearest come first: one that is dearer than all does not move those that were read.
    await holds({ url: `${url}/usage?by=run`, key: 'key', insert: () => run(['a', 'b']) });
    const long = await run(['a', 'b', 'c', 'd', 'e']);
    const charges = { page: (body: unknown) => runSchema.parse(body).charges };
    await holds({ url: `${url}/runs/${long}`, key: 'key', insert: () => Promise.resolve(), ...charges });
    const days = await desk.ask(`${url}/usage?by=day&limit=1`, operator);
    expect(days.json()).toMatchObject({ nextCursor: null, total: { included: expect.any(String) } });
  });

  it('the line, while its head goes', async () => {
    const team = await desk.emptyTeam('solo');
    const started: string[] = [];
    const wait = async (): Promise<void> => void started.push((await desk.start(team, ['a'])).runId);
    for (let count = 0; count < 6; count += 1) await wait();
    let head = 0;
    // The first of the line leaves it: everybody's place is another one, and nobody is left out.
    const insert = async (): Promise<void> => {
      await wait();
      await desk.client.discardWaiting(team, {
        actor: 'test',
        runIds: [started[head] ?? ''],
        reason: 'test',
      });
      head += 1;
    };
    await holds({ url: `/v1/teams/${team}/line`, key: 'runId', insert });
    const places = (await page({ url: `/v1/teams/${team}/line`, key: 'place', insert }, null)).items;
    expect(places.map(({ place }) => place)).toEqual([1, 2]);
  });

  it('packs, adjustments, audit and events', async () => {
    const team = await desk.team('enterprise');
    const by = { actor: 'test' };
    const pack = (): Promise<unknown> => desk.client.addCredits(team, { ...by, credits: '1' });
    const adjust = (): Promise<unknown> =>
      desk.client.adjustCredits(team, { ...by, credits: '1', reason: 'test' });
    const payg = (enabled: boolean) => (): Promise<unknown> =>
      desk.client.setPayAsYouGo(team, { ...by, enabled, ...(enabled ? { uncapped: true } : {}) });
    for (let count = 0; count < 4; count += 1) await pack();
    for (let count = 0; count < 4; count += 1) await adjust();
    for (let count = 0; count < 3; count += 1) await payg(true)().then(payg(false));
    const url = `/v1/teams/${team}`;
    await holds({ url: `${url}/packs`, key: 'grant', insert: pack });
    await holds({ url: `${url}/adjustments`, key: 'grant', insert: adjust });
    await holds({ url: `${url}/audit`, key: 'entry', insert: pack });
    await holds({ url: `${url}/events`, key: 'seq', insert: payg(true) });
    const after = await desk.ask(`${url}/events?after=2&type=payg.enabled`, operator);
    expect(after.json()).toMatchObject({ items: [{ seq: 3 }, { seq: 5 }, { seq: 7 }, { seq: 8 }] });
  });

  it('statements, over months', async () => {
    const team = await desk.team('solo', { anchor: '2026-11-01T00:00:00' });
    const months = (count: number): Promise<unknown> =>
      desk.pool.query('UPDATE flow_credits.ledger_clock SET offset_ms = offset_ms + $1', [
        count * 31 * 86_400_000,
      ]);
    await months(5);
    await desk.client.adjustCredits(team, { actor: 'test', credits: '1', reason: 'a month later' });
    const insert = async (): Promise<void> => {
      await months(1);
      await desk.client.adjustCredits(team, { actor: 'test', credits: '1', reason: 'a month later' });
    };
    const period = (body: unknown): z.infer<typeof pageSchema> => {
      const found = pageSchema.parse(body);
      return {
        ...found,
        items: found.items.map((item) => ({
          index: z.object({ index: z.int() }).parse(item['period']).index,
        })),
      };
    };
    await holds({ url: `/v1/teams/${team}/statements`, key: 'index', insert, page: period });
  });
});

describe('a page', () => {
  it('is all that is read of a list', async () => {
    const team = await desk.team('enterprise', { anchor: '2026-11-01T00:00:00' });
    const by = { actor: 'test', reason: 'test' };
    for (let count = 0; count < 8; count += 1) {
      const bought = await desk.client.addCredits(team, { actor: 'test', credits: '1' });
      await desk.client.voidPack(team, { ...by, grant: bought.status === 'done' ? bought.grant : 0 });
      // What may still be used is read whole, whatever is asked: of these nothing may.
      await desk.client.adjustCredits(team, { ...by, credits: '1' });
      await desk.pool.query('UPDATE flow_credits.ledger_clock SET offset_ms = offset_ms + $1', [
        31 * 86_400_000,
      ]);
    }
    await desk.client.adjustCredits(team, { ...by, credits: '1' });
    for (const name of ['packs', 'adjustments', 'statements', 'audit', 'events']) {
      const list = { url: `/v1/teams/${team}/${name}`, key: 'any', insert: () => Promise.resolve() };
      let cursor: string | null = null;
      for (let pages = 0; pages < 3; pages += 1) {
        brought.length = 0;
        ({ nextCursor: cursor } = await page(list, cursor));
        expect({ name, pages, more: cursor !== null, most: Math.max(...brought) }).toEqual({
          ...{ name, pages, more: true, most: 3 },
        });
      }
    }
  });
});

describe('a cursor', () => {
  it('that no page of the list handed out is refused', async () => {
    const team = await desk.team('solo');
    const lists = ['runs', 'usage', 'line', 'statements', 'packs', 'adjustments', 'events', 'audit'];
    const other = Buffer.from(JSON.stringify(['teams', 'acme'])).toString('base64url');
    const wrong = Buffer.from(JSON.stringify(['runs', { askedAt: 'x' }])).toString('base64url');
    for (const url of ['/v1/teams', ...lists.map((list) => `/v1/teams/${team}/${list}`)]) {
      for (const cursor of [
        'x',
        wrong,
        Buffer.from('null').toString('base64url'),
        ...(url === '/v1/teams' ? [] : [other]),
      ]) {
        const answer = await desk.ask(`${url}?cursor=${cursor}`, operator);
        expect({ url, cursor, status: answer.statusCode, body: answer.json<unknown>() }).toMatchObject({
          status: 400,
          body: { errors: [{ in: 'query', path: 'cursor' }] },
        });
      }
    }
  });

  it('whose place the database cannot look for is refused, and no fault of the server', async () => {
    const team = await desk.team('solo');
    const farthest = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0];
    const lists: Record<string, readonly unknown[]> = {
      runs: [{ askedAt: 1, runId: 'a\0b' }, ...farthest.map((askedAt) => ({ askedAt, runId: 'a' }))],
      usage: [{ key: 'a\0b', amount: '1' }],
      ...Object.fromEntries(
        ['line', 'statements', 'packs', 'adjustments', 'events', 'audit'].map((list) => [list, farthest]),
      ),
    };
    const asked = Object.entries(lists).flatMap(([kind, places]) =>
      places.map((place) => [kind, place, `/v1/teams/${team}/${kind}?by=flow`] as const),
    );
    for (const [kind, place, address] of [...asked, ['teams', 'a\0b', '/v1/teams?'] as const]) {
      const url = kind === 'usage' ? address : address.replace('by=flow', '');
      const cursor = Buffer.from(JSON.stringify([kind, place])).toString('base64url');
      const { statusCode } = await desk.ask(`${url}&cursor=${cursor}`.replace('?&', '?'), operator);
      const status = JSON.stringify(place).includes('\\u0000') ? [400] : [200, 400];
      expect({ kind, place, status: status.includes(statusCode) ? 'right' : statusCode }).toEqual({
        ...{ kind, place, status: 'right' },
      });
    }
  });
});
