import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectorServicesSchema, createBlockRegistry } from '../../../../src/activities/blocks';
import { atEnd, openPostgresProxy, testDatabase } from '../../../support';
import { callWith, failureOf, secretsOf } from '../support';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query('CREATE TABLE sold (sku text PRIMARY KEY)');
});

describe('a connection that is lost while its transaction commits', () => {
  it.each([
    { fate: 'is lost' as const, sold: [] },
    { fate: 'is done' as const, sold: ['is done'] },
  ])('where the commit $fate: nobody knows, and it is not tried again', async ({ fate, sold }) => {
    const proxy = await openPostgresProxy(database.url);
    const services = connectorServicesSchema.parse({
      till: { kind: 'postgres', connection: '{{secret:URL}}', access: 'write' },
    });
    const registry = createBlockRegistry({ services, secrets: secretsOf({ URL: proxy.url }) });
    atEnd(() => registry.close());
    const config = {
      service: 'till',
      operation: 'query',
      parameters: { sql: 'INSERT INTO sold VALUES ($1)', params: [fate] },
    };
    let commits = 0;
    const isCommit = (request: string): boolean => {
      const is = request.includes('COMMIT');
      if (is) commits += 1;
      return is;
    };
    // Who came again would be let through, and counted.
    const cut = proxy.cut(isCommit, fate).then(() => {
      void proxy.cut((request) => {
        isCommit(request);
        return false;
      }, fate);
      proxy.mend();
    });
    const failure = await failureOf(
      registry.run({ id: 'sell', type: 'connector', config }, callWith({ start: null })),
    );
    expect(failure).toMatchObject({ type: 'PostgresCommitUnknown', retryable: false });
    expect(failure.message).toContain('whether it did is not known');
    expect(commits).toBe(1);
    await cut;
    const { rows } = await database.pool.query<{ sku: string }>('SELECT sku FROM sold');
    expect(rows.map(({ sku }) => sku)).toEqual(sold);
  });
});
