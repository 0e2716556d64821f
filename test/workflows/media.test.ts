import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { type StartedRun, type StartRun } from '../../src/client';
import { type Json } from '../../src/contracts/json';
import { startServer } from '../activities/blocks/support';
import { violationsOf } from '../failures/books';
import { everyForm, flowAround, openAgentDesk, SECRETS, secretsLeft, type AgentDesk } from './agent-desk';
import { found, historyTexts } from './payload-texts';

let desk: AgentDesk;
beforeAll(async () => {
  desk = await openAgentDesk();
});

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PICTURE = { b64_json: PNG.toString('base64') };
const BLOB = `sha256:${createHash('sha256').update(PNG).digest('hex')}`;

beforeEach(() => {
  desk.model.picture({ status: 500 });
});

async function start(config: Record<string, Json>, options: Partial<StartRun> = {}) {
  const team = await desk.team('enterprise');
  const block = {
    id: 'm',
    type: 'ai-media',
    config: { provider: 'local', model: 'painter', prompt: 'a cat', ...config },
  };
  const run = await desk.client.startRun({ team, trigger: 'manual', flow: flowAround(block), ...options });
  return { team, run };
}

async function painted(config: Record<string, Json>, options: Partial<StartRun> = {}) {
  const { team, run } = await start(config, options);
  const { outputs, charged } = await run.result();
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  return { picture: outputs['out'], charged, lines: await desk.lines(team, run), run };
}

async function failed(
  config: Record<string, Json>,
): Promise<{ cause: unknown; lines: readonly string[]; run: StartedRun }> {
  const { team, run } = await start(config);
  const cause: unknown = await run.result().catch((error: unknown) => error);
  expect(await desk.reader.run(team, run.runId)).toMatchObject({ holds: [], reservations: {} });
  return {
    cause: cause instanceof WorkflowFailedError ? cause.cause?.message : cause,
    lines: await desk.lines(team, run),
    run,
  };
}

describe('a picture', () => {
  it('is charged what it cost, to the digit, rounded half up once', async () => {
    // As endpoints write it: a number. It is read as text, digit by digit.
    desk.model.picture({ body: `{"data":[${JSON.stringify(PICTURE)}],"usage":{"cost":0.0123456}}` });
    const { picture, charged, lines } = await painted({});
    expect(lines).toEqual(['AI media painter at cost, $0.0123456, 1 x 12346 = 12346']);
    expect(charged).toBe('12346');
    expect(picture).toEqual({ blob: BLOB, mediaType: 'image/png', bytes: PNG.length });
  });

  it.each([
    ['1.25e-5', '13'],
    ['"0.0000005"', '1'],
    ['4.4E-7', null],
    ['2', '2000000'],
    ['0.1000000000000000055511151231257827', '100000'],
  ])('that cost %s is charged %s', async (cost, charge) => {
    desk.model.picture({ body: `{"usage":{"cost":${cost}},"data":[${JSON.stringify(PICTURE)}]}` });
    const { charged } = await painted({});
    expect(charged).toBe(charge ?? '0');
  });

  it.each([
    ['a manual run', { trigger: 'manual' }],
    ['a Cloud Run', { trigger: 'manual', cloudRun: true }],
    ['an automated run', { trigger: 'api' }],
  ] as const)('is charged the same in %s', async (_, how) => {
    desk.model.picture({ body: { data: [PICTURE] } });
    const { charged } = await painted({ model: 'listed', size: '1024x1024' }, how);
    expect(charged).toBe('40000');
    expect(desk.model.images.at(-1)).toEqual({ model: 'listed-1', prompt: 'a cat', n: 1, size: '1024x1024' });
  });

  it('is kept as a file named by its content, once, and is in no history', async () => {
    desk.model.picture({ body: { data: [PICTURE], usage: { cost: '0.01' } } });
    const { run } = await painted({ prompt: 'a {{ input }}' }, { input: 'dog' });
    await painted({});
    expect(Buffer.from((await desk.blobs.get(BLOB)) ?? [])).toEqual(PNG);
    expect(found([PICTURE.b64_json.slice(0, 40)], await historyTexts(desk.temporal, run.workflowId))).toEqual(
      [],
    );
    expect(await secretsLeft(desk, run)).toEqual([]);
  });

  it('that is refused in words with the key in them, in whatever form, tells nobody the key', async () => {
    const message = `no such key as ${SECRETS.KEY}: ${everyForm(SECRETS.KEY)}`;
    desk.model.picture({ status: 400, body: { error: { message } } });
    const { cause, run } = await failed({});
    expect(cause).toContain('no such key as [secret KEY]: [secret KEY] |');
    expect(await secretsLeft(desk, run)).toEqual([]);
  });

  it.each([
    ['a model without a cost', { model: 'paintr' }, 'did you mean "painter"?'],
    ['a size that is not listed', { model: 'listed', size: '2048x2048' }, 'lists no cost'],
  ])('whose cost cannot be told (%s) is never asked for', async (_, config, hint) => {
    const before = desk.model.images.length;
    const { cause, lines } = await failed(config);
    expect(cause).toContain(hint);
    expect(desk.model.images).toHaveLength(before);
    expect(lines).toEqual([]);
  });

  it('whose endpoint keeps its cost to itself fails, is not asked for again, and costs nothing', async () => {
    const before = desk.model.images.length;
    desk.model.picture({ body: { data: [PICTURE] } });
    const { cause, lines } = await failed({ attempts: 5 });
    expect(cause).toContain('did not say what it cost');
    expect(desk.model.images).toHaveLength(before + 1);
    expect(lines).toEqual([]);
  });

  it.each([
    ['is nowhere', 'http://127.0.0.1:1/cat.png', 'HttpUnreachable'],
    ['is no address', 'cat.png', 'HttpUrlInvalid'],
  ])('whose address %s is charged, and the block fails by name', async (_, url, type) => {
    desk.model.picture({ body: { data: [{ url }], usage: { cost: '0.02' } } });
    const before = desk.model.images.length;
    const team = await desk.team('enterprise');
    const block = {
      id: 'm',
      type: 'ai-media',
      config: { provider: 'local', model: 'painter', prompt: 'a cat' },
    };
    const run = await desk.client.startRun({ team, trigger: 'manual', flow: flowAround(block) });
    await expect(run.result()).rejects.toMatchObject({ cause: { details: [{ cause: type }] } });
    expect(desk.model.images).toHaveLength(before + 1);
    expect(await desk.lines(team, run)).toEqual(['AI media painter at cost, $0.02, 1 x 20000 = 20000']);
  });

  it('that comes as an address is fetched and kept, and charged once', async () => {
    const pictures = await startServer((_request, response) => response.end(PNG));
    desk.model.picture({
      body: { data: [{ url: `${pictures.url}/cat.png?key=signed` }], usage: { cost: '0.02' } },
    });
    const { picture, lines } = await painted({});
    await pictures.close();
    expect(picture).toEqual({ blob: BLOB, mediaType: 'image/png', bytes: PNG.length });
    expect(lines).toEqual(['AI media painter at cost, $0.02, 1 x 20000 = 20000']);
    expect(pictures.seen.map(({ url }) => url)).toEqual(['/cat.png?key=signed']);
  });
});
