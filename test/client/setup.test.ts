import { afterAll, describe, expect, it } from '@jest/globals';
import { Client as PgClient } from 'pg';
import { setUp } from '../../src/client/setup';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/names';
import { startTemporal, type TemporalServer } from '../../src/dev/temporal-server';
import { Connection } from '@temporalio/client';
import { atEnd, sharedServers, uniqueName, withDatabase } from '../support';

/** A database that nobody has migrated; dropped with the others of this run. */
async function bareDatabase(): Promise<string> {
  const { adminUrl, prefix } = sharedServers();
  const name = `${prefix}${uniqueName('bare').replaceAll('-', '_')}`;
  const admin = new PgClient({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  return withDatabase(adminUrl, name);
}

describe('setUp', () => {
  let temporal: TemporalServer | null = null;
  afterAll(() => temporal?.stop());

  it('ten times at once does everything exactly once', async () => {
    temporal = await startTemporal({ headless: true, registerSearchAttributes: false });
    const connection = await Connection.connect({ address: temporal.address });
    atEnd(() => connection.close());
    const databaseUrl = await bareDatabase();

    const reports = await Promise.all(
      Array.from({ length: 10 }, () => setUp({ connection, namespace: 'default', databaseUrl })),
    );
    const appliers = reports.filter(({ migrations }) => migrations.applied.length > 0);
    expect(appliers).toHaveLength(1);
    for (const id of Object.keys(reports[0]?.schedules ?? {})) {
      expect(reports.filter(({ schedules }) => schedules[id] === 'created')).toHaveLength(1);
    }
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)));
  });
});
