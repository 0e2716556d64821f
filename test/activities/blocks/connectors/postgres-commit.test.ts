import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectorServicesSchema, createBlockRegistry } from '../../../../src/activities/blocks';
import { atEnd, eventually, testDatabase } from '../../../support';
import { callWith, failureOf, secretsOf } from '../support';

/** Where the connection is cut: `COMMIT` does not reach the server, or its answer does not reach the client. */
type Cut = 'before' | 'after';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('CREATE TABLE sold (sku text PRIMARY KEY)');
});

/** A line to Postgres that breaks at the first `COMMIT`, and how often somebody asked for one. */
async function breakingLine(cut: Cut): Promise<{ url: string; commits: () => number }> {
  const to = new URL(database.url);
  let commits = 0;
  const server: Server = createServer((client) => {
    const postgres = connect(Number(to.port), to.hostname);
    let breaks = false;
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
    client.on('data', (bytes) => {
      if (!bytes.includes('COMMIT')) {
        postgres.write(bytes);
        return;
      }
      commits += 1;
      breaks = true;
      if (cut === 'after') postgres.write(bytes);
      else client.destroy();
    });
    postgres.on('data', (bytes) => {
      if (breaks) client.destroy();
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    return Promise.resolve();
  });
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.href, commits: () => commits };
}

describe('a connection that is lost while its transaction commits', () => {
  it.each<{ cut: Cut; sold: string[] }>([
    { cut: 'before', sold: [] },
    { cut: 'after', sold: ['after'] },
  ])('$cut the server has done so: nobody knows, and it is not tried again', async ({ cut, sold }) => {
    const line = await breakingLine(cut);
    const services = connectorServicesSchema.parse({
      till: { kind: 'postgres', connection: '{{secret:URL}}', access: 'write' },
    });
    const registry = createBlockRegistry({ services, secrets: secretsOf({ URL: line.url }) });
    atEnd(() => registry.close());
    const config = {
      service: 'till',
      operation: 'query',
      parameters: { sql: 'INSERT INTO sold VALUES ($1)', params: [cut] },
    };
    const failure = await failureOf(
      registry.run({ id: 'sell', type: 'connector', config }, callWith({ start: null })),
    );
    expect(failure).toMatchObject({ type: 'PostgresCommitUnknown', retryable: false });
    expect(failure.message).toContain('whether it did is not known');
    expect(line.commits()).toBe(1);
    await eventually(async () => {
      const { rows } = await database.pool.query<{ sku: string }>('SELECT sku FROM sold');
      expect(rows.map(({ sku }) => sku)).toEqual(sold);
      return true;
    });
  });
});
