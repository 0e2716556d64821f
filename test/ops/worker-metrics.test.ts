import { beforeAll, describe, expect, it } from '@jest/globals';
import { FlowCreditsClient, type StartedRun } from '../../src/client';
import { type FlowInput } from '../../src/contracts/flow';
import { moveClock } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { loadPricing } from '../../src/pricing';
import { runScript, type Script } from '../dev/processes';
import { atEnd, eventually, testClient, testDatabase, uniqueName, type TestDatabase } from '../support';
import { promisedOf, scrape } from './samples';

const DAY_MS = 86_400_000;

/** Three credits; the request, to the process itself, is reserved before it is made. */
const flowOn = (base: string): FlowInput => ({
  name: 'looks after itself',
  blocks: [
    { id: 'ask', type: 'http-request', config: { url: `${base}/health` } },
    { id: 'one', type: 'evaluate', config: { expression: '1' } },
    { id: 'two', type: 'evaluate', config: { expression: '2' } },
  ],
  connections: [],
});

let database: TestDatabase;
let worker: Script;
let client: FlowCreditsClient;

beforeAll(async () => {
  database = await testDatabase();
  const taskQueue = uniqueName('metrics');
  worker = runScript('worker.ts', [], {
    ...process.env,
    DATABASE_URL: database.url,
    FLOW_CREDITS_TASK_QUEUE: taskQueue,
    FLOW_CREDITS_LOG_LEVEL: 'info',
    FLOW_CREDITS_LOG_FORMAT: 'json',
    FLOW_CREDITS_OPS_PORT: '0',
    FLOW_CREDITS_HTTP_ALLOW: '127.0.0.0/8',
  });
  atEnd(async () => {
    worker.child.kill('SIGKILL');
    await worker.end;
  });
  const reader = openReader(database.url, loadPricing());
  atEnd(() => reader.close());
  client = new FlowCreditsClient({
    client: await testClient(),
    reader,
    taskQueue,
    teamBilling: { lingerMs: 200 },
  });
});

/** Where the process says that it serves its metrics. */
async function opsAddress(): Promise<string> {
  const port = await eventually(() => {
    const [, found] = /"port":(\d+)/.exec(worker.errors()) ?? [];
    if (found === undefined) throw new Error(`no port was told:\n${worker.errors()}`);
    return found;
  });
  return `http://127.0.0.1:${port}`;
}

describe('the metrics of the worker’s process', () => {
  it('are what its ledger and its activities did, and what the database knows', async () => {
    const base = await opsAddress();
    const team = uniqueName('team');
    const start = (): Promise<StartedRun> =>
      client.startRun({ team, flow: flowOn(base), trigger: 'api', wait: 'admission' });
    const adjust = (credits: string) =>
      client.adjustCredits(team, { actor: 'olga', credits, reason: 'a test' });

    await client.upsertTeam(team, { plan: 'free', anchor: '2026-11-01T00:00:00', timeZone: 'UTC' });
    // Of 25 credits these leave one. A run that needs three then uses more: overdraft, and the next one waits.
    for (let runs = 0; runs < 9; runs += 1) await (await start()).result();
    const waits = await start();
    expect(waits.admission).toMatchObject({ status: 'waiting', reason: 'spent' });
    await eventually(async () => {
      expect(promisedOf(await scrape(base))).toMatchObject({ waiting: 1, overdraft: 2, releases: 0 });
    });

    await adjust('10');
    await waits.result();
    await moveClock(database.pool, 40 * DAY_MS);
    await adjust('1');
    const samples = await scrape(base);
    const { queueDepth, batches, reserves, commits, alerts, resets, releases } = promisedOf(samples);
    expect(releases).toBe(1);
    // Whatever it is at just this moment.
    expect(queueDepth).toBeGreaterThanOrEqual(0);
    // What happens behind these is the ledger's to choose: how it groups, and how many months have gone by.
    for (const count of [batches, reserves, commits, alerts, resets]) expect(count).toBeGreaterThan(0);
    for (const operation of ['reserve', 'commit']) {
      const took = `flow_credits_ledger_operation_duration_seconds_sum{operation="${operation}"}`;
      expect(samples.get(took)).toBeGreaterThan(0);
    }
    expect(samples.get('flow_credits_ledger_batch_operations_sum')).toBeGreaterThanOrEqual(batches ?? NaN);
    const blocks = 'flow_credits_block_duration_seconds_count{type="evaluate",outcome="done"}';
    expect(samples.get(blocks)).toBe(20);

    worker.child.kill('SIGTERM');
    expect(await worker.end).toBe(0);
  });
});
