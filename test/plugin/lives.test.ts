import { beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkflowHandle } from '@temporalio/client';
import { credits } from '../../src/contracts/millicredits';
import { eventually, testConnection, testNamespace, uniqueName } from '../support';
import { endOf } from '../workflows/run-ends';
import { orderActivities } from './activities';
import { actor, openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./lives-workflows'));
});

/** Resets a workflow to the end of its `count`th workflow task, and gives the new execution. */
async function reset({ workflowId }: WorkflowHandle, count: number): Promise<WorkflowHandle> {
  const { temporal } = shop.desk;
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes != null);
  const at = tasks[count - 1]?.eventId;
  if (at === undefined || at === null) throw new Error(`there is no workflow task ${String(count)}`);
  const { runId } = await (
    await testConnection()
  ).workflowService.resetWorkflowExecution({
    namespace: testNamespace(),
    workflowExecution: { workflowId },
    workflowTaskFinishEventId: at,
    requestId: uniqueName('reset'),
    reason: 'test',
  });
  return temporal.workflow.getHandle(workflowId, runId);
}

describe('a metered workflow', () => {
  it('that is tried again is a run of its own each time, and asks each time', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const retry = { maximumAttempts: 2, initialInterval: '10ms' };
      await (await shop.start(taskQueue, 'failsOnce', { team, id: 'x' }, { retry })).result();
    });
    expect(await shop.runs(team)).toMatchObject([
      { status: 'closed', closeReason: 'failed', charged: credits(3) },
      { status: 'closed', closeReason: 'completed', charged: credits(3) },
    ]);
    expect(await shop.violations(team)).toEqual([]);
  });

  it('of a cron schedule is a run of its own each time', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'once', { team, id: 'x' }, { cronSchedule: '@every 1s' });
      await eventually(async () => {
        const runs = await shop.runs(team);
        return runs.filter(({ status, charged }) => status === 'closed' && charged > 0n).length >= 2;
      });
      await shop.desk.temporal.workflow.getHandle(handle.workflowId).terminate('enough');
    });
  });

  it('of a cron schedule that went on as new can be cancelled as the run it is', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const cron = { cronSchedule: '@every 1s' };
      const { workflowId } = await shop.start(taskQueue, 'goesOnLater', { team, id: 'x' }, cron);
      await eventually(async () => {
        const [, second] = await shop.runs(team);
        const { runId } = await shop.desk.temporal.workflow.getHandle(workflowId).describe();
        return second !== undefined && second.charged > 0n && runId !== second.executionId;
      });
      const [first, second] = await shop.runs(team);
      if (first === undefined || second === undefined) throw new Error('there are no two runs');
      const by = { actor: 'olga', requestId: uniqueName('cancel'), reason: 'enough' };
      // The tick before it has ended: nothing of it is left to cancel.
      await shop.desk.client.cancelExecution(first, by);
      const { events } = await shop.desk.temporal.workflow.getHandle(workflowId).fetchHistory();
      expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes != null)).toBe(
        false,
      );
      await shop.desk.client.cancelExecution(second, { ...by, requestId: uniqueName('cancel') });
      await eventually(async () => (await shop.runs(team))[1]?.status === 'closed');
    });
    expect((await shop.runs(team))[1]).toMatchObject({ closeReason: 'cancelled', holds: [] });
  });

  it('that is reset is the same run: open again, and charged for what is executed again', async () => {
    const team = await shop.desk.team('solo');
    const activities = orderActivities();
    await shop.open(shop.plugin(), { activities }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'twice', { team, id: 'x' });
      await handle.result();
      expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged: credits(6) }]);
      // After the first activity: the second is executed again, the first is not.
      await (await reset(handle, 2)).result();
      expect(activities.calls).toEqual({ lookUp: 3 });
      expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged: credits(9), holds: [] }]);
      // To before its admission: it asks again and gets the answer of a run that goes on.
      await (await reset(handle, 1)).result();
      expect(activities.calls).toEqual({ lookUp: 5 });
    });
    const runs = await shop.runs(team);
    expect(runs).toMatchObject([{ status: 'closed', charged: credits(15), holds: [], reservations: {} }]);
    expect((await shop.charges(team)).some(({ late }) => late)).toBe(false);
    expect(await shop.violations(team)).toEqual([]);
  });

  it('that was reset can be cancelled as the run it is', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'goesOnLater', { team, id: 'x', round: 2 });
      // As soon as its first task is done.
      const again = await eventually(() => reset(handle, 1));
      const [run] = await shop.runs(team);
      if (run === undefined) throw new Error('there is no run');
      await shop.desk.client.cancelExecution(run, { actor: 'olga', requestId: uniqueName('cancel') });
      expect(await endOf(again.result())).toBe('cancelled');
    });
    expect(await shop.runs(team)).toMatchObject([{ status: 'closed', closeReason: 'cancelled', holds: [] }]);
  });

  it('that is started again under the id of one that ended is another run', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const workflowId = uniqueName('again');
      for (let time = 0; time < 2; time += 1) {
        await (await shop.start(taskQueue, 'once', { team, id: 'x' }, { workflowId })).result();
      }
    });
    const runs = await shop.runs(team);
    expect(runs).toHaveLength(2);
    expect(new Set(runs.map(({ workflowId }) => workflowId)).size).toBe(1);
    expect(runs.map(({ charged }) => charged)).toEqual([credits(3), credits(3)]);
  });

  it('hears, in order, signals that came with its start and while it waited', async () => {
    const team = await shop.desk.emptyTeam('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const handle = await shop.desk.temporal.workflow.signalWithStart('gathers', {
        taskQueue,
        workflowId: uniqueName('gathers'),
        args: [{ team, id: 'x' }],
        signal: 'told',
        signalArgs: ['first'],
      });
      await eventually(async () => (await shop.desk.reader.team(team))?.waiting === 1);
      await handle.signal('told', 'second');
      await shop.desk.client.adjustCredits(team, { actor, credits: '5', reason: 'go' });
      await handle.signal('told', 'last');
      await expect(handle.result()).resolves.toEqual(['first', 'second', 'last']);
    });
    expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged: credits(3) }]);
  });

  it('that is terminated in the middle holds until reconcile finds it', async () => {
    const team = await shop.desk.team('solo');
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'gathers', { team, id: 'x' });
      await eventually(async () => (await shop.runs(team))[0]?.status === 'admitted');
      await shop.desk.temporal.workflow.getHandle(handle.workflowId).terminate('test');
      expect(await endOf(handle.result())).toBe('terminated');
    });
    expect(await shop.runs(team)).toMatchObject([{ status: 'admitted' }]);
    await shop.desk.temporal.workflow.execute('reconcile', {
      workflowId: uniqueName('reconcile'),
      taskQueue: shop.desk.taskQueue,
      args: [{ graceMs: 0 }],
    });
    expect(await shop.runs(team)).toMatchObject([{ status: 'closed', closeReason: 'terminated', holds: [] }]);
  });
});
