import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { reportUsage } from '../../src/activity';
import { eventually, startWorker, uniqueName } from '../support';
import { endOf } from '../workflows/run-ends';
import { type Doing } from './attempts-workflows';
import { openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./attempts-workflows'));
});

/** What an attempt of an activity does; the number counts from 1. */
type Attempt = (number: number) => Promise<string>;

/** Runs one activity, priced by the card under its name, and tells how the workflow ended and how often it was tried. */
async function run(
  activity: 'attempt' | 'scanPages' | 'summarise',
  attempt: Attempt,
  how: Omit<Doing, 'activity' | 'team'> = {},
): Promise<{ team: string; end: string; attempts: number }> {
  const team = await shop.desk.team('solo');
  let attempts = 0;
  const once = (): Promise<string> => attempt((attempts += 1));
  const end = await shop.open(shop.plugin(), { activities: { [activity]: once } }, async (taskQueue) => {
    const handle = await shop.start(taskQueue, 'doing', { team, activity, ...how });
    return endOf(handle.result());
  });
  return { team, end, attempts };
}

async function expectCharged(team: string, amount: number): Promise<void> {
  const charged = credits(amount);
  expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged, holds: [], reservations: {} }]);
  expect(await shop.charges(team)).toHaveLength(amount === 0 ? 0 : 1);
  expect(await shop.violations(team)).toEqual([]);
}

const fail = (): Promise<never> => Promise.reject(ApplicationFailure.retryable('no luck'));
const pages = (units: number): void => {
  reportUsage({ units });
};
const quick = { initialInterval: '10ms' } as const;

describe('a local activity', () => {
  it('is charged once, when an attempt succeeds', async () => {
    const local = { retry: quick };
    const done = await run('attempt', (number) => (number < 3 ? fail() : Promise.resolve('done')), { local });
    expect(done).toMatchObject({ end: 'completed', attempts: 3 });
    await expectCharged(done.team, 2);
  });

  it('that is tried again by a timer has set nothing aside twice', async () => {
    const local = { retry: { initialInterval: '200ms' }, localRetryThreshold: '10ms' } as const;
    let reserved: readonly string[] = [];
    let team = '';
    const attempt: Attempt = async (number) => {
      const [running] = await shop.runs(team);
      reserved = Object.keys(running?.reservations ?? {});
      return number < 3 ? fail() : 'done';
    };
    team = await shop.desk.team('solo');
    let attempts = 0;
    const activities = { attempt: () => attempt((attempts += 1)) };
    await shop.open(shop.plugin(), { activities }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'doing', { team, activity: 'attempt', local });
      expect(await endOf(handle.result())).toBe('completed');
    });
    expect({ attempts, reserved: reserved.length }).toEqual({ attempts: 3, reserved: 1 });
    await expectCharged(team, 2);
  });

  it('that fails for good is charged what it reported', async () => {
    const local = { retry: { maximumAttempts: 2, ...quick } };
    const done = await run('scanPages', (number) => (pages(number), fail()), { local });
    expect(done.attempts).toBe(2);
    await expectCharged(done.team, 2);
  });
});

describe('an activity', () => {
  it('that is tried again is charged for its last attempt alone, also by what it reported', async () => {
    const options = { retry: { maximumAttempts: 5, ...quick } };
    const succeeding: Attempt = (number) => (pages(number), number < 3 ? fail() : Promise.resolve('done'));
    const done = await run('scanPages', succeeding, { options });
    expect(done).toMatchObject({ end: 'completed', attempts: 3 });
    await expectCharged(done.team, 3);

    const failed = await run('scanPages', (number) => (pages(number), fail()), {
      options: { retry: { maximumAttempts: 2, ...quick } },
    });
    expect(failed.attempts).toBe(2);
    await expectCharged(failed.team, 2);
  });

  it('that fails and used nothing that can be told costs nothing, and gives back what was set aside', async () => {
    const done = await run('attempt', fail, { options: { retry: { maximumAttempts: 1 } } });
    expect(done.attempts).toBe(1);
    await expectCharged(done.team, 0);
  });

  it('that has no time left for another attempt is charged what it reported', async () => {
    const options = { scheduleToCloseTimeout: '2s', retry: { initialInterval: '1 minute' } } as const;
    const done = await run('scanPages', () => (pages(4), fail()), { options });
    expect(done.attempts).toBe(1);
    await expectCharged(done.team, 4);
  });

  it.each([
    ['start-to-close', { startToCloseTimeout: '1s' }],
    ['heartbeat', { startToCloseTimeout: '30s', heartbeatTimeout: '1s' }],
  ] as const)(
    'that runs into its %s timeout and goes on all the same is charged once',
    async (_which, times) => {
      let zombie: Promise<unknown> = Promise.resolve();
      let letGo = (): void => undefined;
      const first = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const attempt: Attempt = (number) => {
        if (number > 1) return Promise.resolve('second');
        zombie = first.then(() => 'first');
        return first.then(() => 'first');
      };
      const team = await shop.desk.team('solo');
      let attempts = 0;
      const activities = { attempt: () => attempt((attempts += 1)) };
      await shop.open(shop.plugin(), { activities }, async (taskQueue) => {
        const options = { ...times, retry: quick };
        const handle = await shop.start(taskQueue, 'doing', { team, activity: 'attempt', options });
        await expect(handle.result()).resolves.toBe('second');
        letGo();
        await zombie;
      });
      expect(attempts).toBe(2);
      await expectCharged(team, 2);
    },
  );

  it.each([
    ['what it had reported', 2],
    ['nothing, where it had reported nothing', 0],
  ] as const)('that is cancelled is charged %s', async (_what, amount) => {
    const team = await shop.desk.team('solo');
    let begun = false;
    const scanPages = async (): Promise<string> => {
      begun = true;
      if (amount > 0) pages(amount);
      const { cancelled } = Context.current();
      const beat = setInterval(() => {
        Context.current().heartbeat();
      }, 50);
      try {
        return await cancelled;
      } finally {
        clearInterval(beat);
      }
    };
    await shop.open(shop.plugin(), { activities: { scanPages } }, async (taskQueue) => {
      const options = { heartbeatTimeout: '2s' } as const;
      const handle = await shop.start(taskQueue, 'doing', { team, activity: 'scanPages', options });
      await eventually(() => begun);
      await handle.cancel();
      expect(await endOf(handle.result())).toBe('cancelled');
    });
    await expectCharged(team, amount);
  });

  it('whose worker shuts down goes on on another one, and is charged once', async () => {
    const team = await shop.desk.team('solo');
    let attempts = 0;
    const attempt = async (): Promise<string> => {
      attempts += 1;
      reportUsage({ units: 1 });
      return attempts === 1 ? Context.current().cancelled : 'second';
    };
    const options = await shop.options(shop.plugin(), { activities: { attempt }, shutdownGraceTime: '1ms' });
    const first = await startWorker(options);
    const handle = await shop.start(options.taskQueue, 'doing', { team, activity: 'attempt' });
    await eventually(() => attempts === 1);
    await first.stop();
    const second = await startWorker({ ...options, plugins: [shop.plugin()] });
    await expect(handle.result()).resolves.toBe('second');
    await second.stop();
    expect(attempts).toBe(2);
    await expectCharged(team, 2);
  });

  it('that outlives its terminated workflow, and the close of its run, is charged late', async () => {
    const team = await shop.desk.team('solo');
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let begun = false;
    const attempt = async (): Promise<string> => {
      begun = true;
      await gate;
      return 'done';
    };
    await shop.open(shop.plugin(), { activities: { attempt } }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'doing', { team, activity: 'attempt' });
      await eventually(() => begun);
      await shop.desk.temporal.workflow.getHandle(handle.workflowId).terminate('test');
      await shop.desk.temporal.workflow.execute('reconcile', {
        workflowId: uniqueName('reconcile'),
        taskQueue: shop.desk.taskQueue,
        args: [{ graceMs: 0 }],
      });
      expect(await shop.runs(team)).toMatchObject([{ status: 'closed', holds: [], charged: 0n }]);
      letGo();
      await eventually(async () => (await shop.charges(team)).length === 1);
    });
    await expectCharged(team, 2);
    expect(await shop.charges(team)).toMatchObject([{ late: true }]);
  });

  it('that reported what has no price is executed once, fails by name, and costs nothing', async () => {
    const summarise: Attempt = () => {
      reportUsage({ modelCalls: [{ model: 'nobody-listed-it', calls: 1 }] });
      return Promise.resolve('done');
    };
    const team = await shop.desk.team('solo');
    let attempts = 0;
    const activities = { summarise: () => summarise((attempts += 1)) };
    await shop.open(shop.plugin(), { activities }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'doing', { team, activity: 'summarise' });
      await expect(handle.result()).rejects.toMatchObject({
        cause: { cause: { type: FAILURE.usageUnpriced, nonRetryable: true } },
      });
    });
    expect(attempts).toBe(1);
    await expectCharged(team, 0);
  });
});
