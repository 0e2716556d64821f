import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectorServicesSchema } from '../../src/activities/blocks';
import { type StartRun } from '../../src/client';
import { type Json } from '../../src/contracts/json';
import { violationsOf } from '../failures/books';
import { eventually, testDatabase } from '../support';
import { flowAround } from './agent-desk';
import { openDesk, type Desk } from './desk';
import { found, historyTexts } from './payload-texts';
import { endOf } from './run-ends';
import { startRunner } from './runner';

/** The test's server trusts everybody, so any password does. */
const PASSWORD = 'p@ss/of the+warehouse';

let desk: Desk;
let warehouse: Awaited<ReturnType<typeof testDatabase>>;
let url = '';
const services = connectorServicesSchema.parse({
  warehouse: { kind: 'postgres', connection: '{{secret:WAREHOUSE_URL}}' },
});
const secrets = {
  get: (_team: string, name: string) => Promise.resolve(name === 'WAREHOUSE_URL' ? url : null),
};

beforeAll(async () => {
  warehouse = await testDatabase();
  await warehouse.pool.query(
    `CREATE TABLE stock AS SELECT * FROM (VALUES ('a', 1), ('b', 2)) AS v (sku, count)`,
  );
  const address = new URL(warehouse.url);
  address.password = PASSWORD;
  url = address.href;
  desk = await openDesk({ worker: { registry: { services, secrets } } });
});

async function start(sql: string, params: Json, options: Partial<StartRun> = {}) {
  const team = await desk.team('enterprise');
  const config = { service: 'warehouse', operation: 'query', parameters: { sql, params } };
  const flow = flowAround({ id: 'query', type: 'connector', config });
  const run = await desk.client.startRun({ team, trigger: 'api', flow, input: 'b', ...options });
  return { team, run };
}

async function running(): Promise<number> {
  const { rows } = await warehouse.pool.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'flow-credits connector'`,
  );
  return Number(rows[0]?.count);
}

const FIND = 'SELECT sku, count FROM stock WHERE sku = $1';

describe('a connector to Postgres', () => {
  it.each([
    ['a manual run', { trigger: 'manual' }],
    ['a Cloud Run', { trigger: 'manual', cloudRun: true }],
    ['an automated run', { trigger: 'api' }],
  ] as const)('is charged 2 credits in %s, and its connection string is in no history', async (_, how) => {
    const { team, run } = await start(FIND, ['{{ input }}'], how);
    await expect(run.result()).resolves.toMatchObject({
      outputs: { out: { rows: [{ sku: 'b', count: 2 }], rowCount: 1 } },
      charged: '2000',
    });
    const [charge] = await desk.reader.charges(team, run.runId);
    expect(charge?.detail?.lines).toEqual([
      expect.objectContaining({ millicredits: '2000', row: 'blocks.connector', provenance: 'documented' }),
    ]);
    const texts = await historyTexts(desk.temporal, run.workflowId);
    expect(found([url, PASSWORD, new URL(url).password], texts)).toEqual([]);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('that is refused to write is charged nothing, and fails at once', async () => {
    const { team, run } = await start('DELETE FROM stock', []);
    await expect(run.result()).rejects.toMatchObject({ cause: { details: [{ cause: 'PostgresReadOnly' }] } });
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    const texts = await historyTexts(desk.temporal, run.workflowId);
    expect(found([url, PASSWORD, new URL(url).password], texts)).toEqual([]);
  });

  it('leaves no statement behind where its run is cancelled', async () => {
    const { team, run } = await start('SELECT pg_sleep(300)', []);
    await eventually(async () => (await running()) === 1);
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    expect(await running()).toBe(0);
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    expect(await desk.reader.run(team, run.runId)).toMatchObject({ holds: [], reservations: {} });
  });

  it('that is not there, or is given what it does not take, is refused at the door', async () => {
    const { run } = await start(`${FIND} LIMIT {{ input }}`, 'b', { wait: 'admission' });
    expect(run.admission).toMatchObject({
      status: 'rejected',
      faults: [
        { path: 'blocks[1].config.parameters.sql' },
        {
          path: 'blocks[1].config.parameters.params',
          message: expect.stringContaining('parameters.params is "b"; it must be a list'),
        },
      ],
    });
  });

  it('of a private runner is the runner’s own: the door does not know it, and it is charged the same', async () => {
    const { team, run } = await start(FIND, ['a'], { location: 'private-runner' });
    await startRunner(desk, team, { registry: { services, secrets } });
    await expect(run.result()).resolves.toMatchObject({
      outputs: { out: { rows: [{ sku: 'a', count: 1 }] } },
      charged: '2000',
    });
    expect(found([url, PASSWORD], await historyTexts(desk.temporal, run.workflowId))).toEqual([]);
  });
});
