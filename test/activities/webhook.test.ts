import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventSettingsFrom, Webhook, type WebhookOptions } from '../../src/activities';
import { pauseAfter, retryAfterMs } from '../../src/activities/webhook-rules';
import { eventIdOf, parseEventId } from '../../src/contracts/names';
import { type DueEvent } from '../../src/ledger';
import {
  OTHER_SECRET,
  SECRET,
  startWebhookServer,
  verified,
  type WebhookServer,
} from '../workflows/webhook-server';

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

const due: DueEvent = {
  team: 'a:b.c',
  attempts: 0,
  event: { seq: 7, at: Date.parse('2026-04-01T00:00:00Z'), kind: 'payg.disabled', data: { actor: 'ölga' } },
};

describe('the settings', () => {
  const url = 'https://hooks.example/in?key=hidden';

  it('come from the environment', () => {
    expect(eventSettingsFrom({})).toEqual({});
    expect(
      eventSettingsFrom({
        FLOW_CREDITS_WEBHOOK_URL: url,
        FLOW_CREDITS_WEBHOOK_SECRET: ` ${SECRET}  ${OTHER_SECRET} `,
        FLOW_CREDITS_WEBHOOK_EVENTS: 'payg.usage, statement.closed',
        FLOW_CREDITS_WEBHOOK_ATTEMPTS: '3',
        FLOW_CREDITS_EVENTS_KEEP_DAYS: '90',
      }),
    ).toEqual({
      webhook: {
        url,
        secrets: [SECRET, OTHER_SECRET],
        kinds: ['payg.usage', 'statement.closed'],
        attempts: 3,
      },
      keepDays: 90,
    });
  });

  it.each([
    [{ FLOW_CREDITS_WEBHOOK_URL: url }, /FLOW_CREDITS_WEBHOOK_SECRET is not: make one by/],
    [{ FLOW_CREDITS_WEBHOOK_SECRET: SECRET }, /FLOW_CREDITS_WEBHOOK_URL is not: set both, or neither/],
    [
      { FLOW_CREDITS_WEBHOOK_EVENTS: 'payg', url },
      /FLOW_CREDITS_WEBHOOK_EVENTS "payg": must be of run\.waiting/,
    ],
    [
      { FLOW_CREDITS_WEBHOOK_ATTEMPTS: '0', url },
      /FLOW_CREDITS_WEBHOOK_ATTEMPTS "0": must be a whole number/,
    ],
    [{ FLOW_CREDITS_EVENTS_KEEP_DAYS: 'ten' }, /FLOW_CREDITS_EVENTS_KEEP_DAYS "ten": must be a whole number/],
  ])('that are wrong are told by name: %j', (env, message) => {
    const { url: address, ...rest } = { url: undefined, ...env };
    const full =
      address === undefined
        ? rest
        : { FLOW_CREDITS_WEBHOOK_URL: address, FLOW_CREDITS_WEBHOOK_SECRET: SECRET, ...rest };
    expect(() => eventSettingsFrom(full)).toThrow(message);
  });

  it.each([
    [{ url: 'ftp://hooks.example' }, /must begin with "https:\/\/"/],
    [{ url: 'nonsense' }, /must begin with/],
    [{ url: 'https://me:hidden@hooks.example' }, /at hooks\.example holds a user or a password/],
    [{ secrets: [] }, /no secret to sign with/],
    [
      { secrets: [SECRET, 'whsec_aGlkZGVu'] },
      /secret 2 of 2 is none: it must be "whsec_" and 24 to 64 bytes/,
    ],
    [{ secrets: [SECRET.replace('whsec_', '')] }, /secret 1 of 1 is none/],
  ] as [Partial<WebhookOptions>, RegExp][])(
    'are refused, and what is secret is not shown: %#',
    (wrong, message) => {
      const make = (): Webhook => new Webhook({ url, secrets: [SECRET], ...wrong });
      expect(make).toThrow(message);
      expect(make).not.toThrow(/hidden|aGlkZGVu/);
    },
  );
});

describe('an attempt', () => {
  let hooks: WebhookServer;
  let silent: Server;
  let silentUrl: string;
  beforeAll(async () => {
    hooks = await startWebhookServer();
    silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    silentUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`;
  });
  afterAll(async () => {
    silent.close();
    await hooks.close();
  });

  async function sent(options: Partial<WebhookOptions> = {}): Promise<Awaited<ReturnType<Webhook['send']>>> {
    const webhook = new Webhook({ url: hooks.url, secrets: [SECRET], ...options });
    try {
      return await webhook.send(due, never);
    } finally {
      await webhook.close();
    }
  }

  it('posts what the specification says', async () => {
    hooks.answer(() => ({ status: 202 }));
    expect(await sent()).toEqual({ status: 'delivered' });
    const hook = hooks.hooks.at(-1);
    if (hook === undefined) throw new Error('nothing came');
    expect(hook.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'a:b.c:7',
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
    expect(verified(hook)).toEqual({
      id: 'a:b.c:7',
      type: 'payg.disabled',
      timestamp: '2026-04-01T00:00:00.000Z',
      team: 'a:b.c',
      seq: 7,
      data: { actor: 'ölga' },
    });
  });

  it.each([301, 400, 401, 404, 408, 429, 500, 503])(
    'answered %i failed, and is not the last',
    async (status) => {
      hooks.answer(() => ({ status, headers: { location: hooks.url } }));
      const before = hooks.hooks.length;
      expect(await sent()).toMatchObject({
        status: 'failed',
        gone: false,
        error: expect.stringContaining(`HTTP ${status}`),
      });
      expect(hooks.hooks).toHaveLength(before + 1);
    },
  );

  it('answered 410 is the last', async () => {
    hooks.answer(() => ({ status: 410 }));
    expect(await sent()).toEqual({ status: 'failed', error: 'HTTP 410', gone: true, retryAfterMs: null });
  });

  it('tells for how long it is asked to wait', async () => {
    hooks.answer(() => ({ status: 503, headers: { 'retry-after': '7' } }));
    expect(await sent()).toMatchObject({ status: 'failed', retryAfterMs: 7_000 });
  });

  it('without an answer, or without a server, fails and names neither path nor query', async () => {
    const timeout = await sent({ url: `${silentUrl}/path?key=hidden`, timeoutMs: 50 });
    expect(timeout).toEqual({
      status: 'failed',
      error: 'no answer within 0.05 s',
      gone: false,
      retryAfterMs: null,
    });
    const refused = await sent({ url: 'http://127.0.0.1:1/path?key=hidden' });
    expect(refused).toMatchObject({ status: 'failed', error: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(refused)).not.toContain('hidden');
  });

  it('that is called off throws the reason and is no failure', async () => {
    const webhook = new Webhook({ url: silentUrl, secrets: [SECRET] });
    const stop = new AbortController();
    const sending = webhook.send(due, stop.signal);
    stop.abort(new Error('the worker goes down'));
    await expect(sending).rejects.toThrow('the worker goes down');
    await webhook.close();
  });
});

describe('the pauses', () => {
  it('grow threefold up to 12 hours, and the last attempt is some three days after the first', () => {
    const pauses = Array.from({ length: 14 }, (_, index) => pauseAfter(index + 1, {}, 0.5) ?? NaN);
    expect(pauses.slice(0, 4)).toEqual([5_000, 15_000, 45_000, 135_000]);
    expect(pauses.at(-1)).toBe(12 * HOUR_MS);
    expect(pauseAfter(15, {}, 0.5)).toBeNull();
    const all = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(all / (24 * HOUR_MS)).toBeCloseTo(3, 0);
  });

  it('differ by chance by a fifth', () => {
    expect([pauseAfter(1, {}, 0), pauseAfter(1, {}, 0.999999)]).toEqual([4_000, 6_000]);
  });

  it('of Retry-After are seconds or a date, a day at most', () => {
    const now = Date.parse('2026-04-01T00:00:00Z');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Wed, 01 Apr 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(retryAfterMs('Tue, 31 Mar 2026 00:01:00 GMT', now)).toBe(0);
    expect(retryAfterMs('99999999', now)).toBe(24 * HOUR_MS);
    expect(retryAfterMs('soon', now)).toBeNull();
  });
});

describe('the id of an event', () => {
  it('is read back whatever the team is called', () => {
    for (const team of ['acme', 'a:b', 'a:1', '1']) {
      expect(parseEventId(eventIdOf(team, 12))).toEqual({ team, seq: 12 });
    }
    for (const wrong of ['acme', 'acme:', ':1', 'acme:0', 'acme:x', ''])
      expect(parseEventId(wrong)).toBeNull();
  });
});
