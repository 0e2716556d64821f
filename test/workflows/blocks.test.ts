import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { violationsOf } from '../failures/books';
import { workflowBundle } from '../support';
import { startAnswers, type Answers } from './answers';
import { openDesk, type Desk } from './desk';

let desk: Desk;
let answers: Answers;
let url = '';

beforeAll(async () => {
  desk = await openDesk();
  answers = await startAnswers();
  url = answers.url;
});
afterAll(() => answers.close());

describe('a block that fails', () => {
  it('is tried again and charged once', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: {
        name: 'second try',
        blocks: [{ id: 'fetch', type: 'http-request', config: { url: `${url}/1/again`, attempts: 3 } }],
      },
    });
    await expect(run.result()).resolves.toMatchObject({ charged: '1000' });
    expect(answers.seen('/1/again')).toBe(2);
    expect(await desk.reader.charges(team, run.runId)).toHaveLength(1);
  });

  it('ends its run after its own number of attempts, and costs nothing', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: {
        name: 'never',
        blocks: [{ id: 'fetch', type: 'http-request', config: { url: `${url}/99/never`, attempts: 2 } }],
      },
    });
    const end = run.result();
    await expect(end).rejects.toBeInstanceOf(WorkflowFailedError);
    await expect(end).rejects.toMatchObject({
      cause: { type: FAILURE.blockFailed, details: [{ block: 'fetch', cause: 'HttpStatus' }] },
    });
    expect(answers.seen('/99/never')).toBe(2);
    expect(await desk.reader.run(team, run.runId)).toMatchObject({
      status: 'closed',
      closeReason: 'failed',
      charged: 0n,
      holds: [],
      reservations: {},
    });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('can be caught by its error port: the run goes on and pays for what worked', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: {
        name: 'caught',
        blocks: [
          { id: 'fetch', type: 'http-request', config: { url: `${url}/99/caught`, attempts: 1 } },
          { id: 'other', type: 'http-request', config: { url: `${url}/0/other` } },
          { id: 'out', type: 'output' },
        ],
        connections: [
          { from: 'fetch', port: 'error', to: 'other' },
          { from: 'other', to: 'out' },
        ],
      },
    });
    await expect(run.result()).resolves.toMatchObject({ charged: '1000' });
    expect((await desk.reader.charges(team, run.runId)).map(({ key }) => key)).toEqual(['other']);
  });
});

describe('logic blocks side by side', () => {
  it('each deliver their own value, whoever ends first, and replay so', async () => {
    const team = await desk.team('team');
    const numbers = Array.from({ length: 10 }, (_, index) => `n${String(index)}`);
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: {
        name: 'side by side',
        blocks: [
          { id: 'start', type: 'start' },
          ...numbers.flatMap((id, index) => [
            { id, type: 'evaluate', config: { expression: String(index) } },
            { id: `${id}-fetch`, type: 'http-request', config: { url: `${url}/0/${id}` } },
            { id: `${id}-out`, type: 'output' },
          ]),
        ],
        connections: numbers.flatMap((id) => [
          { from: 'start', to: id },
          { from: id, to: `${id}-fetch` },
          { from: id, to: `${id}-out` },
        ]),
      },
    });
    const { outputs, charged } = await run.result();
    expect(outputs).toEqual(Object.fromEntries(numbers.map((id, index) => [`${id}-out`, index])));
    expect(charged).toBe('20000');
    for (const id of numbers) expect(answers.seen(`/0/${id}`)).toBe(1);
    expect((await desk.reader.team(team))?.charged).toBe(credits(20));

    const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    const bundle = await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') });
    await Worker.runReplayHistory({ workflowBundle: bundle }, history, run.workflowId);
  });
});
