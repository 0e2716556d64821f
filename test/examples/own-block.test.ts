import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { renderLetter } from '../../examples/own-block/render-letter';
import { letterWorker } from '../../examples/own-block/worker';
import { FlowCreditsClient, type StartedRun } from '../../src/client';
import { temporalSettings } from '../../src/client/connection';
import { flowSchema } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { loadPricing } from '../../src/pricing';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { violationsOf } from '../failures/books';
import { atEnd, testClient, testDatabase, uniqueName } from '../support';
import '../support/worker';

const folder = join(__dirname, '../../examples/own-block');
const flow = flowSchema.parse(JSON.parse(readFileSync(join(folder, 'flow.json'), 'utf8')));
const pricing = loadPricing({ cardFiles: [join(folder, 'rate-card.json')] });

let client: FlowCreditsClient;
let reader: LedgerReader;
let pool: Awaited<ReturnType<typeof testDatabase>>['pool'];
const team = uniqueName('letters');

beforeAll(async () => {
  process.env['FLOW_CREDITS_SECRET_LETTER_STAMP'] = `${team}:stamp`;
  const [database, temporal] = await Promise.all([testDatabase(), testClient()]);
  const taskQueue = uniqueName('letters');
  const { worker, close } = await letterWorker({
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
  });
  pool = database.pool;
  reader = openReader(pool, pricing);
  client = new FlowCreditsClient({ client: temporal, reader, taskQueue, teamBilling: { lingerMs: 200 } });
  await client.upsertTeam(team, { plan: 'solo', anchor: '2026-01-01T00:00:00' });
});
afterAll(() => {
  Reflect.deleteProperty(process.env, 'FLOW_CREDITS_SECRET_LETTER_STAMP');
});

const lines = (count: number): Json => Array.from({ length: count }, (_, place) => `line ${place}`);

function start(input: Json, ofTeam = team): Promise<StartedRun> {
  return client.startRun({ flow, team: ofTeam, trigger: 'api', input });
}

describe('the example of a block of one’s own', () => {
  it('runs, and is charged by its row of the rate card', async () => {
    const run = await start({ name: 'Ada', lines: lines(25) });
    await expect(run.result()).resolves.toMatchObject({
      outputs: { sent: { pages: 3, to: 'Ada' } },
      // Three pages of half a credit, and the logic block.
      charged: '2500',
    });
    const charges = await reader.charges(team, run.runId);
    expect(charges).toMatchObject([
      { key: 'letter', amount: 1500n },
      { key: 'short', amount: 1000n },
    ]);
    expect(charges[0]?.detail).toMatchObject({
      type: 'render-letter',
      usage: { units: 3 },
      lines: [{ what: 'Letter, per page', quantity: '3', unitMillicredits: '500', millicredits: '1500' }],
    });
    expect(await reader.run(team, run.runId)).toMatchObject({ rateCard: 'letters-2026-04', holds: [] });
  });

  it('delivers on its other port, and costs nothing for no page', async () => {
    const run = await start({ name: 'Ada', lines: lines(101) });
    await expect(run.result()).resolves.toMatchObject({ outputs: { tooLong: { pages: 11 } }, charged: '0' });
  });

  it.each<[string, Json, string]>([
    ['a template that made something else', { name: 7, lines: ['x'] }, 'to: Invalid input: expected string'],
    ['a template that made nothing', { lines: ['x'] }, 'to: '],
  ])('fails by name after %s, and costs nothing', async (_, input, message) => {
    const end = (await start(input)).result();
    await expect(end).rejects.toBeInstanceOf(WorkflowFailedError);
    await expect(end).rejects.toMatchObject({
      cause: {
        details: [{ block: 'letter', cause: 'ConfigInvalid' }],
        message: expect.stringContaining(message),
      },
    });
  });

  it('names its own failures without the secret it used', async () => {
    const other = uniqueName('other');
    await client.upsertTeam(other, { plan: 'solo', anchor: '2026-01-01T00:00:00' });
    const end = (await start({ name: 'Ada', lines: ['x'] }, other)).result();
    await expect(end).rejects.toMatchObject({
      cause: {
        details: [{ block: 'letter', cause: 'StampRefused' }],
        message: expect.stringContaining('the stamp [secret LETTER_STAMP] is not one of team'),
      },
    });
  });

  it('is refused at the door where its config is wrong, with the path', async () => {
    const wrong = {
      ...flow,
      blocks: flow.blocks.map((block) =>
        block.type === 'render-letter' ? { ...block, config: { to: 'Ada', linez: [] } } : block,
      ),
    };
    const run = await client.startRun({ flow: wrong, team, trigger: 'api', wait: 'admission' });
    expect(run.admission).toMatchObject({
      status: 'rejected',
      reason: 'invalid-flow',
      faults: [
        { path: 'blocks[1].config.lines', message: 'block "letter": lines is missing; it must be a list' },
        { path: 'blocks[1].config.linez', message: expect.stringContaining('did you mean "lines"?') },
      ],
    });
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  });

  it('leaves the books in order', async () => {
    expect(await violationsOf(pool, pricing, team)).toEqual([]);
    expect(renderLetter.spec.defaults).toEqual({ timeoutSeconds: 20, attempts: 2 });
  });
});
