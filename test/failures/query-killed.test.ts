import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { TEST_TIMEOUT_MS, PATIENT, expectAtRest } from './expectations';
import { Platform } from './platform';

let platform: Platform;
let warehouse: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  const { temporalAddress, namespace } = sharedServers();
  const [{ url }, other] = await Promise.all([testDatabase(), testDatabase()]);
  warehouse = other;
  await warehouse.pool.query('CREATE TABLE door (open boolean)');
  const service = { kind: 'postgres', connection: '{{secret:WAREHOUSE}}', statementTimeoutSeconds: 300 };
  platform = await Platform.open(
    {
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: namespace,
      DATABASE_URL: url,
      FLOW_CREDITS_CONNECTORS: JSON.stringify({ warehouse: service }),
      FLOW_CREDITS_SECRET_WAREHOUSE: warehouse.url,
    },
    uniqueName('queue'),
  );
});
afterAll(() => platform.close());

async function processes(): Promise<readonly number[]> {
  const { rows } = await warehouse.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(CASE%' AND state = 'active' AND pid <> pg_backend_pid()`,
  );
  return rows.map(({ pid }) => pid);
}

describe('a worker killed by SIGKILL in the middle of a query', () => {
  it(
    'leaves it running nowhere; another worker asks again, and it is charged once',
    async () => {
      const worker = await platform.startWorker();
      const team = uniqueName('team');
      await platform.client.upsertTeam(team, { plan: 'enterprise', anchor: '2026-01-01T00:00' });
      const sql = 'SELECT pg_sleep(CASE WHEN EXISTS (SELECT FROM door) THEN 0 ELSE 600 END)::text AS slept';
      const config = { service: 'warehouse', operation: 'query', parameters: { sql }, timeoutSeconds: 300 };
      const run = await platform.client.startRun({
        team,
        trigger: 'api',
        flow: { name: 'asks', blocks: [{ id: 'ask', type: 'connector', config }] },
      });
      await eventually(async () => (await processes()).length === 1, PATIENT);
      const [first] = await processes();
      await worker.kill();
      // The server finds out by itself: nobody is there to tell it.
      await eventually(async () => !(await processes()).includes(first ?? 0), PATIENT);
      await warehouse.pool.query('INSERT INTO door VALUES (true)');
      const again = await platform.startWorker();
      await expect(run.result()).resolves.toMatchObject({ charged: '2000' });
      expect(await platform.reader.charges(team, run.runId)).toHaveLength(1);
      await expectAtRest(platform, team, 1);
      await again.kill();
    },
    TEST_TIMEOUT_MS,
  );
});
