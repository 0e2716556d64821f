import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import { BlockError } from '../../src/activities/blocks';
import { FAILURE } from '../../src/contracts/failures';
import { type FlowInput } from '../../src/contracts/flow';
import { defineBlock } from '../../src/contracts/own-blocks';
import { violationsOf } from '../failures/books';
import { eventually, workflowBundle } from '../support';
import { continuedFrom, historyInPages } from '../support/history';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

/**
 * A workflow task's commands go to Temporal in one message of at most 4 MB. What a flow may hold is bounded, but it may
 * hand one value to any number of blocks, and have many values one after the other.
 */
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ worker: { blocks: [wordy] } });
});

/** A platform's own block whose error quotes all of an answer. */
const wordy = defineBlock({
  type: 'wordy',
  config: z.strictObject({}),
  execute: () => {
    throw new BlockError('Wordy', `it answered ${'x'.repeat(3_000_000)}`, { retryable: true });
  },
});

const LARGE = '$pad("", 480000, "x")';
const MANY = Array.from({ length: 24 }, (_, n) => `b${n}`);

/** One large value, handed to many requests at once. */
function wide(): FlowInput {
  return {
    name: 'wide',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'large', type: 'evaluate', config: { expression: LARGE } },
      ...MANY.map((id) => ({ id, type: 'http-request', config: { url: `${desk.gate.url}/wide/${id}` } })),
    ],
    connections: [{ from: 'start', to: 'large' }, ...MANY.map((to) => ({ from: 'large', to }))],
  };
}

/** Many large values, one after the other. */
function long(): FlowInput {
  const ids = ['start', ...MANY, 'end'];
  return {
    name: 'long',
    blocks: [
      { id: 'start', type: 'start' },
      ...MANY.map((id) => ({ id, type: 'evaluate', config: { expression: LARGE } })),
      { id: 'last', type: 'evaluate', config: { expression: '$length(input)' } },
      { id: 'end', type: 'output' },
    ],
    connections: [
      ...ids.slice(1, -1).map((to, place) => ({ from: ids[place] ?? '', to })),
      { from: MANY.at(-1) ?? '', to: 'last' },
      { from: 'last', to: 'end' },
    ],
  };
}

async function expectClean(team: string, runId: string): Promise<void> {
  expect(await desk.reader.run(team, runId)).toMatchObject({ status: 'closed', holds: [] });
  expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
}

/** Replays the last execution; gives whether it went on from one before. */
async function replayed(workflowId: string): Promise<{ continued: boolean }> {
  const history = await historyInPages(desk.temporal, { workflowId });
  const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
  await Worker.runReplayHistory({ workflowBundle: bundle }, history, workflowId);
  return { continued: continuedFrom(history) !== null };
}

describe('a large value', () => {
  it('that many blocks get at once goes to a few of them at a time, and the run continues as new', async () => {
    const team = await desk.team('team');
    desk.gate.forget();
    desk.gate.shut();
    const run = await desk.client.startRun({ team, flow: wide(), trigger: 'api' });
    await eventually(() => desk.gate.calls.length === 4);
    desk.gate.open();
    const { charged } = await run.result();
    expect(charged).toBe('25000');
    expect(desk.gate.calls.map(({ block }) => block).sort()).toEqual([...MANY].sort());
    await expectClean(team, run.runId);
    expect(await replayed(run.workflowId)).toEqual({ continued: true });
  });

  it('that waits for its turn when the run is cancelled goes nowhere', async () => {
    const team = await desk.team('team');
    desk.gate.forget();
    desk.gate.shut();
    const run = await desk.client.startRun({ team, flow: wide(), trigger: 'api' });
    await eventually(() => desk.gate.calls.length === 4);
    await desk.temporal.workflow.getHandle(run.workflowId).cancel();
    expect(await endOf(run.result())).toBe('cancelled');
    expect(desk.gate.calls).toHaveLength(4);
    await expectClean(team, run.runId);
    await replayed(run.workflowId);
  });

  it('may be what a failure says, and is cut', async () => {
    const team = await desk.team('team');
    const blocks = [{ id: 'says', type: 'wordy', config: { attempts: 2 } }];
    const run = await desk.client.startRun({ team, flow: { name: 'wordy', blocks }, trigger: 'api' });
    const error: unknown = await run.result().catch((failure: unknown) => failure);
    expect(error).toMatchObject({ cause: { type: FAILURE.blockFailed, details: [{ cause: 'Wordy' }] } });
    expect(JSON.stringify(error).length).toBeLessThan(10_000);
    await expectClean(team, run.runId);
  });

  it('may follow another, outside of loops too', async () => {
    const team = await desk.team('team');
    const run = await desk.client.startRun({ team, flow: long(), trigger: 'api' });
    const { outputs, charged } = await run.result();
    expect(outputs).toEqual({ end: 480_000 });
    expect(charged).toBe('25000');
    await expectClean(team, run.runId);
    expect(await replayed(run.workflowId)).toEqual({ continued: true });
  });
});
