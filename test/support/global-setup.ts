import { Client } from 'pg';
import { temporalSettings } from '../../src/client/connection';
import { migrate } from '../../src/ledger/migrations';
import { startPostgres } from '../../src/dev/postgres-server';
import { startTemporal } from '../../src/dev/temporal-server';
import { publishServers, withDatabase } from './servers';
import { keepForTeardown } from './teardown-list';

/** Starts one Temporal and one Postgres for all integration suites of the run, both at once. */
export default async function globalSetup(): Promise<void> {
  const prefix = `fc_test_${String(process.pid)}_`;
  const [temporal, adminUrl] = await Promise.all([sharedTemporal(), sharedPostgres()]);
  const template = `${prefix}template`;
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  await migrate(withDatabase(adminUrl, template));
  keepForTeardown(() => dropDatabases(adminUrl, prefix));
  publishServers({ ...temporal, adminUrl, template, prefix });
}

async function sharedTemporal(): Promise<{ temporalAddress: string; namespace: string }> {
  if (!process.env['TEMPORAL_ADDRESS']) {
    const server = await startTemporal({ headless: true, onProgress: report });
    keepForTeardown(() => server.stop());
    process.env['TEMPORAL_ADDRESS'] = server.address;
    process.env['TEMPORAL_NAMESPACE'] = server.namespace;
  }
  const { address, namespace } = temporalSettings();
  return { temporalAddress: address, namespace };
}

async function sharedPostgres(): Promise<string> {
  if (process.env['DATABASE_URL']) return process.env['DATABASE_URL'];
  const server = await startPostgres();
  keepForTeardown(() => server.stop());
  return server.url();
}

async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
