import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import { type FlowInput } from '../../src/contracts/flow';
import { FAILURE } from '../../src/contracts/failures';
import { runnerTaskQueue } from '../../src/contracts/names';
import { defineBlock } from '../../src/contracts/own-blocks';
import { violationsOf } from '../failures/books';
import { atEnd, eventually, workflowBundle } from '../support';
import { callsInTurn, openDesk, type Desk } from './desk';
import { startAnswers, type Answers } from './answers';
import { startRunner } from './runner';

/** Says that it used what no card can price. */
const greedy = defineBlock({
  type: 'greedy',
  description: 'says nonsense of its usage',
  config: z.object({}),
  execute: () => Promise.resolve({ value: 1, usage: { units: -5 } }),
});

const own = { blocks: [greedy] };

let desk: Desk;
let answers: Answers;

beforeAll(async () => {
  desk = await openDesk({ worker: own });
  answers = await startAnswers();
  atEnd(() => answers.close());
});

/** An HTTP request, logic, and a loop of both. */
function mixed(path: string): FlowInput {
  return {
    name: 'mixed',
    blocks: [
      { id: 'fetch', type: 'http-request', config: { url: `${answers.url}/0/${path}` } },
      { id: 'sum', type: 'evaluate', config: { expression: '1 + 2' } },
      {
        id: 'each',
        type: 'for',
        config: {
          items: '[1, 2]',
          body: {
            name: 'body',
            blocks: [
              { id: 'double', type: 'evaluate', config: { expression: '2 * 21' } },
              { id: 'call', type: 'http-request', config: { url: `${answers.url}/0/${path}` } },
            ],
            connections: [{ from: 'double', to: 'call' }],
          },
        },
      },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'fetch', to: 'sum' },
      { from: 'sum', to: 'each' },
      { from: 'sum', to: 'out' },
    ],
  };
}

async function nothingHeld(team: string, runId: string): Promise<void> {
  expect(await desk.reader.run(team, runId)).toMatchObject({ status: 'closed', holds: [], reservations: {} });
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
}

describe('a run on a private runner', () => {
  it('waits and says so until the runner is there, and is charged as in the cloud, each block once', async () => {
    const team = await desk.team('enterprise');
    const start = { team, trigger: 'api', flow: mixed('cloud') } as const;
    const cloud = await desk.client.startRun(start);
    const inCloud = await cloud.result();

    const run = await desk.client.startRun({ ...start, location: 'private-runner' });
    const taskQueue = runnerTaskQueue(team, desk.taskQueue);
    await eventually(async () => {
      const { status, runner, blocks, location } = await desk.client.run(run.workflowId);
      expect({ status, runner, location }).toEqual({
        status: 'running',
        runner: { taskQueue, polled: false },
        location: 'private-runner',
      });
      expect(blocks['fetch']).toBe('running');
    });

    const runner = await startRunner(desk, team, own);
    expect(runner.taskQueue).toBe(taskQueue);
    const result = await run.result();
    expect(result).toMatchObject({ outputs: inCloud.outputs, charged: inCloud.charged });
    expect((await desk.client.run(run.workflowId)).runner).toBeNull();
    expect(await desk.client.runner(team)).toEqual({ taskQueue, polled: true });

    const [ofCloud, charges] = await Promise.all(
      [cloud, run].map(({ runId }) => desk.reader.charges(team, runId)),
    );
    const amounts = (rows: typeof charges): string[] =>
      (rows ?? [])
        .map(({ key, amount, unreserved, late }) => `${key} ${amount} ${String(unreserved || late)}`)
        .sort();
    expect(amounts(charges)).toEqual(amounts(ofCloud));
    expect(charges?.length).toBeGreaterThanOrEqual(6);
    for (const { detail } of charges ?? []) {
      for (const line of detail?.lines ?? []) expect(line.provenance).toBe('assumed');
    }
    await nothingHeld(team, run.runId);

    const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    const queues = (history.events ?? []).flatMap((event) => {
      const scheduled = event.activityTaskScheduledEventAttributes;
      return scheduled?.activityType?.name === 'flowCredits.runBlock' ? [scheduled.taskQueue?.name] : [];
    });
    // What the loop asks, too.
    expect(queues).toEqual(Array.from({ length: 7 }, () => taskQueue));
    const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
  });

  it('tries a block again that may pass, and is charged once', async () => {
    const team = await desk.team('enterprise');
    await startRunner(desk, team, own);
    const flow: FlowInput = {
      name: 'second try',
      blocks: [{ id: 'fetch', type: 'http-request', config: { url: `${answers.url}/1/again`, attempts: 3 } }],
    };
    const run = await desk.client.startRun({ team, trigger: 'api', location: 'private-runner', flow });
    await expect(run.result()).resolves.toMatchObject({ charged: '1000' });
    expect(answers.seen('/1/again')).toBe(2);
    expect(await desk.reader.charges(team, run.runId)).toHaveLength(1);
    await nothingHeld(team, run.runId);
  });

  it('fails after a block has failed as often as it may, which costs nothing', async () => {
    const team = await desk.team('enterprise');
    await startRunner(desk, team, own);
    const flow: FlowInput = {
      name: 'never',
      blocks: [
        { id: 'fetch', type: 'http-request', config: { url: `${answers.url}/99/never`, attempts: 2 } },
      ],
    };
    const run = await desk.client.startRun({ team, trigger: 'api', location: 'private-runner', flow });
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: FAILURE.blockFailed, details: [{ block: 'fetch', cause: 'HttpStatus' }] },
    });
    expect(answers.seen('/99/never')).toBe(2);
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    await nothingHeld(team, run.runId);
  });

  it('stops at its credit limit', async () => {
    const team = await desk.team('enterprise');
    await startRunner(desk, team, own);
    const flow = callsInTurn(`${answers.url}/0/limit`, ['a', 'b', 'c']);
    const limited = { team, trigger: 'api', location: 'private-runner', flow, creditLimit: '2000' } as const;
    const run = await desk.client.startRun(limited);
    await expect(run.result()).rejects.toMatchObject({ cause: { type: FAILURE.creditLimitReached } });
    expect((await desk.reader.charges(team, run.runId)).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(answers.seen('/0/limit/c')).toBe(0);
    await nothingHeld(team, run.runId);
  });

  it('that is cancelled while nobody polls closes, and gives back what it held', async () => {
    const team = await desk.team('enterprise');
    const flow = callsInTurn(`${answers.url}/0/cancelled`, ['a', 'b']);
    const run = await desk.client.startRun({ team, trigger: 'api', location: 'private-runner', flow });
    await eventually(async () => {
      expect((await desk.reader.run(team, run.runId))?.reservations).toHaveProperty('a');
    });
    await desk.client.cancelRun(run.workflowId);
    await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    expect(answers.seen('/0/cancelled/a')).toBe(0);
    await nothingHeld(team, run.runId);
  });

  it('that is cancelled while its runner is at a block waits for it, and is charged nothing', async () => {
    const team = await desk.team('enterprise');
    await startRunner(desk, team, own);
    // The gate is closed: it takes the request and does not answer.
    const run = await desk.start(team, ['a'], { location: 'private-runner' });
    await eventually(() => desk.gate.times(run.workflowId, 'a') === 1);
    await desk.client.cancelRun(run.workflowId);
    await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    await nothingHeld(team, run.runId);
  });

  it('fails a block whose runner says nonsense of its usage, charges nothing and goes on to its end', async () => {
    const team = await desk.team('enterprise');
    await startRunner(desk, team, own);
    const flow: FlowInput = { name: 'greedy', blocks: [{ id: 'greedy', type: 'greedy' }] };
    const run = await desk.client.startRun({ team, trigger: 'api', location: 'private-runner', flow });
    await expect(run.result()).rejects.toMatchObject({
      cause: {
        type: FAILURE.blockFailed,
        message: expect.stringContaining('usage is malformed'),
        details: [{ block: 'greedy', cause: 'Unexpected' }],
      },
    });
    expect(await desk.reader.charges(team, run.runId)).toEqual([]);
    await nothingHeld(team, run.runId);
  });
});

describe('refused at the door', () => {
  it('is a private run of a plan without a private runner', async () => {
    const team = await desk.team('solo');
    const { admission } = await desk.start(team, ['a'], { location: 'private-runner' });
    expect(admission).toMatchObject({ status: 'rejected', reason: 'not-on-plan' });
  });
});
