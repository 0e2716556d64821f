import { describe, expect, it } from '@jest/globals';
import { servedIssuer } from '../api/served-issuer';
import { ISSUER } from '../api/tokens';
import { runScript } from '../dev/processes';
import { sharedServers, testDatabase } from '../support';
import { commandLine } from './here';

const CLI = 'src/cli/bin.ts';

describe('flow-credits api', () => {
  it('does not start without knowing whose tokens count, and says what to set', async () => {
    const { url } = await testDatabase();
    const env = { DATABASE_URL: url, TEMPORAL_ADDRESS: sharedServers().temporalAddress };
    const { failed } = commandLine(() => env);
    expect(await failed('api', '--port', '0')).toContain(
      'set FLOW_CREDITS_JWKS_URL, FLOW_CREDITS_JWT_ISSUER, FLOW_CREDITS_JWT_AUDIENCE',
    );
    const some = commandLine(() => ({
      ...env,
      FLOW_CREDITS_JWKS_URL: 'https://id.test/jwks',
      FLOW_CREDITS_JWT_ISSUER: ISSUER,
    }));
    expect(await some.failed('api', '--port', '0')).toContain('set FLOW_CREDITS_JWT_AUDIENCE (');
    expect(await failed('api', '--port', 'http')).toContain('port http: must be 0 to 65535');
  });

  it('serves who brings a token of that issuer, and ends on SIGTERM', async () => {
    const { url } = await testDatabase();
    const { signer, env } = await servedIssuer();
    const api = runScript(CLI, ['api', '--port', '0', '--no-page'], {
      ...process.env,
      DATABASE_URL: url,
      ...env,
      FLOW_CREDITS_METRICS_TOKEN: 'of the scraper',
    });
    const [, base = ''] = /^API +(http:\S+)$/.exec(await api.nextLine()) ?? [];
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${base}/ready`)).status).toBe(200);
    expect((await fetch(`${base}/metrics`)).status).toBe(401);
    const token = await signer.sign({ sub: 'olga', role: 'operator' });
    const headers = { authorization: `Bearer ${token}` };
    const me: unknown = await (await fetch(`${base}/v1/me`, { headers })).json();
    expect(me).toMatchObject({ actor: 'olga', role: 'operator' });
    expect((await fetch(`${base}/v1/me`)).status).toBe(401);
    api.child.kill('SIGTERM');
    expect(await api.end).toBe(0);
    expect(api.errors()).toContain('"actor":"olga"');
    expect(api.errors()).not.toContain(token);
  });
});
