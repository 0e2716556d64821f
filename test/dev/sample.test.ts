import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { TASK_QUEUE, WORKFLOWS } from '../../src/contracts/names';
import { startStackApi, type StackApi } from '../../src/dev/api';
import { freePort } from '../../src/dev/ports';
import { SAMPLE, samplePast, sampleToday, type SampleOptions } from '../../src/dev/sample';
import { periodsOf } from '../../src/dev/sample/pasts';
import { startStack, type Stack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { periodAt } from '../../src/ledger/core/periods';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { loadPricing } from '../../src/pricing';

const DAY_MS = 86_400_000;

const opened: (() => Promise<unknown>)[] = [];
function keep<T>(one: T, close: (one: T) => Promise<unknown>): T {
  opened.push(() => close(one));
  return one;
}

let stack: Stack;
let api: StackApi;
let options: SampleOptions;
let reader: LedgerReader;
/** What a page that an operator opened asks with. */
let token: string;
beforeAll(async () => {
  const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _url, ...env } = process.env;
  stack = keep(await startStack({ env, headless: true }), (one) => one.stop());
  const onProgress = (): void => undefined;
  const served = await startStackApi(stack, { port: await freePort(), onProgress });
  if (served === null) throw new Error('the packages of the API are installed');
  api = keep(served, (one) => one.close());
  options = { apiUrl: api.url, onProgress };
  expect(await samplePast(stack, options)).toBe(true);
  keep(await startStackWorker(stack), (one) => one.stop());
  await sampleToday(stack, options);
  reader = keep(openReader(stack.databaseUrl, loadPricing()), (one) => one.close());
  token = (await opening(api.link({ role: 'operator' }))).token;
}, 120_000);
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

/** Where a short address sends whoever opens it. */
async function opening(link: string): Promise<{ token: string; to: string; headers: Headers }> {
  const { status, headers } = await fetch(link, { redirect: 'manual' });
  expect(status).toBe(302);
  const location = headers.get('location') ?? '';
  expect(location).toMatch(/^\/#token=/);
  const fragment = new URLSearchParams(location.slice('/#'.length));
  return { token: fragment.get('token') ?? '', to: fragment.get('to') ?? '', headers };
}

interface Items {
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

async function get<T = Items>(path: string, by = token): Promise<T> {
  const answer = await fetch(`${api.url}/v1${path}`, { headers: { authorization: `Bearer ${by}` } });
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return (await answer.json()) as T;
}

async function keysOf(team: string, by: 'day' | 'type' | 'flow'): Promise<unknown[]> {
  const now = await reader.now();
  const span = new URLSearchParams({
    from: new Date(now - 90 * DAY_MS).toISOString(),
    to: new Date(now + DAY_MS).toISOString(),
  });
  const { items } = await get(`/teams/${team}/usage?by=${by}&limit=500&${String(span)}`);
  return items.map(({ key }) => key);
}

describe('the sample teams', () => {
  it('have used much, on many days, and in the period that is open', async () => {
    expect((await keysOf(SAMPLE.enterprise, 'day')).length).toBeGreaterThan(50);
    expect((await keysOf(SAMPLE.runOut, 'day')).length).toBeGreaterThan(15);
    expect((await keysOf(SAMPLE.free, 'day')).length).toBeGreaterThan(10);
    const { items } = await get(`/teams/${SAMPLE.enterprise}/usage?by=day`);
    expect(items.length).toBeGreaterThan(15);
    expect((await keysOf(SAMPLE.enterprise, 'type')).sort()).toEqual([
      'ai-agent',
      'ai-media',
      'connector',
      'delay',
      'evaluate',
      'http-request',
    ]);
    expect(await keysOf(SAMPLE.enterprise, 'flow')).toHaveLength(5);
  });

  it('have statements, one with pay-as-you-go, and something to audit', async () => {
    const counts = Object.values(SAMPLE).map(
      async (team) => (await get(`/teams/${team}/statements`)).items.length,
    );
    expect(await Promise.all(counts)).toEqual([1, 2, 1]);
    const [latest] = await reader.statements(SAMPLE.enterprise).then((all) => [...all].reverse());
    expect(latest?.paygCents).toBeGreaterThan(0n);
    const audit = await get(`/teams/${SAMPLE.enterprise}/audit`);
    expect(new Set(audit.items.map(({ kind }) => kind))).toEqual(new Set(['setting', 'grant', 'reversal']));
  });

  it('are in the present: pay-as-you-go is used on one, runs wait on another, and the past is closed', async () => {
    const team = await reader.team(SAMPLE.enterprise);
    expect(team?.payg.charged).toBeGreaterThan(0n);
    const line = await reader.line(SAMPLE.runOut, { limit: 100 });
    expect(line).toHaveLength(4);
    const open = await reader.openRuns({ after: null, limit: 100, olderThanMs: 0 });
    expect(open.map((run) => `${run.team} ${run.status}`).sort()).toEqual([
      `${SAMPLE.enterprise} admitted`,
      ...line.map(() => `${SAMPLE.runOut} waiting`),
    ]);
  });

  it('are left as they are by a reconcile and by another start, and verify finds nothing', async () => {
    const before = await versions();
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    try {
      const client = new Client({ connection, namespace });
      const answer: unknown = await client.workflow.execute(WORKFLOWS.reconcile, {
        workflowId: 'reconcile-samples',
        taskQueue: TASK_QUEUE,
        args: [{ graceMs: 0 }],
      });
      expect(answer).toMatchObject({ seen: 5, closed: 0, failed: 0 });
    } finally {
      await connection.close();
    }
    expect(await samplePast(stack, options)).toBe(false);
    expect(await versions()).toEqual(before);
    expect(await reader.verify()).toMatchObject({ clean: true, violations: [] });
  });

  async function versions(): Promise<unknown> {
    return Promise.all(Object.values(SAMPLE).map((team) => reader.version(team)));
  }

  it('have periods that have begun and not ended, on any day', () => {
    const wrong: unknown[] = [];
    for (let day = 0; day < 2 * 365; day += 1) {
      const now = Date.UTC(2027, 0, 1, 13) + day * DAY_MS;
      for (const ended of [1, 2]) {
        const { anchor, first, present } = periodsOf(now, 24, ended);
        const [earliest, open] = [periodAt(anchor, 'UTC', 0), periodAt(anchor, 'UTC', ended)];
        const right = earliest.start === first && open.start === present && present < now && now < open.end;
        if (!right) wrong.push({ now, ended, anchor });
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('a short address', () => {
  it('opens the page of whoever it is for, with a token of its own each time', async () => {
    const link = api.link({ role: 'billing-admin', team: SAMPLE.runOut });
    expect(link.startsWith(`${api.url}/open/`)).toBe(true);
    expect(link.length).toBeLessThan(60);
    const [one, two] = [await opening(link), await opening(link)];
    expect(one.headers.get('cache-control')).toBe('no-store');
    expect(one.to).toBe(`/teams/${SAMPLE.runOut}`);
    expect(one.token).not.toBe(two.token);
    for (const each of [one, two]) {
      expect(await get<object>('/me', each.token)).toMatchObject({
        role: 'billing-admin',
        team: SAMPLE.runOut,
      });
    }
    expect((await opening(api.link({ role: 'operator' }))).to).toBe('/teams');
    const page = await fetch(link);
    expect({ status: page.status, type: page.headers.get('content-type') }).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^text\/html/),
    });
  });

  it('is made up anew each time, and stands in no document', async () => {
    const codes = new Set([1, 2, 3].map(() => api.link({ role: 'operator' })));
    expect(codes.size).toBe(3);
    expect((await fetch(`${api.url}/open/willow`, { redirect: 'manual' })).status).toBe(404);
    expect(await (await fetch(`${api.url}/openapi.json`)).text()).not.toContain('/open/');
  });
});
