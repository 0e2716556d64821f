import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { FAILURE } from '../../src/contracts/failures';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { type StartRun } from '../../src/client';
import { violationsOf } from '../failures/books';
import { eventually, uniqueName, workflowBundle } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});

type TestBlock = ReturnType<typeof loop>;

function loop(id: string, type: string, config: Record<string, Json>) {
  return { id, type, config };
}

function evaluate(id: string, expression: string): TestBlock {
  return { id, type: 'evaluate', config: { expression } };
}

/** A chain from `start` to `output`. */
function chain(name: string, ...blocks: readonly TestBlock[]) {
  const all = [loop('start', 'start', {}), ...blocks, loop('out', 'output', {})];
  const connections = all.slice(1).map(({ id }, place) => ({ from: all[place]?.id ?? '', to: id }));
  return { name, blocks: all, connections };
}

function start(
  team: string,
  flow: FlowInput,
  more: Partial<StartRun> = {},
): ReturnType<Desk['client']['startRun']> {
  return desk.client.startRun({ team, flow, trigger: 'api', wait: 'admission', ...more });
}

async function keysOf(team: string, runId: string): Promise<string[]> {
  return (await desk.reader.charges(team, runId)).map(({ key }) => key).sort();
}

describe('nested loops', () => {
  it('charge each block of each iteration once, under its whole path', async () => {
    const team = await desk.team('team');
    const inner = chain('inner', evaluate('h', 'input.item * 10 + input.input.index'));
    const flow = chain('nested', {
      id: 'for1',
      type: 'for',
      config: {
        items: '[0..2]',
        body: chain('outer', { id: 'for2', type: 'for', config: { items: [1, 2], body: inner } }),
      },
    });
    const run = await start(team, flow);
    const { outputs, charged } = await run.result();
    expect(outputs).toEqual({
      out: [
        [10, 20],
        [11, 21],
        [12, 22],
      ],
    });
    expect(charged).toBe('6000');
    expect(await keysOf(team, run.runId)).toEqual(
      [0, 1, 2].flatMap((i) => [0, 1].map((j) => `for1[${i}]/for2[${j}]/h`)),
    );
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});

describe('a loop that waits for servers', () => {
  it('has as many iterations under way as it may, and gathers in order', async () => {
    desk.gate.shut();
    const team = await desk.team('team');
    const id = uniqueName('run');
    const url = `"${desk.gate.url}/${id}/i" & input.index`;
    const body = chain('body', {
      id: 'get',
      type: 'http-request',
      config: { url: `{{ ${url} }}` },
    });
    const flow = chain('calls', loop('each', 'for', { items: '[1..7]', concurrency: 3, body }));
    const run = await start(team, flow, { workflowId: id });
    const inFlight = (): string[] =>
      desk.gate.calls.filter((call) => call.run === id).map(({ block }) => block);
    await eventually(() => inFlight().length === 3);
    // The last one first: what it leaves free is taken by the next, and no more than three are under way.
    desk.gate.answer(({ block }) => block === 'i2');
    await eventually(() => inFlight().length === 4);
    expect(new Set(inFlight())).toEqual(new Set(['i0', 'i1', 'i2', 'i3']));
    desk.gate.open();
    const { outputs, charged } = await run.result();
    expect(charged).toBe('7000');
    expect(outputs).toMatchObject({
      out: [0, 1, 2, 3, 4, 5, 6].map((index) => ({ status: 200, body: { block: `i${index}` } })),
    });
    expect(await keysOf(team, run.runId)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `each[${n}]/get`));
  });

  it('that fails in one iteration cancels the others, and names the block that failed', async () => {
    desk.gate.shut();
    const team = await desk.team('team');
    const id = uniqueName('run');
    const body = {
      name: 'body',
      blocks: [
        { id: 'start', type: 'start', config: {} },
        { id: 'first', type: 'if', config: { condition: 'input.index = 0' } },
        { id: 'wait', type: 'delay', config: { duration: 'P30D' } },
        { id: 'get', type: 'http-request', config: { url: `${desk.gate.url}/${id}/slow` } },
        { id: 'bad', type: 'evaluate', config: { expression: '$error("no such item")' } },
      ],
      connections: [
        { from: 'start', to: 'first' },
        ...['wait', 'get'].map((to) => ({ from: 'first', port: 'true', to })),
        { from: 'first', port: 'false', to: 'bad' },
      ],
    };
    const flow: FlowInput = {
      name: 'caught',
      blocks: [
        { id: 'start', type: 'start' },
        loop('each', 'for', { items: [1, 2], concurrency: 2, body }),
        { id: 'out', type: 'output' },
      ],
      connections: [
        { from: 'start', to: 'each' },
        { from: 'each', port: 'error', to: 'out' },
      ],
    };
    const run = await start(team, flow, { workflowId: id });
    const { outputs, charged } = await run.result();
    const message = expect.stringMatching(/^block "each\[1\]\/bad": .*no such item/);
    expect(outputs).toEqual({ out: { type: 'ExpressionFailed', message } });
    // Two conditions; neither the delay of a month nor the request came to its end.
    expect(charged).toBe('2000');
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('fails the run where nothing catches it, with the key of the block', async () => {
    const team = await desk.team('team');
    const body = chain('body', evaluate('bad', 'input.index = 2 ? $error("third") : 1'));
    const run = await start(team, chain('fails', loop('r', 'repeat', { times: 5, body })));
    const end = run.result();
    await expect(end).rejects.toBeInstanceOf(WorkflowFailedError);
    await expect(end).rejects.toMatchObject({
      cause: { type: FAILURE.blockFailed, details: [{ block: 'r[2]/bad', cause: 'ExpressionFailed' }] },
    });
    expect(await keysOf(team, run.runId)).toEqual(['r[0]/bad', 'r[1]/bad']);
  });
});

describe('a run that is stopped in a loop', () => {
  it('by its limit charges no more than that', async () => {
    const team = await desk.team('team');
    const flow = chain('limited', loop('r', 'repeat', { times: 50, body: chain('b', evaluate('n', '1')) }));
    const run = await start(team, flow, { creditLimit: '7000' });
    expect(await endOf(run.result())).toBe(FAILURE.creditLimitReached);
    expect(await keysOf(team, run.runId)).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `r[${n}]/n`));
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('by a cancellation, several times continued as new, closes and holds nothing', async () => {
    const team = await desk.team('team');
    const flow = chain('long', loop('r', 'repeat', { times: 10_000, body: chain('b', evaluate('n', '1')) }));
    const run = await start(team, flow, { blocksPerExecution: 10 });
    await eventually(async () => (await keysOf(team, run.runId)).length > 25);
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    const closed = await desk.reader.run(team, run.runId);
    expect(closed).toMatchObject({ status: 'closed', closeReason: 'cancelled', holds: [], reservations: {} });
    expect(closed?.charged).toBe(BigInt((await keysOf(team, run.runId)).length) * 1000n);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});

describe('a repeat', () => {
  it('goes on while its condition holds, each time seeing what came last', async () => {
    const team = await desk.team('team');
    const body = chain('body', evaluate('double', 'input.last ? input.last * 2 : input.input'));
    const flow = chain('powers', loop('r', 'repeat', { while: 'input.index = 0 or input.last <= 50', body }));
    const { outputs, charged } = await (await start(team, flow, { input: 3 })).result();
    expect(outputs).toEqual({ out: [3, 6, 12, 24, 48, 96] });
    expect(charged).toBe('6000');
  });

  it('runs as often as an expression says, and refuses more than it may', async () => {
    const team = await desk.team('team');
    const body = chain('body', evaluate('n', 'input.index'));
    const flow = chain('counted', loop('r', 'repeat', { times: 'input.n', most: 4, body }));
    const { outputs } = await (await start(team, flow, { input: { n: 4 } })).result();
    expect(outputs).toEqual({ out: [0, 1, 2, 3] });
    const over = await start(team, flow, { input: { n: 5 } });
    await expect(over.result()).rejects.toMatchObject({
      cause: { details: [{ block: 'r', cause: 'TooManyIterations' }] },
    });
    const wrong = await start(team, flow, { input: { n: -1 } });
    await expect(wrong.result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('"input.n" yields -1') },
    });
  });

  it('of a body that executes nothing takes breaths, and ends', async () => {
    const team = await desk.team('team');
    const run = await start(
      team,
      chain('empty', loop('r', 'repeat', { times: 2000, body: chain('nothing') })),
    );
    const { outputs, charged } = await run.result();
    expect(outputs).toMatchObject({ out: { length: 2000 } });
    expect(charged).toBe('0');
  });
});

describe('loops in loops that nobody could pay for', () => {
  it('are refused at the door by name', async () => {
    const team = await desk.team('team');
    const many = (inner: TestBlock): TestBlock =>
      loop('r', 'repeat', { times: 1_000_000, body: chain('body', inner) });
    const run = await start(team, chain('endless', many(many(many(evaluate('n', '1'))))));
    expect(run.admission).toMatchObject({
      status: 'rejected',
      reason: 'invalid-flow',
      message: expect.stringContaining('a run would cost at least 1000000000000000000 credits'),
      faults: [{ path: 'blocks' }],
    });
    expect(await endOf(run.result())).toBe(FAILURE.flowInvalid);
  });
});

describe('a called flow', () => {
  const called = chain('called', evaluate('add', 'input + 1'));

  it('is priced and charged by the run that calls it, each time it is called', async () => {
    const team = await desk.team('team');
    const flow = chain(
      'calls twice',
      loop('one', 'flow', { flow: { ref: 'increment' } }),
      loop('two', 'flow', { flow: { ref: 'increment' } }),
    );
    const run = await start(team, flow, { flows: { increment: called }, input: 40 });
    expect(run.admission).toMatchObject({ status: 'admitted', held: '2000' });
    const { outputs, charged } = await run.result();
    expect(outputs).toEqual({ out: 42 });
    expect(charged).toBe('2000');
    expect(await keysOf(team, run.runId)).toEqual(['one/add', 'two/add']);
  });

  it('is refused at the door when it calls itself, and holds nothing', async () => {
    const team = await desk.team('team');
    const ring = chain('ring', loop('again', 'flow', { flow: { ref: 'ring' } }));
    const run = await start(team, chain('root', loop('c', 'flow', { flow: { ref: 'ring' } })), {
      flows: { ring },
    });
    expect(run.admission).toMatchObject({
      status: 'rejected',
      reason: 'invalid-flow',
      message: expect.stringContaining('flow "ring" calls itself: "ring" -> "ring"'),
      faults: [{ path: 'flows.ring.blocks[1].config.flow.ref' }],
    });
    expect(await endOf(run.result())).toBe(FAILURE.flowInvalid);
    expect(await desk.reader.runs(team, { limit: 10 })).toEqual([]);
  });
});

describe('a run that continues as new', () => {
  const ITERATIONS = 2000;
  const body = chain('body', evaluate('n', 'input.index'));

  it('charges every iteration once, is one run to the ledger, and replays', async () => {
    const team = await desk.team('enterprise', { openingCredits: '3000' });
    const flow = chain('many', loop('r', 'repeat', { times: ITERATIONS, body }));
    const run = await start(team, flow, { blocksPerExecution: 400 });
    const { outputs, charged, runId } = await run.result();
    expect(runId).toBe(run.runId);
    expect(outputs).toEqual({ out: Array.from({ length: ITERATIONS }, (_, index) => index) });
    expect(charged).toBe(String(ITERATIONS * 1000));
    const keys = await keysOf(team, run.runId);
    expect(keys).toEqual(Array.from({ length: ITERATIONS }, (_, index) => `r[${index}]/n`).sort());
    expect(await desk.reader.run(team, run.runId)).toMatchObject({ status: 'closed', holds: [] });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);

    const view = await desk.client.run(run.workflowId);
    expect(view).toMatchObject({ runId, status: 'completed', charged, admission: { status: 'admitted' } });
    expect(view.charges.length).toBeLessThanOrEqual(1000);

    const handle = desk.temporal.workflow.getHandle(run.workflowId);
    const { runId: last } = await handle.describe();
    const history = await handle.fetchHistory();
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.firstExecutionRunId).not.toBe(last);
    expect(history.events?.length).toBeLessThan(600);
    const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
  });
});
