import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Client as PgClient } from 'pg';
import { startPostgres } from '../../src/dev/postgres-server';
import { startTemporal, type Server } from '../../src/dev/temporal-server';
import { isGone } from './processes';

const servers: Server[] = [];
const folders: string[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new PgClient({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function pidOf(server: Server): number {
  const pid = server.pid();
  if (pid === null) throw new Error('the server is down');
  return pid;
}

describe('Postgres', () => {
  it('keeps port and data over SIGKILL and over a clean stop, and writes to disk', async () => {
    const server = await startPostgres();
    servers.push(server);
    const url = server.url();
    expect(await query(url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await query(url, 'CREATE TABLE kept (n int)');

    const first = pidOf(server);
    await server.kill();
    expect(server.pid()).toBeNull();
    expect(isGone(first)).toBe(true);
    await expect(query(url, 'SELECT 1')).rejects.toThrow();
    await server.start();
    await query(url, 'INSERT INTO kept VALUES (7)');

    await server.halt();
    await server.start();
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);

    const last = pidOf(server);
    await server.stop();
    expect(isGone(last)).toBe(true);
  });

  it('runs twice at once', async () => {
    const both = await Promise.all([startPostgres(), startPostgres()]);
    servers.push(...both);
    expect(new Set(both.map((server) => server.port)).size).toBe(2);
  });
});

describe('Temporal', () => {
  it('keeps port and workflows over SIGKILL where it has a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fc-test-'));
    folders.push(folder);
    const server = await startTemporal({ headless: true, dbFilename: join(folder, 'temporal.db') });
    servers.push(server);
    expect(server.uiUrl).toBeNull();
    await withClient(server.address, (client) =>
      client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' }),
    );

    await server.kill();
    await server.start();
    const description = await withClient(server.address, (client) =>
      client.workflow.getHandle('kept').describe(),
    );
    expect(description.status.name).toBe('RUNNING');
  });
});

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
