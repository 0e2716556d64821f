import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atEnd, eventually, sharedServers, testDatabase, uniqueName } from '../support';
import { SECRET, startWebhookServer, verified, type WebhookServer } from '../workflows/webhook-server';
import { PATIENT, TEST_TIMEOUT_MS } from './expectations';
import { Platform } from './platform';

/** Marks that wait for a lock. */
const MARKS = `
  SELECT pid FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND application_name = 'flow-credits outbox' AND datname = current_database()`;

let hooks: WebhookServer;
let platform: Platform;
beforeAll(async () => {
  hooks = await startWebhookServer();
  atEnd(() => hooks.close());
  const { temporalAddress, namespace } = sharedServers();
  const { url } = await testDatabase();
  platform = await Platform.open(
    {
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: namespace,
      DATABASE_URL: url,
      FLOW_CREDITS_WEBHOOK_URL: hooks.url,
      FLOW_CREDITS_WEBHOOK_SECRET: SECRET,
    },
    uniqueName('queue'),
  );
});
afterAll(() => platform.close());

describe('a worker killed after the webhook took an event and before it was marked', () => {
  it(
    'leaves it to the next worker, which sends it again under the same id',
    async () => {
      const { client, pool, reader } = platform;
      const team = uniqueName('team');
      const worker = await platform.startWorker();
      await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00' });

      hooks.answer((_hook, earlier) => ({ status: earlier === 0 ? 500 : 200 }));
      await client.setPayAsYouGo(team, { actor: 'test', enabled: true, capUsd: '1.00' });
      const stored = (): ReturnType<typeof reader.events> => reader.events(team, { after: 0, limit: 10 });
      await eventually(async () => (await stored())[0]?.lastError === 'HTTP 500', PATIENT);
      // The next attempt is taken, and its mark waits for this row.
      const holder = await pool.connect();
      await holder.query('BEGIN');
      await holder.query('SELECT FROM flow_credits.events WHERE team_id = $1 FOR UPDATE', [team]);
      await eventually(async () => {
        expect(hooks.of(team)).toHaveLength(2);
        expect((await pool.query(MARKS)).rows).toHaveLength(1);
      }, PATIENT);
      await worker.kill();
      // Postgres would go on with what it was sent before the kill, as it would not a moment earlier.
      await pool.query(`SELECT pg_terminate_backend(pid) FROM (${MARKS}) AS marks`);
      await eventually(async () => (await pool.query(MARKS)).rows.length === 0, PATIENT);
      await holder.query('ROLLBACK');
      holder.release();
      expect(await stored()).toMatchObject([{ status: 'pending', attempts: 1 }]);

      await platform.startWorker();
      await eventually(async () => {
        expect(await stored()).toMatchObject([{ status: 'delivered', attempts: 2, lastError: null }]);
      }, PATIENT);
      const sent = hooks.of(team);
      expect(sent).toHaveLength(3);
      expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill(`${team}:1`));
      expect(new Set(sent.map(({ raw }) => raw)).size).toBe(1);
      for (const hook of sent) verified(hook);
    },
    TEST_TIMEOUT_MS,
  );
});
