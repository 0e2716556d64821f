import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import fc from 'fast-check';
import { z } from 'zod';
import { FAILURE } from '../../src/contracts/failures';
import { flowSchema, jsonSchema } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { RUN, WORKFLOWS } from '../../src/contracts/names';
import { validateFlow } from '../../src/contracts/validate-flow';
import { verify } from '../../src/ledger/read/verify';
import { queryOn } from '../../src/ledger/read/rows';
import { uniqueName } from '../support';
import { openDesk, type Desk } from './desk';

/** Starts at a time: a fuzz is no load test. */
const AT_ONCE = 12;
const EACH = 24;

const folder = join(__dirname, '../../examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => jsonSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));

let desk: Desk;
let team = '';
/** All that was started, by workflow id. */
const started = new Map<string, unknown>();

beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
  team = await desk.team('enterprise');
});

const faultSchema = z.object({ path: z.string().min(1), message: z.string().min(1) });
const detailsSchema = z.tuple([z.array(faultSchema).min(1)]);

/** Starts `flowRun` as anybody can, with whatever arguments, and holds it to how it must end. */
async function mustBeRefused(args: readonly unknown[]): Promise<void> {
  const workflowId = uniqueName('fuzz');
  started.set(workflowId, args);
  const handle = await desk.temporal.workflow.start(WORKFLOWS.flowRun, {
    workflowId,
    taskQueue: desk.taskQueue,
    args: [...args],
    // One that hung would be ended by it, and found by the type of its end.
    workflowExecutionTimeout: '60s',
  });
  const failure: unknown = await handle.result().then(
    (result: unknown) => new Error(`it ran, and gave ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
  const what = JSON.stringify(args).slice(0, 2000);
  if (!(failure instanceof WorkflowFailedError)) throw new Error(`${String(failure)}: ${what}`);
  const { cause } = failure;
  const found = cause !== undefined && 'type' in cause ? cause.type : null;
  expect([found, what]).toEqual([FAILURE.flowInvalid, what]);
  const details: unknown = cause !== undefined && 'details' in cause ? cause.details : null;
  expect(detailsSchema.safeParse(details).error?.message ?? 'every fault has a path').toBe(
    'every fault has a path',
  );
}

async function allRefused(inputs: readonly (readonly unknown[])[]): Promise<void> {
  const waiting = [...inputs];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await mustBeRefused(next);
  });
  await Promise.all(lanes);
}

const run = (flow: unknown): Record<string, unknown> => ({ team, trigger: 'api', flow });
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => jsonSchema.parse(JSON.parse(JSON.stringify(value))));

/** Every way to a value in a flow. */
function pathsIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, member]) => pathsIn(member, [...path, key]))];
}

/** The value with what is at a path replaced; undefined takes it out. */
function withAt(value: Json, [key, ...rest]: readonly string[], put: Json | undefined): Json {
  if (key === undefined) return put ?? null;
  const change = (member: Json | undefined): Json | undefined =>
    rest.length === 0 ? put : withAt(member ?? null, rest, put);
  if (Array.isArray(value)) {
    return value.flatMap((member, place) => (String(place) === key ? (change(member) ?? []) : [member]));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, Json][] => {
      const changed = name === key ? change(member) : member;
      return changed === undefined ? [] : [[name, changed]];
    }),
  );
}

/** A good flow with one thing broken. */
const brokenFlow = fc
  .constantFrom(...examples)
  .chain((flow) =>
    fc.tuple(
      fc.constant(flow),
      fc.constantFrom(...pathsIn(flow)),
      fc.oneof(fc.constant(undefined), json, fc.constantFrom('{{', '{{secret:}}', 'no-such-thing', -1, '')),
    ),
  )
  .map(([flow, path, put]) => withAt(flow, path, put))
  // Some of what can be changed may be changed.
  .filter((flow) => !validateFlow(flow).ok);

const sample = <T>(values: fc.Arbitrary<T>, count = EACH): readonly T[] => fc.sample(values, count);

describe('a worker is not troubled by', () => {
  it('starts that are no starts', async () => {
    const deep = Array.from({ length: 500 }).reduce<Json>((inner) => ({ a: inner }), 1);
    await allRefused([
      [],
      [null],
      ['x'],
      [7],
      [[]],
      [{}],
      [{ team }],
      [{ flow: {} }],
      [run(undefined)],
      [{ ...run(examples[0]), team: 7 }],
      [{ ...run(examples[0]), team: '' }],
      [{ ...run(examples[0]), trigger: 'cron' }],
      [{ ...run(examples[0]), location: 'local' }],
      [{ ...run(examples[0]), creditLimit: '-1' }],
      [{ ...run(examples[0]), longestWaitSeconds: 0 }],
      [{ ...run(examples[0]), mode: 'free' }],
      [{ ...run(examples[0]), more: true }],
      [run(deep)],
      // As large as Temporal takes; what is wrong with them must not be as large again.
      [run({ name: 'x'.repeat(1_900_000), blocks: [] })],
      [run({ name: 'n', ['x'.repeat(400_000)]: 1, blocks: [{ id: 'a', type: 'y'.repeat(100_000) }] })],
      [
        run({
          name: 'n',
          blocks: [{ id: 'a', type: 'start' }],
          connections: Array.from({ length: 5000 }, () => ({ from: 'b', port: 'p', to: 'c' })),
        }),
      ],
      [
        run({
          name: 'many',
          blocks: Array.from({ length: 1001 }, (_, id) => ({ id: String(id), type: 'or' })),
        }),
      ],
      [run({}), 'and more', { of: 'it' }],
      // What only an execution that goes on may bring: admission is not to be had by saying that one has it.
      [{ continued: {} }],
      [{ continued: null }],
      [{ ...run({}), continued: { runId: 'x', meter: { admission: null, charges: [] }, state: {} } }],
      [{ ...run({}), continued: { from: '', meter: {}, withoutInput: false } }],
      ...sample(json, 12).map((value) => [value]),
    ]);
  });

  it('flows that are any JSON', async () => {
    await allRefused(sample(json.filter((flow) => !validateFlow(flow).ok)).map((flow) => [run(flow)]));
  });

  it('good flows with one thing broken', async () => {
    await allRefused(sample(brokenFlow, 2 * EACH).map((flow) => [run(flow)]));
  });

  it('a broken flow by way of the client, whose answer comes with the start', async () => {
    const shaped = sample(
      brokenFlow.filter((flow) => flowSchema.safeParse(flow).success),
      8,
    );
    for (const flow of shaped) {
      const begun = await desk.client.startRun({
        team,
        trigger: 'api',
        flow: flowSchema.parse(flow),
        wait: 'admission',
        workflowId: uniqueName('fuzz'),
      });
      started.set(begun.workflowId, flow);
      expect(begun.admission).toMatchObject({ status: 'rejected', reason: 'invalid-flow' });
      await expect(begun.result()).rejects.toMatchObject({ cause: { type: FAILURE.flowInvalid } });
      expect(await desk.client.run(begun.workflowId)).toMatchObject({ status: 'rejected', team });
    }
  });

  it('questions about a start that was none, and signals that say nothing', async () => {
    const workflowId = uniqueName('fuzz');
    const none = await desk.temporal.workflow.start(WORKFLOWS.flowRun, {
      workflowId,
      taskQueue: desk.taskQueue,
      args: [null],
    });
    started.set(workflowId, [null]);
    await expect(none.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(await desk.client.run(workflowId)).toMatchObject({ team: '', flow: '', status: 'rejected' });

    const poor = await desk.emptyTeam('solo');
    const waiting = await desk.start(poor, ['a']);
    expect(waiting.admission).toMatchObject({ status: 'waiting' });
    const handle = desk.temporal.workflow.getHandle(waiting.workflowId);
    for (const args of [[], [null], ['x'], [{}], [{ runId: 7 }], [{ runId: 'another' }]]) {
      await handle.signal(RUN.creditsReleased, ...args);
      await handle.signal(RUN.discard, ...args);
    }
    expect(await desk.client.run(waiting.workflowId)).toMatchObject({ status: 'waiting' });
    await desk.client.setPayAsYouGo(poor, { actor: 'test', enabled: true, uncapped: true });
    await expect(waiting.result()).resolves.toMatchObject({ charged: '1000' });
    started.set(waiting.workflowId, 'waited');
  });
});

describe('afterwards', () => {
  it('no workflow task failed', async () => {
    expect(started.size).toBeGreaterThan(90);
    const troubled = await Promise.all(
      [...started].map(async ([workflowId, args]) => {
        const { events } = await desk.temporal.workflow.getHandle(workflowId).fetchHistory();
        const failed = (events ?? []).some((event) => event.workflowTaskFailedEventAttributes != null);
        return failed ? [JSON.stringify(args).slice(0, 500)] : [];
      }),
    );
    expect(troubled.flat()).toEqual([]);
  });

  it('no hold is left, nothing was charged, and the books are in order', async () => {
    const overview = await desk.reader.team(team);
    expect(overview?.charged).toBe(0n);
    expect(Object.values(overview?.balances ?? {}).map(({ held }) => held)).toEqual([0n, 0n, 0n]);
    const { violations } = await verify(desk.pool, desk.pricing, {});
    expect(violations).toEqual([]);
    const query = queryOn(desk.pool);
    expect(
      await query("SELECT run_id FROM flow_credits.runs WHERE status IN ('waiting', 'admitted')", []),
    ).toEqual([]);
  });

  it('a good run works', async () => {
    const good = await desk.start(team, ['a', 'b']);
    await expect(good.result()).resolves.toMatchObject({ charged: '2000' });
    expect(await desk.reader.run(team, good.runId)).toMatchObject({ status: 'closed', holds: [] });
  });
});
