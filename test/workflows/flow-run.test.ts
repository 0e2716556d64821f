import { beforeAll, describe, expect, it } from '@jest/globals';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { violationsOf } from '../failures/books';
import { eventually } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});

describe('a team with one credit left', () => {
  it('admits one of 50 runs that start at once, holds 49 in order, and lets all go with pay-as-you-go', async () => {
    const team = await desk.team('solo', { openingCredits: '1' });
    // All but one credit is withdrawn, so that the very edge is met.
    const adjusted = await desk.client.adjustCredits(team, {
      actor: 'test',
      credits: '-50',
      reason: 'the edge',
    });
    expect(adjusted).toMatchObject({ status: 'done' });

    const runs = await Promise.all(Array.from({ length: 50 }, () => desk.start(team, ['a'])));
    const admitted = runs.filter(({ admission }) => admission?.status === 'admitted');
    expect(admitted).toHaveLength(1);
    const places = runs
      .flatMap(({ admission }) => (admission?.status === 'waiting' ? [admission.place] : []))
      .sort((a, b) => a - b);
    expect(places).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));

    const line = await desk.reader.line(team, { after: 0, limit: 100 });
    const byPlace = runs
      .flatMap((run) => (run.admission?.status === 'waiting' ? [{ run, place: run.admission.place }] : []))
      .sort((a, b) => a.place - b.place);
    expect(line.map(({ runId }) => runId)).toEqual(byPlace.map(({ run }) => run.runId));
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);

    desk.gate.open();
    const payg = await desk.client.setPayAsYouGo(team, { actor: 'test', enabled: true, uncapped: true });
    expect(payg).toMatchObject({ status: 'done', enabled: true });
    const results = await Promise.all(runs.map((run) => run.result()));
    expect(new Set(results.map(({ charged }) => charged))).toEqual(new Set(['1000']));

    const overview = await desk.reader.team(team);
    expect(overview).toMatchObject({ charged: credits(1), waiting: 0, overdraft: 0n });
    expect(overview?.payg).toMatchObject({ charged: credits(49), held: 0n });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});

describe('admission', () => {
  it('comes with the start: admitted with its hold, and the same on a second look', async () => {
    desk.gate.shut();
    const team = await desk.team('solo');
    const run = await desk.start(team, ['a', 'b', 'c']);
    expect(run.admission).toEqual({
      status: 'admitted',
      rateCard: 'postman-2026-03-01',
      held: '3000',
      wouldHaveWaited: false,
    });
    const view = await desk.client.run(run.workflowId);
    expect(view).toMatchObject({ runId: run.runId, team, status: 'running', place: null });
    desk.gate.open();
    await expect(run.result()).resolves.toMatchObject({ runId: run.runId, charged: '3000' });
  });

  it('refuses a malformed flow by name, and holds nothing', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      wait: 'admission',
      flow: { name: 'onboarding', blocks: [{ id: 'fetch', type: 'htp-request' }] },
    });
    expect(run.admission).toMatchObject({
      status: 'rejected',
      reason: 'invalid-flow',
      message: 'flow "onboarding": block "fetch" has type "htp-request"; did you mean "http-request"?',
      faults: [{ path: 'blocks[0].type' }],
    });
    expect(await endOf(run.result())).toBe(FAILURE.flowInvalid);
    expect(await desk.reader.runs(team, { limit: 10 })).toEqual([]);
  });

  it('refuses an unknown team', async () => {
    const run = await desk.start('nobody-knows-it', ['a']);
    expect(run.admission).toMatchObject({ status: 'rejected', reason: 'unknown-team' });
    expect(await endOf(run.result())).toBe(FAILURE.runRejected);
  });

  it('lets a run that requires no credits go, whoever waits', async () => {
    const team = await desk.emptyTeam('solo');
    const waits = await desk.start(team, ['a']);
    expect(waits.admission).toMatchObject({ status: 'waiting', place: 1, reason: 'spent' });
    const free = await desk.start(team, ['a'], { trigger: 'manual' });
    expect(free.admission).toMatchObject({ status: 'admitted', held: '0' });
    await expect(free.result()).resolves.toMatchObject({ charged: '0' });
    await desk.client.cancelRun(waits.workflowId);
    expect(await endOf(waits.result())).toBe('cancelled');
  });
});

describe('a waiting run', () => {
  it('leaves the line when it is cancelled, and the next one moves up', async () => {
    const team = await desk.emptyTeam('solo');
    const [first, second] = [await desk.start(team, ['a']), await desk.start(team, ['a'])];
    await expect(desk.client.run(second.workflowId)).resolves.toMatchObject({ status: 'waiting', place: 2 });
    await desk.client.cancelRun(first.workflowId);
    expect(await endOf(first.result())).toBe('cancelled');
    await expect(desk.client.run(second.workflowId)).resolves.toMatchObject({ place: 1 });
    await desk.client.discardRun(second, 'ops@example.com', 'not needed');
    expect(await endOf(second.result())).toBe(FAILURE.runDiscarded);
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 0 });
  });

  it("ignores another run's signals", async () => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.start(team, ['a']);
    const handle = desk.temporal.workflow.getHandle(run.workflowId);
    await handle.signal('creditsReleased', { runId: 'another' });
    await handle.signal('discardRun', { runId: 'another', actor: 'x', reason: 'y' });
    await expect(desk.client.run(run.workflowId)).resolves.toMatchObject({ status: 'waiting' });
    await desk.client.discardRun(run, 'test', 'done');
    expect(await endOf(run.result())).toBe(FAILURE.runDiscarded);
  });

  it('gives up after its longest wait', async () => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.start(team, ['a'], { longestWaitSeconds: 1 });
    expect(await endOf(run.result())).toBe(FAILURE.waitTimedOut);
    expect(await desk.reader.run(team, run.runId)).toMatchObject({ status: 'left' });
  });
});

describe('an admitted run', () => {
  it('is stopped by its limit alone', async () => {
    const team = await desk.team('solo');
    desk.gate.open();
    const run = await desk.start(team, ['a', 'b', 'c'], { creditLimit: '2000' });
    expect(await endOf(run.result())).toBe(FAILURE.creditLimitReached);
    expect(await desk.reader.run(team, run.runId)).toMatchObject({
      status: 'closed',
      charged: credits(2),
      holds: [],
    });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('that is cancelled stops its block, charges what was done, and gives back what it held', async () => {
    const team = await desk.team('solo');
    desk.gate.shut();
    const run = await desk.start(team, ['a', 'b', 'c']);
    await eventually(() => desk.gate.times(run.workflowId, 'a') === 1);
    desk.gate.answer(({ run: of }) => of === run.workflowId);
    await eventually(() => desk.gate.times(run.workflowId, 'b') === 1);
    await desk.client.cancelRun(run.workflowId);
    expect(await endOf(run.result())).toBe('cancelled');
    expect(await desk.reader.run(team, run.runId)).toMatchObject({
      status: 'closed',
      closeReason: 'cancelled',
      charged: credits(1),
      holds: [],
      reservations: {},
    });
    desk.gate.open();
  });

  it('adds at most four events to the history of the same run unmetered', async () => {
    desk.gate.open();
    const team = await desk.team('solo');
    const blocks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const counts = [];
    for (const mode of ['enforce', 'off'] as const) {
      const run = await desk.start(team, blocks, { mode });
      await run.result();
      const history = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
      counts.push(history.events?.length ?? 0);
    }
    const [metered = 0, unmetered = 0] = counts;
    expect(metered - unmetered).toBeLessThanOrEqual(4);
    expect(unmetered).toBeGreaterThan(40);
  });
});
