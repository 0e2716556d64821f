import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { admissionOf, withTeam } from '../../src/client';
import { temporalSettings } from '../../src/client/connection';
import { credits } from '../../src/contracts/millicredits';
import { ORDINARY, SEARCH_ATTRIBUTES } from '../../src/contracts/names';
import { type OrdinaryRunView } from '../../src/contracts/run';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../../src/plugin/flow-credits-plugin';
import { atEnd, eventually, testClient, testNamespace, uniqueName } from '../support';
import { orderActivities } from './activities';
import { actor, openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./workflows'));
});

type Team = FlowCreditsPluginOptions['team'];

/** A client in a process that has no database: the plugin needs to know where a team is named, and nothing else. */
function clientFor(team: Team): Promise<Client> {
  return testClient({ plugins: [new FlowCreditsPlugin({ team })] });
}

const order = (taskQueue: string): { taskQueue: string; workflowId: string; args: [{ id: string }] } => ({
  taskQueue,
  workflowId: uniqueName('order'),
  args: [{ id: 'x' }],
});

/** Where a client can name a team. */
const PLACES: [string, Team][] = [
  ['a header', { header: 'x-team' }],
  ['the memo', { memo: 'team' }],
  ['a search attribute', { searchAttribute: SEARCH_ATTRIBUTES.team }],
];

describe.each(PLACES)('a client with the plugin, which names the team in %s', (_where, team) => {
  it('makes starts within withTeam the team’s, and leaves others alone', async () => {
    const [client, mine] = await Promise.all([clientFor(team), shop.desk.team('solo')]);
    await shop.open(shop.plugin({ team }), { activities: orderActivities() }, async (taskQueue) => {
      await withTeam(mine, () => client.workflow.execute('handleOrder', order(taskQueue)));
      await client.workflow.execute('handleOrder', order(taskQueue));
      await withTeam(mine, () =>
        client.workflow.execute('handleInRounds', { ...order(taskQueue), args: [{ id: 'x', rounds: 3 }] }),
      );
      const signalled = await withTeam(mine, () =>
        client.workflow.signalWithStart('handleInTwoSteps', { ...order(taskQueue), signal: 'goOn' }),
      );
      await signalled.result();
      const updated = await withTeam(mine, () =>
        client.workflow.executeUpdateWithStart<(order: { id: string }) => Promise<string>, number, [number]>(
          'double',
          {
            args: [21],
            startWorkflowOperation: new WithStartWorkflowOperation('answering', {
              ...order(taskQueue),
              workflowIdConflictPolicy: 'FAIL',
            }),
          },
        ),
      );
      expect(updated).toBe(42);
      await eventually(async () => (await shop.runs(mine)).every(({ status }) => status === 'closed'));
    });
    const runs = await shop.runs(mine);
    expect(runs.map(({ flow, charged }) => [flow, charged])).toEqual([
      ['handleOrder', credits(3)],
      ['handleInRounds', credits(9)],
      ['handleInTwoSteps', credits(6)],
      ['answering', credits(0)],
    ]);
    expect(await shop.violations(mine)).toEqual([]);
  });
});

describe.each(PLACES)(
  'a schedule that was created within withTeam, which names the team in %s',
  (_where, team) => {
    it('starts runs of the team, outside of it', async () => {
      const [client, mine] = await Promise.all([clientFor(team), shop.desk.team('solo')]);
      await shop.open(shop.plugin({ team }), { activities: orderActivities() }, async (taskQueue) => {
        const schedule = await withTeam(mine, () =>
          client.schedule.create({
            scheduleId: uniqueName('schedule'),
            spec: {},
            action: { type: 'startWorkflow', workflowType: 'handleOrder', ...order(taskQueue) },
          }),
        );
        try {
          await schedule.trigger();
          await eventually(async () => {
            const runs = await shop.runs(mine);
            return runs.length === 1 && runs.every(({ status }) => status === 'closed');
          });
        } finally {
          await schedule.delete();
        }
      });
      expect(await shop.runs(mine)).toMatchObject([{ flow: 'handleOrder', charged: credits(3) }]);
      expect(await shop.violations(mine)).toEqual([]);
    });
  },
);

describe('a team in a header', () => {
  it('is the team of a retry after the workflow went on as new', async () => {
    const team = { header: 'x-team' };
    const [client, mine] = await Promise.all([clientFor(team), shop.desk.team('solo')]);
    await shop.open(shop.plugin({ team }), { activities: orderActivities() }, async (taskQueue) => {
      const retry = { maximumAttempts: 2, initialInterval: '10ms' } as const;
      const args = [{ id: 'x', rounds: 2, failing: true }];
      await withTeam(mine, () =>
        client.workflow.execute('failsInRounds', { ...order(taskQueue), args, retry }),
      );
    });
    // One run over continue-as-new, whose last execution failed; its retry is a run of its own.
    expect((await shop.runs(mine)).map(({ charged }) => charged)).toEqual([credits(6), credits(3)]);
  });
});

describe('a client', () => {
  it('is told by name when the plugin cannot name the team where it looks for it', async () => {
    const client = await clientFor('args[0].team');
    await expect(
      withTeam('acme', () => client.workflow.start('handleOrder', order('nowhere'))),
    ).rejects.toThrow(/withTeam\("acme"\).*args\[0\].team/);
  });

  it('asks a metered workflow for its admission, and what it is at', async () => {
    const [team, empty] = await Promise.all([shop.desk.team('solo'), shop.desk.emptyTeam('solo')]);
    await shop.open(shop.plugin(), { activities: orderActivities() }, async (taskQueue) => {
      const admitted = await shop.start(taskQueue, 'handleInTwoSteps', { team, id: 'x' });
      const waiting = await shop.start(taskQueue, 'handleInTwoSteps', { team: empty, id: 'x' });
      const unmetered = await shop.start(taskQueue, 'handleInTwoSteps', { id: 'x' });
      expect(await admissionOf(admitted)).toMatchObject({
        status: 'admitted',
        runId: (await shop.runs(team))[0]?.runId,
      });
      expect(await admissionOf(waiting)).toMatchObject({ status: 'waiting', place: 1, reason: 'spent' });
      expect(await admissionOf(unmetered)).toBeNull();
      const view = await waiting.query<OrdinaryRunView>(ORDINARY.view);
      expect(view).toMatchObject({ team: empty, phase: 'waiting' });
      await shop.desk.client.adjustCredits(empty, { actor, credits: '9', reason: 'go' });
      for (const handle of [admitted, waiting, unmetered]) {
        await handle.signal('goOn');
        await handle.result();
      }
    });
  });
});

describe('a plugin that a worker has from its connection as well', () => {
  it('acts once', async () => {
    const team = await shop.desk.team('solo');
    const plugin = shop.plugin();
    const connection = await NativeConnection.connect({
      ...temporalSettings().connection,
      plugins: [plugin],
    });
    atEnd(() => connection.close());
    expect(
      plugin.configureWorker(plugin.configureWorker({ taskQueue: 'x' })).interceptors?.activity,
    ).toHaveLength(1);
    expect(plugin.configureClient(plugin.configureClient({})).interceptors?.workflow).toHaveLength(1);
    const options = await shop.options(plugin, { activities: orderActivities() });
    const worker = await Worker.create({ ...options, connection, namespace: testNamespace() });
    await worker.runUntil(async () => {
      await (await shop.start(options.taskQueue, 'handleOrder', { team, id: 'x' })).result();
    });
    expect(await shop.charges(team)).toMatchObject([{ amount: credits(3) }]);
  });
});

describe('code that finds the team', () => {
  it('runs in the worker, with what the start says', async () => {
    const mine = await shop.desk.team('solo');
    const seen: unknown[] = [];
    const plugin = shop.plugin({
      team: ({ workflowType, args, memo }) => {
        seen.push({ workflowType, args, memo });
        return workflowType === 'handleOrder' ? mine : null;
      },
    });
    await shop.open(plugin, { activities: orderActivities() }, async (taskQueue) => {
      const memo = { of: 'the start' };
      await (await shop.start(taskQueue, 'handleOrder', { id: 'x' }, { memo })).result();
      await (await shop.start(taskQueue, 'summariseOrder', { id: 'x' })).result();
    });
    expect(seen).toEqual([
      { workflowType: 'handleOrder', args: [{ id: 'x' }], memo: { of: 'the start' } },
      { workflowType: 'summariseOrder', args: [{ id: 'x' }], memo: {} },
    ]);
    expect(await shop.runs(mine)).toMatchObject([{ flow: 'handleOrder', charged: credits(3) }]);
  });
});
