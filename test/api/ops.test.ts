import { describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { Registry } from 'prom-client';
import { apiLogger, logRequests } from '../../src/api/logging';
import { measureRequests, serveOps } from '../../src/api/ops';
import { readiness } from '../../src/ops/checks';
import { serverChecks } from '../../src/ops/server-checks';
import { openReader } from '../../src/ledger/read';
import { loadPricing } from '../../src/pricing';
import { atEnd, testConnection, testNamespace } from '../support';
import { openApiDesk } from './desk';

/** Without the client's own retries: they go on when the connection is closed. */
const AWAY = { address: '127.0.0.1:1', interceptors: [] };

describe('health, readiness and metrics', () => {
  it('are open, name Postgres and Temporal, and measure requests by route', async () => {
    const registry = new Registry();
    const temporal = await testConnection();
    const desk = await openApiDesk({
      api: ({ reader }) => ({
        around: [measureRequests(registry)],
        plugins: [
          serveOps({
            ready: readiness(serverChecks(reader, temporal, testNamespace())),
            metrics: { registry },
          }),
        ],
      }),
    });
    const health = await desk.app.inject('/health');
    expect({ status: health.statusCode, body: health.json<unknown>() }).toEqual({
      status: 200,
      body: { status: 'ok' },
    });
    const ready = await desk.app.inject('/ready');
    expect({ status: ready.statusCode, body: ready.json<unknown>() }).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { postgres: { status: 'up' }, temporal: { status: 'up' } } },
    });
    expect(ready.headers['cache-control']).toBe('no-store');
    const team = await desk.team('solo');
    await desk.ask(`/v1/teams/${team}`, { role: 'viewer', team });
    await desk.ask('/v1/teams/somebody-else', { role: 'viewer', team });
    await desk.app.inject('/nothing/here');
    const { body, headers } = await desk.app.inject('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const count = 'flow_credits_http_request_duration_seconds_count';
    expect(body).toContain(`${count}{method="GET",route="/v1/teams/:team",status="200"} 1`);
    expect(body).toContain(`${count}{method="GET",route="/v1/teams/:team",status="404"} 1`);
    expect(body).toContain(`${count}{method="GET",route="",status="404"} 1`);
    expect(body).not.toContain(team);
  });

  it('say which one is away, and answer 503', async () => {
    const reader = openReader('postgres://nobody:hunter2@127.0.0.1:1/nothing', loadPricing());
    const temporal = Connection.lazy(AWAY);
    atEnd(async () => {
      await Promise.all([reader.close(), temporal.close()]);
    });
    const ready = readiness(serverChecks(reader, temporal, 'default'), { withinMs: 300 });
    const { app } = await openApiDesk({ working: false, api: { plugins: [serveOps({ ready })] } });
    const answer = await app.inject('/ready');
    expect({ status: answer.statusCode, body: answer.json<unknown>() }).toMatchObject({
      status: 503,
      body: {
        status: 'not ready',
        checks: { postgres: { status: 'down', reason: 'ECONNREFUSED' }, temporal: { status: 'down' } },
      },
    });
    expect(answer.body).not.toMatch(/hunter2|127\.0\.0\.1/);
    expect((await app.inject('/metrics')).statusCode).toBe(404);
    expect((await app.inject('/health')).statusCode).toBe(200);
  });

  it('give metrics to who has their token, where there is one', async () => {
    const metrics = { registry: new Registry(), token: 'of the scraper' };
    const ready = readiness({});
    const { app } = await openApiDesk({ working: false, api: { plugins: [serveOps({ ready, metrics })] } });
    const ask = async (authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await app.inject({ url: '/metrics', headers })).statusCode;
    };
    expect([await ask(), await ask('Bearer other'), await ask('Bearer of the scraper')]).toEqual([
      401, 401, 200,
    ]);
  });
});

describe('the log of the API', () => {
  it('has one line a request with its id and who asked, and no secret', async () => {
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(line) };
    const desk = await openApiDesk({
      working: false,
      api: {
        logger: apiLogger({ level: 'trace', stream }),
        around: [logRequests],
        plugins: [
          (app) => {
            app.get('/breaks', (request) => {
              request.log.info({ headers: request.headers, body: { password: 'hunter2' } }, 'about to break');
              const cause = Object.assign(new Error('of postgres://worker:hunter2@db.example/x'), {
                code: 'E',
              });
              throw new Error('it broke with Bearer hunter2.hunter2.hunter2', { cause });
            });
            return Promise.resolve();
          },
        ],
      },
    });
    const token = await desk.token({ role: 'viewer', team: 'acme' });
    const headers = { authorization: `Bearer ${token}`, cookie: 'session=hunter2', 'x-request-id': 'call-7' };
    const answer = await desk.app.inject({ url: '/v1/me', headers });
    expect(answer.headers['x-request-id']).toBe('call-7');
    await desk.app.inject({ url: '/v1/plans?token=hunter2', headers });
    expect((await desk.app.inject({ url: '/breaks', headers })).statusCode).toBe(500);
    const odd = await desk.app.inject({
      url: '/health',
      headers: { 'x-request-id': 'with "quotes" and\ttabs' },
    });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed.find(({ path }) => path === '/v1/me')).toMatchObject({
      level: 'info',
      message: 'answered',
      request: 'call-7',
      method: 'GET',
      route: '/v1/me',
      status: 200,
      actor: 'viewer@test',
      role: 'viewer',
      ownTeam: 'acme',
    });
    expect(parsed.filter(({ message }) => message === 'answered')).toHaveLength(4);
    const text = lines.join('');
    expect(text).toContain('about to break');
    expect(text).toContain('it broke with');
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain(token);
  });
});
