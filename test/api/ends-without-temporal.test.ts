import { describe, expect, it } from '@jest/globals';
import { startTemporal } from '../../src/dev';
import { runScript } from '../dev/processes';
import { atEnd, eventually, testDatabase } from '../support';
import { servedIssuer } from './served-issuer';

const CLI = 'src/cli/bin.ts';

describe('the API process, where Temporal has been killed', () => {
  it('ends on SIGTERM with status 0 and without a stack, whatever still tries to reach Temporal', async () => {
    const [temporal, { url }, { signer, env }] = await Promise.all([
      startTemporal({ headless: true }),
      testDatabase(),
      servedIssuer(),
    ]);
    atEnd(() => temporal.stop());
    const api = runScript(CLI, ['api', '--port', '0', '--no-page'], {
      ...process.env,
      DATABASE_URL: url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ...env,
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
    expect(await api.end).toBe(0);
    // That somebody tried is in the trail, at whatever level of the log.
    const [stopping, ...lines] = api.errors().trimEnd().split('\n').sort();
    expect(stopping).toBe('stopping …');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        audit: expect.objectContaining({ operation: 'putTeam', actor: 'olga', status: 503 }),
      }),
    ]);
  });
});
