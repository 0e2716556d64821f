import { beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkerOptions } from '@temporalio/worker';
import { credits } from '../../src/contracts/millicredits';
import { type FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { eventually, startWorker, testConnection, testNamespace, uniqueName } from '../support';
import { orderActivities } from './activities';
import { openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./workflows'));
});

/** One version of a platform's worker. Its workflows finish on the version they began on. */
async function version(
  taskQueue: string,
  buildId: string,
  plugin: FlowCreditsPlugin | null,
  calls: string[],
): Promise<Awaited<ReturnType<typeof startWorker>>> {
  const { notify, summarise, lookUp } = orderActivities();
  const more: Partial<WorkerOptions> = {
    taskQueue,
    activities: {
      notify,
      summarise,
      lookUp: (id: string) => {
        calls.push(buildId);
        return lookUp(id);
      },
    },
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName: taskQueue, buildId },
      defaultVersioningBehavior: 'PINNED',
    },
  };
  return startWorker(await shop.options(plugin, more));
}

/** New workflows begin on this version from now on. */
async function makeCurrent(deploymentName: string, buildId: string): Promise<void> {
  const { workflowService } = await testConnection();
  // The server hears of a version by its worker's first poll.
  await eventually(async () => {
    await workflowService.setWorkerDeploymentCurrentVersion({
      namespace: testNamespace(),
      deploymentName,
      buildId,
      ignoreMissingTaskQueues: true,
    });
  });
}

describe('worker versioning', () => {
  it('brings the plugin, and its next settings, with a version: pinned workflows finish on their own', async () => {
    const team = await shop.desk.team('solo');
    const taskQueue = uniqueName('deployed');
    const calls: string[] = [];
    const begin = async (): Promise<{ signal(name: string): Promise<void>; result(): Promise<unknown> }> => {
      const before = calls.length;
      const handle = await shop.start(taskQueue, 'handleInTwoSteps', { team, id: 'x' });
      await eventually(() => calls.length === before + 1);
      return handle;
    };
    const workers = [await version(taskQueue, 'without', null, calls)];
    await makeCurrent(taskQueue, 'without');
    const first = await begin();
    workers.push(await version(taskQueue, 'observing', shop.plugin({ mode: 'observe' }), calls));
    await makeCurrent(taskQueue, 'observing');
    const second = await begin();
    workers.push(await version(taskQueue, 'enforcing', shop.plugin(), calls));
    await makeCurrent(taskQueue, 'enforcing');
    const third = await begin();
    for (const handle of [first, second, third]) {
      await handle.signal('goOn');
      await handle.result();
    }
    for (const worker of workers) await worker.stop();
    expect(calls).toEqual(['without', 'observing', 'enforcing', 'without', 'observing', 'enforcing']);
    expect((await shop.runs(team)).map(({ mode, charged }) => [mode, charged])).toEqual([
      ['observe', credits(6)],
      ['enforce', credits(6)],
    ]);
    expect(await shop.violations(team)).toEqual([]);
  });
});
