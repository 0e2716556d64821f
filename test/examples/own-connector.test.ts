import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parcels } from '../../examples/own-connector/parcels';
import { parcelWorker } from '../../examples/own-connector/worker';
import { FlowCreditsClient, type StartedRun } from '../../src/client';
import { temporalSettings } from '../../src/client/connection';
import { flowSchema } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { loadPricing } from '../../src/pricing';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { json, startServer, type TestServer } from '../activities/blocks/support';
import { cli } from '../cli/cli';
import { violationsOf } from '../failures/books';
import { atEnd, testClient, testDatabase, uniqueName } from '../support';
import '../support/worker';
import { found, historyTexts } from '../workflows/payload-texts';

const folder = join(__dirname, '../../examples/own-connector');
const file = join(folder, 'flow.json');
const flow = flowSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
const pricing = loadPricing();
const KEY = 'key-of-the-carrier-1234';
const VARIABLES = ['FLOW_CREDITS_SECRET_PARCELS_URL', 'FLOW_CREDITS_SECRET_PARCELS_KEY'];

let carrier: TestServer;
let client: FlowCreditsClient;
let reader: LedgerReader;
let temporal: Awaited<ReturnType<typeof testClient>>;
let pool: Awaited<ReturnType<typeof testDatabase>>['pool'];
const team = uniqueName('parcels');

beforeAll(async () => {
  carrier = await startServer(({ url, body, headers }, response) => {
    const signed = createHmac('sha256', KEY).update(body).digest('hex') === headers['x-signature'];
    if (!signed) json(response, { message: 'who are you' }, 401);
    else if (body.includes('"XX"')) json(response, { message: `no such country, ${KEY}` }, 422);
    else json(response, url === '/quotes' ? { cents: 420 } : { tracking: 'T-1' });
  });
  process.env['FLOW_CREDITS_SECRET_PARCELS_URL'] = carrier.url;
  process.env['FLOW_CREDITS_SECRET_PARCELS_KEY'] = KEY;
  const [database, connected] = await Promise.all([testDatabase(), testClient()]);
  temporal = connected;
  const taskQueue = uniqueName('parcels');
  const { worker, close } = await parcelWorker({
    temporalAddress: temporalSettings().address,
    databaseUrl: database.url,
    taskQueue,
  });
  const running = worker.run();
  running.catch(() => undefined);
  atEnd(async () => {
    worker.shutdown();
    await running;
    await close();
    await carrier.close();
  });
  pool = database.pool;
  reader = openReader(pool, pricing);
  client = new FlowCreditsClient({ client: temporal, reader, taskQueue, teamBilling: { lingerMs: 200 } });
  await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00:00' });
});
afterAll(() => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
});

function order(mostCents: number, country = 'NO'): Json {
  return { order: 'o1', to: { name: 'Ada', country }, items: [{ grams: 300 }, { grams: 200 }], mostCents };
}

function start(input: Json): Promise<StartedRun> {
  return client.startRun({ flow, team, trigger: 'api', input });
}

describe('the example of a connector of one’s own', () => {
  it('is called with what its schemas say, and each call is charged 2 credits', async () => {
    const run = await start(order(900));
    await expect(run.result()).resolves.toMatchObject({ outputs: { shipped: { tracking: 'T-1' } } });
    expect(carrier.seen.map(({ url, body }): [string, unknown] => [url, JSON.parse(body)])).toEqual([
      ['/quotes', { to: { name: 'Ada', country: 'NO' }, grams: 500 }],
      ['/bookings', { order: 'o1', to: { name: 'Ada', country: 'NO' }, grams: 500 }],
    ]);
    const charges = await reader.charges(team, run.runId);
    expect(charges.map(({ key, amount }) => `${key} ${String(amount)}`).sort()).toEqual([
      'affordable 1000',
      'book 2000',
      'quote 2000',
    ]);
    expect(await violationsOf(pool, pricing, team)).toEqual([]);
    expect(found([KEY], await historyTexts(temporal, run.workflowId))).toEqual([]);
  });

  it('is called as often as the flow says', async () => {
    const run = await start(order(100));
    await expect(run.result()).resolves.toMatchObject({
      outputs: { tooDear: expect.anything() },
    });
    expect((await reader.charges(team, run.runId)).map(({ key }) => key).sort()).toEqual([
      'affordable',
      'quote',
    ]);
  });

  it('that refuses fails its block by name, without its key, and costs nothing', async () => {
    const run = await start(order(900, 'XX'));
    await expect(run.result()).rejects.toMatchObject({
      cause: {
        details: [
          {
            cause: 'ParcelsRefused',
            message: 'the carrier answered 422: {"message":"no such country, [secret PARCELS_KEY]"}',
          },
        ],
      },
    });
    expect(await reader.charges(team, run.runId)).toEqual([]);
  });

  it('is known at the door, and to the command line', async () => {
    const text = readFileSync(file, 'utf8').replace(
      '"quote",\n        "parameters"',
      '"qoute",\n        "parameters"',
    );
    const wrong = flowSchema.parse(JSON.parse(text));
    const { admission } = await client.startRun({ flow: wrong, team, trigger: 'api', wait: 'admission' });
    const path = 'blocks[1].config.operation';
    const message = `block "quote": operation is "qoute", no operation of service "parcels"; did you mean "quote"?`;
    expect(admission).toMatchObject({ status: 'rejected', faults: [{ path, message }] });
    const env = { FLOW_CREDITS_BLOCKS: join(folder, 'parcels.ts') };
    expect(await cli(['validate', file], '', env)).toMatchObject({ status: 0 });
    const typed = await cli(['validate', '-', '--json'], JSON.stringify(wrong), env);
    expect(JSON.parse(typed.out)).toEqual({ ok: false, faults: [{ path, message }] });
  });

  it('can be put together without Temporal', () => {
    expect(Object.keys(parcels.spec.operations)).toEqual(['quote', 'book']);
  });
});
