import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { startTemporal } from '../../src/dev';
import { closed, listening } from '../../src/dev/demo/server';
import { runScript } from '../dev/processes';
import { atEnd, eventually, testDatabase } from '../support';
import { AUDIENCE, issuer, ISSUER } from './tokens';

const CLI = 'src/cli/bin.ts';

describe('the API process, where Temporal has been killed', () => {
  it('ends on SIGTERM with status 0 and without a stack, whatever still tries to reach Temporal', async () => {
    const [temporal, { url }, signer] = await Promise.all([
      startTemporal({ headless: true }),
      testDatabase(),
      issuer(),
    ]);
    atEnd(() => temporal.stop());
    const keys = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(signer.keys));
    });
    const jwks = `http://127.0.0.1:${await listening(keys)}/jwks.json`;
    atEnd(() => closed(keys));
    const api = runScript(CLI, ['api', '--port', '0', '--no-page'], {
      ...process.env,
      DATABASE_URL: url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      FLOW_CREDITS_JWKS_URL: jwks,
      FLOW_CREDITS_JWT_ISSUER: ISSUER,
      FLOW_CREDITS_JWT_AUDIENCE: AUDIENCE,
      FLOW_CREDITS_LOG_LEVEL: 'silent',
    });
    atEnd(() => {
      api.child.kill('SIGKILL');
      return Promise.resolve();
    });
    const [, base = ''] = /^API +(http:\S+)$/.exec(await api.nextLine()) ?? [];
    const ready = async (): Promise<number> => (await fetch(`${base}/ready`)).status;
    const authorization = `Bearer ${await signer.sign({ sub: 'olga', role: 'operator' })}`;
    expect(await ready()).toBe(200);

    await temporal.kill();
    const gone = new AbortController();
    const givenUp = fetch(`${base}/v1/teams/acme`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ plan: 'solo', anchor: '2026-01-01T00:00:00', timeZone: 'UTC' }),
      signal: gone.signal,
    }).catch((error: unknown) => error);
    // Once this is told, the command has been tried, and is to be tried again.
    await eventually(async () => {
      expect(await ready()).toBe(503);
    });
    // The server does not wait for who has hung up: that one's call would outlive it.
    gone.abort();
    expect(await givenUp).toMatchObject({ name: 'AbortError' });

    api.child.kill('SIGTERM');
    expect({ end: await api.end, errors: api.errors() }).toEqual({ end: 0, errors: 'stopping …\n' });
  });
});
