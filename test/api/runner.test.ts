import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FlowCreditsClient, type RunnerState } from '../../src/client';
import { retriesUntil } from '../../src/client/retries';
import { runnerTaskQueue } from '../../src/contracts/names';
import { atEnd, eventually, testNamespace } from '../support';
import { startRunner } from '../workflows/runner';
import { openApiDesk, type ApiDesk } from './desk';

const NOWHERE = '127.0.0.1:1';
let desk: ApiDesk;
/** Who is asked for runners instead of Temporal. */
let asked: ((team: string) => Promise<RunnerState>) | null = null;
beforeAll(async () => {
  desk = await openApiDesk({
    api: ({ client }) => ({
      client: Object.create(client, {
        runner: { value: (team: string) => (asked ?? client.runner.bind(client))(team) },
      }) as FlowCreditsClient,
    }),
  });
});

async function read(team: string, run: string): Promise<unknown> {
  const url = `/v1/teams/${team}/runs/${encodeURIComponent(run)}`;
  const answer = await desk.ask(url, { role: 'viewer', team });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

describe('the answer of a private run', () => {
  it('says that nobody polls for it, then that somebody does, and nothing of a run that has ended', async () => {
    const team = await desk.team('enterprise');
    const run = await desk.start(team, ['a'], { location: 'private-runner' });
    const taskQueue = runnerTaskQueue(team, desk.taskQueue);
    expect(await read(team, run.runId)).toMatchObject({
      status: 'admitted',
      location: 'private-runner',
      runner: { taskQueue, polled: false },
    });

    await startRunner(desk, team);
    await eventually(() => desk.gate.of('a').length === 1);
    expect(await read(team, run.runId)).toMatchObject({
      status: 'admitted',
      runner: { taskQueue, polled: true },
    });
    desk.gate.open();
    await run.result();
    expect(await read(team, run.runId)).toMatchObject({ status: 'closed', runner: null });
  });

  it('says nothing of a runner where the run needs none: in the cloud, and in the line', async () => {
    const asks: string[] = [];
    asked = (team) => {
      asks.push(team);
      return Promise.reject(new Error('nobody is to ask'));
    };
    const team = await desk.emptyTeam('enterprise');
    const waiting = await desk.start(team, ['a'], { location: 'private-runner' });
    const cloudTeam = await desk.team('solo');
    const cloud = await desk.start(cloudTeam, ['a']);
    expect(await read(team, waiting.runId)).toMatchObject({ status: 'waiting', place: 1, runner: null });
    expect(await read(cloudTeam, cloud.runId)).toMatchObject({ location: 'cloud', runner: null });
    expect(asks).toEqual([]);
  });

  it('comes where Temporal is away, and where it never answers: the runner is not known then', async () => {
    const team = await desk.team('enterprise');
    const run = await desk.start(team, ['a'], { location: 'private-runner' });
    const ending = new AbortController();
    const connection = Connection.lazy({ address: NOWHERE, interceptors: [retriesUntil(ending.signal)] });
    atEnd(() => {
      ending.abort();
      return connection.close();
    });
    const nowhere = new Client({ connection, namespace: testNamespace() });
    const away = new FlowCreditsClient({ client: nowhere });
    for (const ask of [
      (of: string) => away.within(2_000, () => away.runner(of)),
      () => new Promise<RunnerState>(() => undefined),
    ]) {
      asked = ask;
      expect(await read(team, run.runId)).toMatchObject({ status: 'admitted', charged: '0', runner: null });
    }
  });
});
