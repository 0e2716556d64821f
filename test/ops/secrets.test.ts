import { describe, expect, it } from '@jest/globals';
import { type Client } from '@temporalio/client';
import { FlowCreditsClient } from '../../src/client';
import { loadPricing } from '../../src/pricing';
import { openReader } from '../../src/ledger/read';
import { runScript } from '../dev/processes';
import { AUDIENCE, issuer, ISSUER } from '../api/tokens';
import { atEnd, eventually, testClient, testDatabase, uniqueName } from '../support';

/** What nobody may read in any log. Each looks like nothing that a mask would know by itself. */
const SECRETS = {
  database: 'pw-tangerine-1',
  webhook: 'whsec_dGFuZ2VyaW5lLXR3by10YW5nZXJpbmUtdHdv',
  block: 'block-tangerine-3',
  metrics: 'metrics-tangerine-4',
  key: 'api-tangerine-5',
} as const;

describe('the logs of a worker and an API', () => {
  it('hold no secret, whatever goes wrong', async () => {
    const database = await testDatabase();
    const login = uniqueName('w').replaceAll('-', '_');
    await database.pool.query(
      `CREATE ROLE ${login} LOGIN PASSWORD '${SECRETS.database}' IN ROLE flow_credits_worker`,
    );
    atEnd(async () => {
      await database.pool.query(`DROP ROLE ${login}`);
    });
    const url = new URL(database.url);
    [url.username, url.password] = [login, SECRETS.database];
    const taskQueue = uniqueName('secrets');
    const env = {
      ...process.env,
      DATABASE_URL: url.toString(),
      FLOW_CREDITS_TASK_QUEUE: taskQueue,
      FLOW_CREDITS_LOG_LEVEL: 'debug',
      FLOW_CREDITS_LOG_FORMAT: 'json',
      FLOW_CREDITS_OPS_PORT: '0',
      // Nobody listens there: every delivery fails.
      FLOW_CREDITS_WEBHOOK_URL: 'http://127.0.0.1:1/hook',
      FLOW_CREDITS_WEBHOOK_SECRET: SECRETS.webhook,
      FLOW_CREDITS_SECRET_CRM: SECRETS.block,
      FLOW_CREDITS_HTTP_ALLOW: '127.0.0.0/8',
      FLOW_CREDITS_METRICS_TOKEN: SECRETS.metrics,
    };
    const signer = await issuer();
    const worker = runScript('worker.ts', [], env);
    const api = runScript('src/cli/bin.ts', ['api', '--port', '0', '--no-page'], {
      ...env,
      FLOW_CREDITS_JWKS_URL: 'http://127.0.0.1:1/jwks.json',
      FLOW_CREDITS_JWT_ISSUER: ISSUER,
      FLOW_CREDITS_JWT_AUDIENCE: AUDIENCE,
    });
    const said = await api.nextLine();
    const [base = ''] = /http:\S+/.exec(said) ?? [];
    const token = await signer.sign({ sub: 'olga', role: 'operator', team: SECRETS.key });
    const headers = {
      authorization: `Bearer ${token}`,
      cookie: `session=${SECRETS.key}`,
      'x-api-key': SECRETS.key,
    };
    // The issuer's keys cannot be had.
    expect((await fetch(`${base}/v1/me?token=${SECRETS.key}`, { headers })).status).toBe(503);
    await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${SECRETS.metrics}` } });

    const reader = openReader(database.url, loadPricing());
    atEnd(() => reader.close());
    const temporal: Client = await testClient();
    const client = new FlowCreditsClient({
      client: temporal,
      reader,
      taskQueue,
      teamBilling: { lingerMs: 200 },
    });
    const team = uniqueName('team');
    await client.upsertTeam(team, { plan: 'free', anchor: '2026-11-01T00:00:00' });
    const config = {
      url: 'http://127.0.0.1:1/crm',
      headers: { authorization: 'Bearer {{secret:CRM}}' },
      retry: { attempts: 1 },
    };
    const flow = {
      name: 'fails',
      blocks: [{ id: 'call', type: 'http-request', config }],
      connections: [],
    };
    const run = await client.startRun({ team, flow, trigger: 'api', wait: 'admission' });
    await expect(run.result()).rejects.toThrow();
    // An event that cannot be delivered.
    await client.adjustCredits(team, { actor: 'test', credits: '-25', reason: 'to the last one' });
    await client.startRun({ team, flow, trigger: 'api', wait: 'admission' });
    await eventually(() => {
      expect(worker.errors()).toMatch(/"port":\d+/);
      expect(api.errors()).toContain('"message":"answered"');
    });
    for (const { child } of [worker, api]) child.kill('SIGTERM');
    expect(await Promise.all([worker.end, api.end])).toEqual([0, 0]);

    const lines = `${worker.errors()}\n${api.errors()}\n${said}`.split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(10);
    const json = worker.errors().split('\n').filter(Boolean);
    expect(json.filter((line) => !line.startsWith('{'))).toEqual([]);
    const secrets = [...Object.values(SECRETS), token];
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });
});
