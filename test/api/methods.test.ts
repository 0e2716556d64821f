import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serveOps } from '../../src/api/ops';
import { readiness } from '../../src/ops/checks';
import { openApiDesk, type ApiDesk } from './desk';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

let desk: ApiDesk;
/** Addresses of the document and of the server itself, and the methods each has. */
const addresses = new Map<string, readonly Method[]>();

beforeAll(async () => {
  desk = await openApiDesk({ working: false, api: { plugins: [serveOps({ ready: readiness({}) })] } });
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))) })
    .parse((await desk.app.inject('/openapi.json')).json());
  for (const [path, operations] of Object.entries(paths)) {
    const declared = Object.keys(operations).map((method) => z.enum(METHODS).parse(method.toUpperCase()));
    // A stream has nothing but its body.
    const hasHead = declared.includes('GET') && operations['get']?.operationId !== 'watchTeam';
    const url = path.replace('{team}', 'acme').replace('{run}', 'r').replace('{pack}', '1');
    addresses.set(url, hasHead ? [...declared, 'HEAD'] : declared);
  }
  for (const url of ['/health', '/ready', '/openapi.json']) addresses.set(url, ['GET', 'HEAD']);
});

describe('a method that an address does not have', () => {
  it('is 405 with those that it has, whoever asks and whatever the body is', async () => {
    expect(addresses.size).toBeGreaterThan(25);
    for (const [url, methods] of addresses) {
      for (const method of METHODS.filter((one) => !methods.includes(one))) {
        const answer = await desk.app.inject({
          method,
          url: `${url}?a=b`,
          headers: { 'content-type': 'text/odd' },
          payload: '{',
        });
        const { headers } = answer;
        expect({
          ...{ method, url, status: answer.statusCode, allow: headers.allow, type: headers['content-type'] },
        }).toEqual({
          ...{ method, url, status: 405, allow: [...methods].sort().join(', ') },
          type: 'application/problem+json',
        });
        if (method === 'HEAD') continue;
        expect(answer.json()).toMatchObject({
          type: 'urn:flow-credits:problem:method-not-allowed',
          status: 405,
          instance: url,
          requestId: headers['x-request-id'],
        });
      }
    }
  });

  it('is 404 where there is no address at all', async () => {
    for (const method of METHODS) {
      expect((await desk.app.inject({ method, url: '/v1/nothing' })).statusCode).toBe(404);
    }
  });
});

describe('HEAD', () => {
  it('is answered as GET is, without a body', async () => {
    for (const url of ['/health', '/ready', '/openapi.json']) {
      const [get, head] = [await desk.app.inject(url), await desk.app.inject({ method: 'HEAD', url })];
      expect({ url, status: head.statusCode, body: head.body }).toEqual({ url, status: 200, body: '' });
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    }
  });

  it('passes the same door', async () => {
    const head = async (authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await desk.app.inject({ method: 'HEAD', url: '/v1/me', headers })).statusCode;
    };
    expect(await head()).toBe(401);
    expect(await head(`Bearer ${await desk.token({ role: 'viewer', team: 'acme' })}`)).toBe(200);
    const viewer = `Bearer ${await desk.token({ role: 'viewer', team: 'acme' })}`;
    const teams = await desk.app.inject({
      method: 'HEAD',
      url: '/v1/teams',
      headers: { authorization: viewer },
    });
    expect(teams.statusCode).toBe(403);
  });
});
