import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { findTemporal } from '../../src/dev/temporal-binary';
import { loadPricing } from '../../src/pricing';
import { type FlowCreditsPlugin } from '../../src/plugin/flow-credits-plugin';
import { TestCredits } from '../../src/testing';
import { workflowBundle } from '../support/bundle';
import { activities } from './orders';

/** As a platform writes it: Temporal's own test environment, and no Postgres anywhere. */

Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });

const pricing = loadPricing({ cardFiles: [join(__dirname, '../plugin/card.json')] });
const workflowsPath = require.resolve('../plugin/workflows');
const team = 'acme';

let temporal: TestWorkflowEnvironment;
beforeAll(async () => {
  // By default the environment downloads Temporal; here it is what the tests of this package use.
  const { path } = await findTemporal();
  temporal = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});
afterAll(() => temporal.teardown());

let count = 0;

async function withOrders<T>(
  plugin: FlowCreditsPlugin,
  use: (start: (type?: string) => Promise<{ workflowId: string; result(): Promise<unknown> }>) => Promise<T>,
): Promise<T> {
  count += 1;
  const taskQueue = `orders-${String(count)}`;
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    taskQueue,
    workflowBundle: await workflowBundle({ workflowsPath, plugins: [plugin] }),
    activities: activities(),
    plugins: [plugin],
  });
  return worker.runUntil(() =>
    use((type = 'handleOrder') => {
      count += 1;
      const workflowId = `order-${String(count)}`;
      return temporal.client.workflow.start(type, { taskQueue, workflowId, args: [{ team, id: 'x' }] });
    }),
  );
}

const settings = { team: 'args[0].team' } as const;

describe('a platform’s test without Postgres', () => {
  it('sees what its workflows are charged, line by line', async () => {
    const credits = new TestCredits({ pricing });
    credits.createTeam(team, { credits: '10' });
    await withOrders(credits.plugin(settings), async (start) => {
      const order = await start();
      await order.result();
      expect(credits.charges(team, order.workflowId)).toEqual([
        {
          workflowId: order.workflowId,
          type: 'lookUp',
          credits: '3',
          lines: [{ what: 'lookUp', quantity: '1', credits: '3' }],
          late: false,
        },
      ]);
    });
    expect(credits.spendable(team)).toBe('7');
    expect(credits.runs(team)).toMatchObject([{ flow: 'handleOrder', status: 'closed' }]);
    expect(credits.violations(team)).toEqual([]);
  });

  it.each<[string, (credits: TestCredits) => void]>([
    [
      'pay-as-you-go is turned on',
      (credits) => {
        credits.payAsYouGo(team, { capUsd: '5.00' });
      },
    ],
    [
      'credits are given',
      (credits) => {
        credits.giveCredits(team, '20');
      },
    ],
    [
      'the month is rolled over',
      (credits) => {
        credits.rollMonth(team);
      },
    ],
  ])('sees workflows wait, and go when %s', async (_what, act) => {
    const credits = new TestCredits({ pricing });
    credits.createTeam(team, { credits: '3' });
    await withOrders(credits.plugin(settings), async (start) => {
      await (await start()).result();
      expect(credits.spendable(team)).toBe('0');
      const orders = [await start(), await start(), await start()];
      while (credits.team(team).waiting < 3) await temporal.sleep(10);
      act(credits);
      await Promise.all(orders.map((order) => order.result()));
    });
    expect(credits.charges(team)).toHaveLength(4);
    expect(credits.violations(team)).toEqual([]);
  });

  it('observes, and turns off', async () => {
    const credits = new TestCredits({ pricing });
    credits.createTeam(team, { credits: '0' });
    await withOrders(credits.plugin({ ...settings, mode: 'observe' }), async (start) =>
      (await start()).result(),
    );
    expect(credits.runs(team)).toMatchObject([{ mode: 'observe', wouldHaveWaited: true, status: 'closed' }]);
    await withOrders(credits.plugin({ ...settings, mode: 'off' }), async (start) => (await start()).result());
    expect(credits.runs(team)).toHaveLength(1);
  });
});

describe('the ledger in memory', () => {
  it('has months that a test moves, each with its statement', () => {
    const credits = new TestCredits({ pricing, now: '2026-06-10T00:00:00Z' });
    credits.createTeam(team, { plan: 'team', anchor: '2026-06-01T00:00:00' });
    expect([credits.spendable(team), credits.now()]).toEqual(['100', '2026-06-10T00:00:00.000Z']);
    credits.rollMonth(team);
    credits.moveTo('2026-09-15T12:00:00Z');
    credits.giveCredits(team, '1.5');
    expect(credits.statements(team)).toHaveLength(3);
    expect(credits.spendable(team)).toBe('101.5');
    expect(credits.violations(team)).toEqual([]);
  });

  it('tells a test that is at fault what is wrong', () => {
    const credits = new TestCredits({ pricing, now: '2026-06-10T00:00:00Z' });
    expect(() => credits.charges('nobody')).toThrow(/team "nobody" is unknown; there are: none/);
    expect(() => {
      credits.createTeam(team, { plan: 'gold' });
    }).toThrow(/gold/);
    credits.createTeam(team, { plan: 'free' });
    expect(() => {
      credits.payAsYouGo(team);
    }).toThrow(/free/);
    expect(() => {
      credits.moveTo('2026-01-01T00:00:00Z');
    }).toThrow(/is not after 2026-06-10/);
    expect(() => {
      credits.giveCredits(team, '-100');
    }).toThrow(/25/);
  });
});
