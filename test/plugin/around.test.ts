import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { type Submitter } from '../../src/activities';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { type Operation, type ResultOf } from '../../src/ledger/core/operations';
import { type AroundOptions, type FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { type WakeSource } from '../../src/plugin/wake-on-release';
import { eventually, uniqueName, withWorker } from '../support';
import { endOf } from '../workflows/run-ends';
import { openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./around-workflows'));
});

/** `EVENT_TYPE_ACTIVITY_TASK_SCHEDULED`. */
const SCHEDULED = '10';

type Execute = (name: string) => Promise<unknown>;

interface Case {
  readonly activity: string;
  readonly execute: Execute;
  readonly around?: (taskQueue: string) => AroundOptions;
  readonly type?: string;
  readonly times?: number;
  /** On the customer's machine: none, as a rule. */
  readonly theirs?: FlowCreditsPlugin;
}

/** Runs one workflow whose activity is executed by a worker that has no ledger. */
async function run(one: Case): Promise<{ team: string; end: Promise<unknown>; events: readonly string[] }> {
  const { activity, execute, around = (queue) => ({ taskQueues: [queue] }), type = 'elsewhere' } = one;
  const team = await shop.desk.team('solo');
  const there = uniqueName('there');
  const theirs = {
    taskQueue: there,
    activities: { [activity]: execute },
    plugins: one.theirs === undefined ? [] : [one.theirs],
  };
  const plugin = shop.plugin({ around: around(there) });
  return withWorker(theirs, () =>
    shop.open(plugin, {}, async (taskQueue) => {
      const { times = 1 } = one;
      const handle = await shop.start(taskQueue, type, { team, activity, taskQueue: there, times });
      const end = handle.result();
      await end.catch(() => undefined);
      return { team, end, events: await shop.events(handle) };
    }),
  );
}

async function expectCharged(team: string, ...amounts: readonly number[]): Promise<void> {
  const charged = credits(amounts.reduce((sum, amount) => sum + amount, 0));
  expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged, holds: [], reservations: {} }]);
  const charges = await shop.charges(team);
  expect(charges.map(({ amount }) => amount)).toEqual(amounts.map(credits));
  expect(charges.some(({ late, unreserved }) => late || unreserved)).toBe(false);
  expect(await shop.violations(team)).toEqual([]);
}

const done = (): Promise<string> => Promise.resolve('done');
const units: AroundOptions = { activities: ['scanPages'], usage: 'stats.usage' };

describe('an activity that is executed where no ledger is', () => {
  it('is reserved before and charged after by its workflow, once each', async () => {
    const { team, end } = await run({ activity: 'attempt', execute: done, times: 3 });
    await expect(end).resolves.toBe('done');
    await expectCharged(team, 2, 2, 2);
  });

  it('is metered once where its worker has the plugin, too', async () => {
    const { team } = await run({ activity: 'attempt', execute: done, theirs: shop.plugin() });
    await expectCharged(team, 2);
  });

  it('tells what it used in its result', async () => {
    const execute = (): Promise<unknown> => Promise.resolve({ stats: { usage: { units: 7 } } });
    const { team, end } = await run({ activity: 'scanPages', execute, around: () => units });
    await expect(end).resolves.toEqual({ stats: { usage: { units: 7 } } });
    await expectCharged(team, 7);
  });

  it('tells what it used in its failure, of which the last counts', async () => {
    let attempt = 0;
    const execute = (): Promise<never> => {
      attempt += 1;
      const usage = { units: attempt };
      return Promise.reject(ApplicationFailure.create({ message: 'no luck', details: [{ usage }] }));
    };
    const { team, end } = await run({ activity: 'scanPages', execute });
    expect(await endOf(end)).not.toBe('completed');
    await expectCharged(team, 2);
  });

  it('costs nothing where it failed and told nothing, and what was set aside goes back', async () => {
    const execute = (): Promise<never> => Promise.reject(ApplicationFailure.nonRetryable('no luck'));
    const { team } = await run({ activity: 'attempt', execute });
    await expectCharged(team);
  });

  it('fails by name where what it tells has no price', async () => {
    const execute = (): Promise<unknown> => Promise.resolve({ stats: { usage: { units: -1 } } });
    const { team, end } = await run({ activity: 'scanPages', execute, around: () => units });
    await expect(end).rejects.toMatchObject({ cause: { type: FAILURE.usageUnpriced } });
    await expectCharged(team);
  });

  it('has three events for its reservation and three for its charge; one without a price only the first', async () => {
    const { events } = await run({ activity: 'attempt', execute: done });
    expect(events.filter((type) => type === SCHEDULED)).toHaveLength(3);
    const free = await run({ activity: 'unpriced', execute: done });
    expect(free.events.filter((type) => type === SCHEDULED)).toHaveLength(2);
    await expectCharged(free.team);
  });

  it('of a child is charged on its parent’s run', async () => {
    const { team } = await run({ activity: 'attempt', execute: done, type: 'childElsewhere' });
    await expectCharged(team, 2);
  });

  it.each([
    { how: 'waited for', leaves: false, charged: [3] },
    { how: 'left alone', leaves: true, charged: [] },
  ])('that is cancelled and $how is charged what its workflow hears of', async ({ leaves, charged }) => {
    const team = await shop.desk.team('solo');
    const there = uniqueName('there');
    let begun = false;
    let ended = false;
    const scanPages = async (): Promise<never> => {
      begun = true;
      const context = Context.current();
      const beat = setInterval(() => {
        context.heartbeat();
      }, 50);
      try {
        return await context.cancelled;
      } catch {
        throw new CancelledFailure('it stops', [{ usage: { units: 3 } }]);
      } finally {
        clearInterval(beat);
        ended = true;
      }
    };
    const plugin = shop.plugin({ around: { taskQueues: [there] } });
    await withWorker({ taskQueue: there, activities: { scanPages } }, () =>
      shop.open(plugin, {}, async (taskQueue) => {
        const asked = { team, activity: 'scanPages', taskQueue: there, leaves };
        const handle = await shop.start(taskQueue, 'elsewhere', asked);
        await eventually(() => begun);
        expect(Object.keys((await shop.runs(team))[0]?.reservations ?? {})).toHaveLength(1);
        await handle.cancel();
        expect(await endOf(handle.result())).toBe('cancelled');
        await eventually(() => ended);
      }),
    );
    await expectCharged(team, ...charged);
  });

  it('is charged when the ledger is back, if it was away', async () => {
    const team = await shop.desk.team('solo');
    const there = uniqueName('there');
    let away = false;
    const ledger: Submitter & WakeSource = {
      submit<O extends Operation>(operation: O, options?: { timeoutMs?: number }): Promise<ResultOf<O>> {
        return away ? Promise.reject(new Error('refused')) : shop.desk.ledger.submit(operation, options);
      },
      onWake: (listener) => shop.desk.ledger.onWake(listener),
    };
    const attempt = (): Promise<string> => {
      away = true;
      return Promise.resolve('done');
    };
    const plugin = shop.plugin({ ledger, around: { taskQueues: [there] } });
    await withWorker({ taskQueue: there, activities: { attempt } }, () =>
      shop.open(plugin, {}, async (taskQueue) => {
        const asked = { team, activity: 'attempt', taskQueue: there };
        const handle = await shop.start(taskQueue, 'elsewhere', asked);
        // The commit beside the activity has given up: the close waits for another one.
        await eventually(
          async () => (await shop.events(handle)).filter((type) => type === SCHEDULED).length >= 4,
        );
        away = false;
        await handle.result();
      }),
    );
    await expectCharged(team, 2);
  });
});
