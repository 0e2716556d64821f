import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { loadPricing, type Pricing } from '../../src/pricing';
import { atEnd, eventually, sharedServers, uniqueName } from '../support';
import { openDesk, type Desk } from '../workflows/desk';
import { endOf } from '../workflows/run-ends';
import { violationsOf } from './books';
import { PATIENT, TEST_TIMEOUT_MS } from './expectations';
import { startService, type Answer, type Service } from './service';
import { startExampleProcess, type WorkerProcess } from './worker';

const NAMES = ['order-saga', 'catalog-loop', 'agent-loop'] as const;
type Name = (typeof NAMES)[number];

interface Place {
  readonly desk: Desk;
  readonly reader: LedgerReader;
  readonly pricing: Pricing;
}

/** Each example has a rate card, and so a ledger, of its own. */
const places = new Map<Name, Place>();
beforeAll(async () => {
  for (const name of NAMES) {
    const card = join(__dirname, `../../examples/${name}/rate-card.json`);
    const pricing = loadPricing({ cardFiles: [card] });
    const desk = await openDesk({ pricing });
    places.set(name, { desk, pricing, reader: openReader(desk.pool, pricing) });
  }
});

const alive: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of alive.splice(0)) await worker.kill();
});

interface Killed {
  readonly name: Name;
  readonly type: string;
  readonly args: object;
  readonly answer: (path: string, body: unknown) => Answer;
  readonly settings: (url: string) => object;
  /** The worker is killed while these requests are under way, counted from the start or from the last kill. */
  readonly kills: readonly number[];
}

/** Runs an example whose worker is killed on the way, again and again, and gives what came of it. */
async function run(example: Killed): Promise<{
  readonly team: string;
  readonly place: Place;
  readonly service: Service;
  readonly result: Promise<unknown>;
}> {
  const { name, type, args, answer, settings, kills } = example;
  const place = places.get(name);
  if (place === undefined) throw new Error(`there is no example "${name}"`);
  const { desk } = place;
  const team = await desk.team('enterprise');
  const service = await startService(answer);
  atEnd(() => service.close());
  const taskQueue = uniqueName(name);
  const { temporalAddress } = sharedServers();
  const where = {
    temporalAddress,
    databaseUrl: desk.databaseUrl,
    taskQueue,
    creditsTaskQueue: desk.taskQueue,
  };
  const start = (): Promise<WorkerProcess> =>
    startExampleProcess(name, { ...where, ...settings(service.url) });
  const handle = await desk.temporal.workflow.start(type, {
    taskQueue,
    workflowId: uniqueName(name),
    args: [{ teamId: team, ...args }],
  });
  for (const count of kills) {
    service.holdNext(count);
    const worker = await start();
    await eventually(() => service.holds(), PATIENT);
    await worker.kill();
    await eventually(() => !service.holds());
  }
  alive.push(await start());
  const result = handle.result();
  await result.catch(() => undefined);
  return { team, place, service, result };
}

/** One run, closed, with these charges in any order, each under a key of its own. */
async function expectCharges(
  { reader, desk, pricing }: Place,
  team: string,
  expected: readonly string[],
): Promise<void> {
  const [one, ...others] = await reader.runs(team, { limit: 10 });
  expect(others).toEqual([]);
  expect(one).toMatchObject({ status: 'closed', holds: [], reservations: {} });
  const charges = await reader.charges(team, one?.runId ?? '');
  expect(charges.map(({ detail, amount }) => `${detail?.type ?? ''} ${String(amount)}`).sort()).toEqual(
    [...expected].sort(),
  );
  expect(new Set(charges.map(({ key }) => key)).size).toBe(charges.length);
  expect(await violationsOf(desk.pool, pricing, team)).toEqual([]);
}

describe('an example whose worker is killed', () => {
  it(
    'order-saga: each step is charged once; undoing costs nothing',
    async () => {
      const saga = {
        name: 'order-saga',
        type: 'orderSaga',
        settings: (shopUrl: string) => ({ shopUrl }),
      } as const;
      const order = uniqueName('shipped');
      const shipped = await run({
        ...saga,
        args: { orderId: order },
        answer: (path) => ({ body: path }),
        // While the stock is reserved, and while the order is shipped.
        kills: [1, 3],
      });
      await expect(shipped.result).resolves.toBe(`"/${order}/ship"`);
      const steps = ['reserve-stock', 'charge-card', 'ship'];
      expect(steps.map((step) => shipped.service.times(`/${order}/${step}`))).toEqual([2, 1, 2]);
      const all = ['reserveStock 1000', 'chargeCard 2000', 'ship 3000'];
      await expectCharges(shipped.place, shipped.team, all);

      const lost = uniqueName('lost');
      const undone = await run({
        ...saga,
        args: { orderId: lost },
        answer: (path) =>
          path.endsWith('/ship') ? { status: 409, body: 'no carrier goes there' } : { body: path },
        // While the money goes back.
        kills: [4],
      });
      expect(await endOf(undone.result)).not.toBe('completed');
      const undoing = ['refund-card', 'release-stock'];
      expect(undoing.map((step) => undone.service.times(`/${lost}/${step}`))).toEqual([2, 1]);
      await expectCharges(undone.place, undone.team, ['reserveStock 1000', 'chargeCard 2000']);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'catalog-loop: one run over all its executions, each page charged once',
    async () => {
      const PAGES = 25;
      const catalog = uniqueName('catalog');
      const done = await run({
        name: 'catalog-loop',
        type: 'mirrorCatalog',
        args: { catalogId: catalog, pagesPerExecution: 4 },
        settings: (catalogUrl) => ({ catalogUrl }),
        answer: (path) => {
          const cursor = Number(path.split('/').at(-1));
          return { body: { items: cursor + 1, next: cursor + 1 < PAGES ? cursor + 1 : null } };
        },
        kills: [6, 9],
      });
      const items = Array.from({ length: PAGES }, (_, index) => index + 1);
      await expect(done.result).resolves.toBe(items.reduce((sum, count) => sum + count, 0));
      expect(done.service.total()).toBe(PAGES + 2);
      await expectCharges(
        done.place,
        done.team,
        items.map((count) => `fetchPage ${String(credits(count) / 10n)}`),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'agent-loop: each answer of the model and each tool is charged once',
    async () => {
      const asks = (...names: readonly string[]): unknown => ({
        role: 'assistant',
        content: null,
        tool_calls: names.map((name, place) => ({
          id: `call-${String(place)}`,
          function: { name, arguments: '{}' },
        })),
      });
      const script = [
        asks('weather', 'time'),
        asks('weather'),
        { role: 'assistant', content: 'it rains at noon' },
      ];
      const done = await run({
        name: 'agent-loop',
        type: 'answerQuestion',
        args: { question: 'what is it like outside?' },
        settings: (url) => ({ modelUrl: url, toolsUrl: url, model: 'small' }),
        answer: (path, body) => {
          if (path !== '/chat/completions') return { body: `${path} says` };
          const { messages } = body as { messages: readonly { role: string }[] };
          const turn = messages.filter(({ role }) => role === 'assistant').length;
          return { body: { choices: [{ message: script[turn] }] } };
        },
        // While the model thinks for the first time, and while it thinks for the second time.
        kills: [1, 4],
      });
      await expect(done.result).resolves.toBe('it rains at noon');
      expect(done.service.times('/chat/completions')).toBe(5);
      await expectCharges(done.place, done.team, [
        ...Array.from({ length: 3 }, () => 'callModel 2000'),
        ...Array.from({ length: 3 }, () => 'callTool 1000'),
      ]);
    },
    TEST_TIMEOUT_MS,
  );
});
