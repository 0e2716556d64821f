import { type FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createApi } from '../../src/api';
import { bearerJwt } from '../../src/api/jwt';
import { openReader } from '../../src/ledger/read';
import { atEnd, eventually, openPostgresProxy, type PostgresProxy } from '../support';
import { openApiDesk, type ApiDesk } from './desk';
import { AUDIENCE, ISSUER } from './tokens';

let desk: ApiDesk;
let proxy: PostgresProxy;
/** Reads through the proxy. */
let app: FastifyInstance;
let team: string;

beforeAll(async () => {
  desk = await openApiDesk();
  team = await desk.team('solo');
  proxy = await openPostgresProxy(desk.databaseUrl);
  const patience = { connectWithinMs: 1_000, answerWithinMs: 1_000 };
  const reader = openReader(proxy.url, desk.pricing, patience);
  atEnd(() => reader.close());
  const authenticate = await bearerJwt({ keys: desk.issuer.keys, issuer: ISSUER, audience: AUDIENCE });
  app = await createApi({ client: desk.client, reader, pricing: desk.pricing, authenticate });
  atEnd(() => app.close());
});

async function read(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const authorization = `Bearer ${await desk.token({ role: 'viewer', team })}`;
  const answer = await app.inject({ url: `/v1/teams/${team}${path}`, headers: { authorization } });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

describe('a Postgres that was stopped, and is not gone', () => {
  it('is not waited for: reads are answered that it does not answer, until it does', async () => {
    const there = (): Promise<void> =>
      eventually(async () => {
        expect(await read('')).toMatchObject({ status: 200, body: { team } });
      });
    const away = {
      status: 503,
      body: {
        type: 'urn:flow-credits:problem:unavailable',
        detail: expect.stringMatching(/^Postgres does not answer; try again/),
      },
    };
    await there();
    proxy.silence();
    // On the connection that is there; then on one that is to be made, for another read.
    expect(await read('')).toMatchObject(away);
    expect(await read('')).toMatchObject(away);
    expect(await read('/runs')).toMatchObject(away);
    proxy.mend();
    await there();
  });
});
