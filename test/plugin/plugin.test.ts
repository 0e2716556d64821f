import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { type MeteringMode } from '../../src/contracts/run';
import { FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { loadPricing } from '../../src/pricing';
import { violationsOf } from '../failures/books';
import { eventually, uniqueName, withWorker, workflowBundle } from '../support';
import { openDesk, type Desk } from '../workflows/desk';
import { endOf } from '../workflows/run-ends';
import { orderActivities } from './activities';
import { type Order } from './workflows';

const workflowsPath = require.resolve('./workflows');
const actor = 'ops@example.com';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({ pricing: loadPricing({ cardFiles: [join(__dirname, 'card.json')] }) });
});

function pluginOf(mode: MeteringMode = 'enforce'): FlowCreditsPlugin {
  const { ledger, reader, pricing, taskQueue } = desk;
  return new FlowCreditsPlugin({
    ledger,
    reader,
    pricing,
    mode,
    team: { argument: '0.team' },
    teamBilling: { taskQueue, lingerMs: 200 },
  });
}

/** Options of a platform's worker: the plugin is the one line that is added. */
async function workerOptions(plugin: FlowCreditsPlugin | null): Promise<WorkerOptions> {
  const plugins = plugin === null ? [] : [plugin];
  return {
    taskQueue: uniqueName('orders'),
    workflowBundle: await workflowBundle({ workflowsPath, plugins }),
    plugins,
  };
}

function start(
  taskQueue: string,
  type: string,
  order: Omit<Order, 'id'>,
): ReturnType<typeof desk.temporal.workflow.start> {
  const workflowId = uniqueName('order');
  return desk.temporal.workflow.start(type, { taskQueue, workflowId, args: [{ id: workflowId, ...order }] });
}

async function eventsOf(workflowId: string): Promise<number> {
  const { events } = await desk.temporal.workflow.getHandle(workflowId).fetchHistory();
  return events?.length ?? 0;
}

describe('an ordinary workflow whose worker has the plugin', () => {
  it('is admitted, charged by the card, closed, and has at most four events more', async () => {
    const team = await desk.team('solo');
    const activities = orderActivities();
    const plain = await workerOptions(null);
    const before = await withWorker({ ...plain, activities }, async () => {
      const handle = await start(plain.taskQueue, 'handleOrder', { team });
      await handle.result();
      return eventsOf(handle.workflowId);
    });
    expect((await desk.reader.team(team))?.charged).toBe(0n);

    const options = await workerOptions(pluginOf());
    await withWorker({ ...options, activities }, async () => {
      const handle = await start(options.taskQueue, 'handleOrder', { team });
      await expect(handle.result()).resolves.toBe(`found ${handle.workflowId}`);
      expect((await eventsOf(handle.workflowId)) - before).toBeLessThanOrEqual(4);
      const [run] = await desk.reader.runs(team, { limit: 10 });
      expect(run).toMatchObject({ flow: 'handleOrder', status: 'closed', charged: credits(3), holds: [] });
      const charges = await desk.reader.charges(team, run?.runId ?? '');
      expect(charges.map(({ detail }) => detail?.lines.map(({ row }) => row))).toEqual([
        ['activities.lookUp'],
      ]);
    });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('waits in the line before its first command, and goes when credits come', async () => {
    const team = await desk.emptyTeam('solo');
    const activities = orderActivities();
    const options = await workerOptions(pluginOf());
    await withWorker({ ...options, activities }, async () => {
      const handles = [
        await start(options.taskQueue, 'handleOrder', { team }),
        await start(options.taskQueue, 'handleOrder', { team }),
      ];
      await eventually(async () => (await desk.reader.team(team))?.waiting === 2);
      expect(activities.calls).toEqual({});
      await handles[1]?.cancel();
      expect(await endOf(handles[1]?.result() ?? Promise.resolve())).toBe('cancelled');
      await desk.client.setPayAsYouGo(team, { actor, enabled: true, uncapped: true });
      await handles[0]?.result();
    });
    expect((await desk.reader.team(team))?.payg.charged).toBe(credits(3));
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('is held back by nothing in mode observe, and what would have waited is recorded', async () => {
    const team = await desk.emptyTeam('solo');
    const options = await workerOptions(pluginOf('observe'));
    await withWorker({ ...options, activities: orderActivities() }, async () => {
      const handle = await start(options.taskQueue, 'handleOrder', { team });
      await handle.result();
    });
    const [run] = await desk.reader.runs(team, { limit: 10 });
    expect(run).toMatchObject({
      mode: 'observe',
      wouldHaveWaited: true,
      status: 'closed',
      charged: credits(3),
    });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('of no team, or in mode off, touches no ledger', async () => {
    const team = await desk.team('solo');
    const off = await workerOptions(pluginOf('off'));
    await withWorker({ ...off, activities: orderActivities() }, async () => {
      await (await start(off.taskQueue, 'handleOrder', { team })).result();
    });
    const on = await workerOptions(pluginOf());
    await withWorker({ ...on, activities: orderActivities() }, async () => {
      await (await start(on.taskQueue, 'handleOrder', {})).result();
    });
    expect(await desk.reader.runs(team, { limit: 10 })).toEqual([]);
  });

  it('charges what an activity reports, and of a failed one only its last attempt', async () => {
    const team = await desk.team('solo');
    const activities = orderActivities();
    const options = await workerOptions(pluginOf());
    await withWorker({ ...options, activities }, async () => {
      await (await start(options.taskQueue, 'summariseOrder', { team })).result();
      const failing = await start(options.taskQueue, 'summariseOrder', { team, failing: true });
      expect(await endOf(failing.result())).not.toBe('completed');
    });
    expect(activities.calls).toEqual({ summarise: 3 });
    const runs = await desk.reader.runs(team, { limit: 10 });
    expect(runs.map(({ charged }) => charged)).toEqual([credits(4), credits(4)]);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('is one run over continue-as-new', async () => {
    const team = await desk.team('solo');
    const options = await workerOptions(pluginOf());
    await withWorker({ ...options, activities: orderActivities() }, async () => {
      await (await start(options.taskQueue, 'handleInRounds', { team, rounds: 3 })).result();
    });
    const runs = await desk.reader.runs(team, { limit: 10 });
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'closed', charged: credits(9), holds: [] });
  });

  it('answers updates that came before it was admitted, afterwards', async () => {
    const team = await desk.emptyTeam('solo');
    const options = await workerOptions(pluginOf());
    await withWorker({ ...options, activities: orderActivities() }, async () => {
      const workflowId = uniqueName('order');
      const answer = desk.temporal.workflow.executeUpdateWithStart<
        (order: Order) => Promise<string>,
        number,
        [number]
      >('double', {
        args: [21],
        startWorkflowOperation: new WithStartWorkflowOperation('answering', {
          taskQueue: options.taskQueue,
          workflowId,
          args: [{ id: workflowId, team }],
          workflowIdConflictPolicy: 'FAIL',
        }),
      });
      await eventually(async () => (await desk.reader.team(team))?.waiting === 1);
      await desk.client.adjustCredits(team, { actor, credits: '5', reason: 'go' });
      await expect(answer).resolves.toBe(42);
      await desk.temporal.workflow.getHandle(workflowId).result();
    });
  });
});

describe('a priced activity', () => {
  it('is refused where its workflow’s bundle was built without the plugin', async () => {
    const team = await desk.team('solo');
    const activities = orderActivities();
    const plain = await workerOptions(null);
    const { taskQueue } = plain;
    // Its workflows are another worker's, which has no plugin: this one only executes activities.
    const metered = { taskQueue, plugins: [pluginOf()], activities };
    await withWorker(plain, () =>
      withWorker(metered, async () => {
        const handle = await start(taskQueue, 'handleOrder', { team });
        await expect(handle.result()).rejects.toMatchObject({
          cause: { cause: { type: FAILURE.unmetered } },
        });
      }),
    );
    expect(activities.calls).toEqual({});
  });
});

describe('a workflow from before the plugin', () => {
  it('replays with it, and goes on unmetered', async () => {
    const team = await desk.team('solo');
    const plain = await workerOptions(null);
    const handle = await withWorker({ ...plain, activities: orderActivities() }, async () => {
      const started = await start(plain.taskQueue, 'handleInTwoSteps', { team });
      await eventually(async () => (await eventsOf(started.workflowId)) >= 10);
      return started;
    });
    const metered = await workerOptions(pluginOf());
    await withWorker({ ...metered, taskQueue: plain.taskQueue, activities: orderActivities() }, async () => {
      await handle.signal('goOn');
      await handle.result();
    });
    expect(await desk.reader.runs(team, { limit: 10 })).toEqual([]);
    const { workflowBundle: bundle } = metered;
    if (bundle === undefined) throw new Error('no bundle');
    await Worker.runReplayHistory({ workflowBundle: bundle }, await handle.fetchHistory(), handle.workflowId);
  });
});
