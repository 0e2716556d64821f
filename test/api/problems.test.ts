import { Connection, Client } from '@temporalio/client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FlowCreditsClient, openReader } from '../../src/client';
import { createApi } from '../../src/api';
import { bearerJwt } from '../../src/api/jwt';
import { atEnd, testNamespace } from '../support';
import { openApiDesk, type ApiDesk } from './desk';
import { AUDIENCE, ISSUER } from './tokens';

let desk: ApiDesk;
let team: string;
beforeAll(async () => {
  desk = await openApiDesk({ api: { commandTimeoutMs: 3_000 } });
  team = await desk.team('solo');
});

const operator = { role: 'operator' } as const;

/** A port at which nobody answers. */
const NOWHERE = '127.0.0.1:9';

interface Raw {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly payload?: string;
  readonly type?: string;
}

async function send({ method, url, payload, type = 'application/json' }: Raw) {
  const token = await desk.token({ role: 'operator' });
  const answer = await desk.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...(payload === undefined ? {} : { 'content-type': type }) },
    ...(payload === undefined ? {} : { payload }),
  });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['x-request-id']).toBe(answer.json<{ requestId: string }>().requestId);
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

describe('what is wrong', () => {
  it('is said with its place: every fault at once', async () => {
    const url = `/v1/teams/${team}/runs`;
    expect(await send({ method: 'GET', url: `${url}?limit=0&status=gone&nobody=1` })).toMatchObject({
      status: 400,
      body: {
        type: 'urn:flow-credits:problem:malformed',
        instance: url,
        errors: expect.arrayContaining([
          { in: 'query', path: 'limit', message: 'is "0"; it must be at least 1' },
          { in: 'query', path: 'nobody', message: 'is a field nobody knows' },
        ]),
      },
    });
    const flow = { name: 'x', blocks: [{ id: 'a/b', type: 'start' }, { id: 'b' }], connections: [] };
    expect(
      await send({ method: 'POST', url, payload: JSON.stringify({ trigger: 'api', flow, mode: 'off' }) }),
    ).toMatchObject({
      status: 400,
      body: {
        errors: expect.arrayContaining([
          expect.objectContaining({ in: 'body', path: 'flow.blocks[0].id' }),
          { in: 'body', path: 'flow.blocks[1].type', message: 'is missing; it must be a text' },
          { in: 'body', path: 'mode', message: 'is a field nobody knows' },
        ]),
      },
    });
    expect(
      await send({ method: 'GET', url: `/v1/teams/${team}/usage?period=1&from=2026-01-01T00:00:00Z` }),
    ).toMatchObject({
      status: 400,
    });
    expect(
      await send({
        method: 'GET',
        url: `/v1/teams/${team}/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z`,
      }),
    ).toMatchObject({ status: 400, body: { errors: [{ in: 'query', path: 'to' }] } });
  });

  it.each<[string, object, string]>([
    ['an empty flow', {}, 'flow.name is missing; it must be a text'],
    ['blocks that are no list', { name: 'n', blocks: 'x' }, 'flow.blocks is "x"; it must be a list'],
    [
      'a connection that leads nowhere',
      { name: 'n', blocks: [{ id: 'a', type: 'start' }], connections: [{ from: 'a' }] },
      'flow.connections[0].to is missing; it must be a text',
    ],
    [
      'a config of another kind',
      { name: 'n', blocks: [{ id: 'a', type: 'http-request', config: 'x' }] },
      'flow.blocks[0].config is "x"; it must be an object',
    ],
  ])('of a flow is a sentence, to start it and to estimate it: %s', async (_what, flow, sentence) => {
    for (const url of [`/v1/teams/${team}/runs`, '/v1/estimates']) {
      const payload = JSON.stringify({ trigger: 'api', flow });
      expect(await send({ method: 'POST', url, payload })).toMatchObject({
        status: 400,
        body: { detail: `body: ${sentence}` },
      });
    }
  });

  it('with a well-shaped flow is told alike by both, every fault', async () => {
    const blocks = [
      { id: 'a', type: 'http-reqest' },
      { id: 'b', type: 'http-request', config: { url: 5 } },
    ];
    const payload = JSON.stringify({ trigger: 'api', flow: { name: 'n', blocks } });
    const errors = [
      {
        in: 'body',
        path: 'blocks[0].type',
        message: 'block "a" has type "http-reqest"; did you mean "http-request"?',
      },
      { in: 'body', path: 'blocks[1].config.url', message: 'block "b": url is 5; it must be a text' },
    ];
    for (const url of [`/v1/teams/${team}/runs`, '/v1/estimates']) {
      expect(await send({ method: 'POST', url, payload })).toMatchObject({ status: 422, body: { errors } });
    }
  });

  it.each<[string, number, () => Raw]>([
    ['no such route', 404, () => ({ method: 'GET', url: '/v1/nothing' })],
    ['no such page', 404, () => ({ method: 'GET', url: '/nothing' })],
    ['no such run', 404, () => ({ method: 'GET', url: `/v1/teams/${team}/runs/nobody` })],
    [
      'no such pack',
      404,
      () => ({ method: 'POST', url: `/v1/teams/${team}/packs/77/void`, payload: '{"reason":"x"}' }),
    ],
    ['an address with a bad escape', 400, () => ({ method: 'GET', url: '/v1/teams/%ff' })],
    [
      'an address that is too long',
      400,
      () => ({ method: 'GET', url: `/v1/teams/${team}/runs/${'x'.repeat(2_000)}` }),
    ],
    ['a number that is none', 400, () => ({ method: 'GET', url: `/v1/teams/${team}/usage?period=` })],
    ['no JSON', 400, () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '{' })],
    ['no body', 400, () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '' })],
    [
      'XML',
      415,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '<a/>', type: 'application/xml' }),
    ],
    [
      'JSON that says it is text',
      415,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '{}', type: 'text/plain' }),
    ],
    ['a parameter where there are none', 400, () => ({ method: 'GET', url: '/v1/me?nobody=1' })],
    [
      'a parameter of a command',
      400,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan?nobody=1`, payload: '{"plan":"solo"}' }),
    ],
    [
      'too much',
      413,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: `"${'x'.repeat(70_000)}"` }),
    ],
    [
      'a prototype',
      400,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '{"__proto__":{}}' }),
    ],
    [
      'a NUL in a body',
      400,
      () => ({ method: 'PUT', url: `/v1/teams/${team}/plan`, payload: '{"plan":"a\\u0000"}' }),
    ],
    ['a NUL in a query', 400, () => ({ method: 'GET', url: `/v1/teams/${team}/runs?flow=%00` })],
    ['a NUL in a team', 404, () => ({ method: 'GET', url: '/v1/teams/a%00b' })],
    ['a NUL in a run', 400, () => ({ method: 'GET', url: `/v1/teams/${team}/runs/a%00b` })],
    [
      'nesting without end',
      400,
      () => ({
        method: 'POST',
        url: '/v1/estimates',
        payload: `{"flow":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      }),
    ],
    [
      'a plan that has it not',
      422,
      () => ({ method: 'POST', url: `/v1/teams/${team}/packs`, payload: '{"credits":"1"}' }),
    ],
    [
      'an absurd amount',
      422,
      () => ({
        method: 'POST',
        url: `/v1/teams/${team}/adjustments`,
        payload: `{"credits":"${'9'.repeat(60)}","reason":"x"}`,
      }),
    ],
  ])('%s: %i', async (_what, status, raw) => {
    expect(await send(raw())).toMatchObject({ status, body: { status } });
  });

  it('of a flow is said by path, whether it is priced or started', async () => {
    const flow = { name: 'x', blocks: [{ id: 'a', type: 'http-request', config: {} }], connections: [] };
    const answer = await desk.ask('/v1/estimates', operator, {
      method: 'POST',
      body: { flow, trigger: 'api' },
    });
    expect({ status: answer.statusCode, body: answer.json<unknown>() }).toMatchObject({
      status: 422,
      body: {
        type: 'urn:flow-credits:problem:bad-flow',
        errors: [{ in: 'body', path: 'blocks[0].config.url' }],
      },
    });
  });

  it('a local run is for operators: it would execute here and cost nothing', async () => {
    const flow = { name: 'x', blocks: [{ id: 'a', type: 'start' }], connections: [] };
    const start = (role: 'developer' | 'operator', more: object) =>
      desk.ask(
        `/v1/teams/${team}/runs`,
        { role, ...(role === 'operator' ? {} : { team }) },
        { method: 'POST', body: { flow, trigger: 'manual', ...more } },
      );
    expect((await start('developer', {})).statusCode).toBe(403);
    expect((await start('developer', { location: 'local' })).statusCode).toBe(403);
    expect((await start('developer', { cloudRun: true })).statusCode).toBe(201);
    expect((await start('operator', {})).statusCode).toBe(201);
  });
});

describe('a server that is away', () => {
  it('Temporal: commands are 503, reads work', async () => {
    // Without the client's own retries: they go on when the connection is closed.
    const connection = Connection.lazy({ address: NOWHERE, interceptors: [] });
    atEnd(() => connection.close());
    const temporal = new Client({ connection, namespace: testNamespace() });
    const { reader, pricing, issuer } = desk;
    const client = new FlowCreditsClient({ client: temporal, reader });
    const authenticate = await bearerJwt({ keys: issuer.keys, issuer: ISSUER, audience: AUDIENCE });
    const app = await createApi({ client, reader, pricing, authenticate, commandTimeoutMs: 2_000 });
    atEnd(() => app.close());
    const headers = { authorization: `Bearer ${await desk.token({ role: 'operator' })}` };
    const command = await app.inject({
      method: 'PUT',
      url: `/v1/teams/${team}/plan`,
      headers,
      payload: { plan: 'team' },
    });
    expect({ status: command.statusCode, body: command.json<unknown>() }).toMatchObject({
      status: 503,
      body: { type: 'urn:flow-credits:problem:unavailable' },
    });
    expect(command.headers['retry-after']).toBe('5');
    expect((await app.inject({ url: `/v1/teams/${team}`, headers })).statusCode).toBe(200);
  });

  it('Postgres: reads are 503, and nothing of the inside is told', async () => {
    const { client, pricing, issuer } = desk;
    const reader = openReader(`postgres://nobody:secret@${NOWHERE}/nowhere`, pricing);
    atEnd(() => reader.close());
    const authenticate = await bearerJwt({ keys: issuer.keys, issuer: ISSUER, audience: AUDIENCE });
    const app = await createApi({ client, reader, pricing, authenticate });
    atEnd(() => app.close());
    const headers = { authorization: `Bearer ${await desk.token({ role: 'viewer', team })}` };
    const answer = await app.inject({ url: `/v1/teams/${team}`, headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('Postgres does not answer') });
    expect(answer.body).not.toMatch(/ECONN|127\.0\.0\.1|secret|nobody/);
    expect((await app.inject({ url: '/v1/me', headers })).statusCode).toBe(200);
  });

  it('a fault of ours is 500, and nothing of the inside is told', async () => {
    const { client, pricing, issuer, reader } = desk;
    const authenticate = await bearerJwt({ keys: issuer.keys, issuer: ISSUER, audience: AUDIENCE });
    const broken = Object.create(reader, {
      team: { value: () => Promise.reject(new Error('row 17 of table x')) },
    }) as typeof reader;
    const app = await createApi({ client, reader: broken, pricing, authenticate });
    atEnd(() => app.close());
    const headers = { authorization: `Bearer ${await desk.token({ role: 'viewer', team })}` };
    const answer = await app.inject({ url: `/v1/teams/${team}`, headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/row 17/);
  });

  it('no worker: a command is 503 after a while', async () => {
    const idle = await openApiDesk({ working: false, api: { commandTimeoutMs: 300 } });
    await expect(
      idle.ask('/v1/teams/new', operator, {
        method: 'PUT',
        body: { plan: 'solo', anchor: '2026-11-01T00:00:00' },
      }),
    ).resolves.toMatchObject({
      statusCode: 503,
    });
  });
});

describe('what is no request', () => {
  it('is a problem, too', async () => {
    const url = await desk.app.listen({ port: 0, host: '127.0.0.1' });
    const long = await fetch(`${url}/v1/teams/${team}/runs?cursor=${'x'.repeat(20_000)}`);
    expect({
      status: long.status,
      type: long.headers.get('content-type'),
      body: await long.json(),
    }).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { status: 400, type: 'urn:flow-credits:problem:malformed' },
    });
  });
});

describe('every answer', () => {
  it('has the headers that keep a browser safe, and lets no other origin read', async () => {
    const { headers } = await desk.ask(`/v1/teams/${team}`, operator, {
      headers: { origin: 'https://evil.test' },
    });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/script-src 'self';.*|.*frame-ancestors 'none'.*/),
    });
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
