import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Client as PgClient } from 'pg';
import { startPostgres } from '../../src/dev/postgres-server';
import { findTemporal } from '../../src/dev/temporal-binary';
import { startTemporal, type Server } from '../../src/dev/temporal-server';
import { isGone, temporaryFolder } from './processes';

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
    const folder = temporaryFolder();
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

  it('starts again on other ports when one was taken in between, which it says before a long stack', async () => {
    const cli = await robbedTemporal();
    const server = await startTemporal({ headless: true, env: cli.env });
    servers.push(server);
    expect(cli.wasRobbed()).toBe(true);
    await withClient(server.address, (client) => client.workflowService.getSystemInfo({}));
  });

  it('starts again after a kill when a port was taken in between', async () => {
    const cli = await robbedTemporal();
    cli.spare();
    const server = await startTemporal({ headless: true, env: cli.env });
    servers.push(server);
    await server.kill();
    cli.rob();
    await server.start();
    expect(cli.wasRobbed()).toBe(true);
    await withClient(server.address, (client) => client.workflowService.getSystemInfo({}));
  });

  it('says which port is taken when its caller named it', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    try {
      await expect(startTemporal({ headless: true, port })).rejects.toThrow(
        new RegExp(`${String(port)}.*address already in use`),
      );
    } finally {
      other.close();
    }
  });
});

/**
 * The real CLI behind a script that ends once as it does when its port is gone between its check and its use: the
 * reason, then a stack of a hundred lines.
 */
async function robbedTemporal() {
  const folder = temporaryFolder();
  folders.push(folder);
  const done = join(folder, 'robbed');
  const script = join(folder, 'temporal');
  const { path } = await findTemporal();
  writeFileSync(
    script,
    `#!/bin/sh
if [ "$1" = server ] && [ ! -e '${done}' ]; then
  touch '${done}'
  echo 'level=ERROR msg="Failed to start gRPC listener" error="listen tcp 127.0.0.1: bind: address already in use"'
  for line in $(seq 102); do echo "go.uber.org/dig.(*constructorNode).Call(0x$line)"; done
  exit 2
fi
exec '${path}' "$@"
`,
  );
  chmodSync(script, 0o755);
  return {
    env: { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter) },
    wasRobbed: () => existsSync(done),
    spare: () => {
      writeFileSync(done, '');
    },
    rob: () => {
      rmSync(done);
    },
  };
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
