import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { missingSearchAttributes } from '../../src/client/search-attributes';
import { SCHEDULES, SEARCH_ATTRIBUTES, TASK_QUEUE, WORKFLOWS } from '../../src/contracts/names';
import { startTemporal, type TemporalServer } from '../../src/dev/temporal-server';
import { runScript } from '../dev/processes';
import { testDatabase, withDatabase, sharedServers, type TestDatabase } from '../support';

describe('flow-credits setup', () => {
  let temporal: TemporalServer;
  let connection: Connection;
  let database: TestDatabase;
  let bareUrl: string;

  beforeAll(async () => {
    // A namespace of its own: as bare as a new cluster's.
    temporal = await startTemporal({ headless: true, registerSearchAttributes: false });
    connection = await Connection.connect({ address: temporal.address });
    database = await testDatabase();
    const bare = `${database.name}_bare`;
    await database.pool.query(`CREATE DATABASE ${bare}`);
    bareUrl = withDatabase(sharedServers().adminUrl, bare);
  });
  afterAll(async () => {
    await connection.close();
    await temporal.stop();
  });

  async function setup(...args: string[]): Promise<{ status: unknown; report: unknown; errors: string }> {
    const script = runScript('src/cli/bin.ts', ['setup', '--json', ...args], {
      ...process.env,
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: bareUrl,
    });
    const report: unknown = await script.nextLine().then(
      (line): unknown => JSON.parse(line),
      () => null,
    );
    return { status: await script.end, report, errors: script.errors() };
  }

  it('prepares a namespace and a database, and changes nothing when it is repeated', async () => {
    expect(await missingSearchAttributes(connection, 'default')).toEqual(Object.values(SEARCH_ATTRIBUTES));
    const first = await setup();
    expect(first).toMatchObject({
      status: 0,
      errors: '',
      report: {
        namespace: 'default',
        searchAttributes: { added: Object.values(SEARCH_ATTRIBUTES), present: [] },
        schedules: { [SCHEDULES.monthlyReset]: 'created', [SCHEDULES.reconcile]: 'created' },
      },
    });
    expect(first.report).toHaveProperty('migrations.applied.0', '0001_tables.sql');
    expect(await missingSearchAttributes(connection, 'default')).toEqual([]);

    expect((await setup()).report).toEqual({
      namespace: 'default',
      migrations: { applied: [] },
      roles: { flow_credits_worker: 'present', flow_credits_reader: 'present' },
      searchAttributes: { added: [], present: Object.values(SEARCH_ATTRIBUTES) },
      schedules: { [SCHEDULES.monthlyReset]: 'unchanged', [SCHEDULES.reconcile]: 'unchanged' },
    });
  });

  it('brings a schedule to other settings and leaves it paused if it was', async () => {
    await setup();
    const handle = new Client({ connection }).schedule.getHandle(SCHEDULES.monthlyReset);
    await handle.pause('by an operator');
    expect((await setup('--every', '300')).report).toMatchObject({
      schedules: { [SCHEDULES.monthlyReset]: 'updated' },
    });
    const { spec, action, policies, state } = await handle.describe();
    expect(spec.intervals).toMatchObject([{ every: 300_000 }]);
    expect(action).toMatchObject({ workflowType: WORKFLOWS.monthlyReset, taskQueue: TASK_QUEUE });
    expect(policies.overlap).toBe('SKIP');
    expect(state).toMatchObject({ paused: true, note: 'by an operator' });
  });

  it('wants to be told which cluster and which database', async () => {
    const { TEMPORAL_ADDRESS: _address, DATABASE_URL: _url, ...env } = process.env;
    const noDatabase = runScript('src/cli/bin.ts', ['setup'], env);
    expect(await noDatabase.end).toBe(1);
    expect(noDatabase.errors()).toBe('error: DATABASE_URL is not set: it names the database to prepare\n');
    const wrongEvery = runScript('src/cli/bin.ts', ['setup', '--every', '0'], env);
    expect(await wrongEvery.end).toBe(1);
    expect(wrongEvery.errors()).toContain('--every 0');
  });
});
