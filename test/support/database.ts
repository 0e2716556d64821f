import { Client, Pool } from 'pg';
import { atEnd } from './at-end';
import { sharedServers, uniqueName, withDatabase } from './servers';

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Connects when first used. */
  readonly pool: Pool;
  /** Ends the pool and drops the database. Done after the suite for what is left. */
  drop(): Promise<void>;
}

const open = new Set<TestDatabase>();

/** A fresh, migrated database of this test's own: a copy of the template, made in some milliseconds. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl, template, prefix } = sharedServers();
  const name = `${prefix}${uniqueName('t').replaceAll('-', '_')}`;
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = withDatabase(adminUrl, name);
  const pool = new Pool({ connectionString: url, max: 10 });
  // The server cuts connections when a test stops it or drops the database; a query tells its caller.
  pool.on('error', () => undefined);
  const database: TestDatabase = {
    name,
    url,
    pool,
    drop: async () => {
      if (!open.delete(database)) return;
      if (!pool.ended) await pool.end();
      await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
  open.add(database);
  atEnd(() => database.drop());
  return database;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new Client({ connectionString: sharedServers().adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
