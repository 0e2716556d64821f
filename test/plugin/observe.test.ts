import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Submitter } from '../../src/activities';
import { type Operation, type ResultOf } from '../../src/ledger/core/operations';
import { type WakeSource } from '../../src/plugin/wake-on-release';
import { uniqueName } from '../support';
import { endOf } from '../workflows/run-ends';
import { orderActivities } from './activities';
import { actor, openShop, type Shop } from './shop';

/** As the server numbers events. */
const ACTIVITY_TASK_SCHEDULED = '10';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./workflows'));
});

/** The real ledger, that gives no answer to whoever asks for admission. */
class NobodyAdmitted implements Submitter, WakeSource {
  asked = 0;

  submit<O extends Operation>(operation: O, options?: { timeoutMs?: number }): Promise<ResultOf<O>> {
    if (operation.kind !== 'admit') return shop.desk.ledger.submit(operation, options);
    this.asked += 1;
    return Promise.reject(new Error('connection refused'));
  }

  onWake(listener: (teams: readonly string[]) => void): () => void {
    return shop.desk.ledger.onWake(listener);
  }
}

describe('mode observe holds nobody back', () => {
  it.each(['a team that nobody created', 'a name that no team can have', 'a suspended team'])(
    'who names %s goes on unmetered; with enforce the workflow is refused',
    async (which) => {
      const team = await teamFor(which);
      const activities = orderActivities();
      await shop.open(shop.plugin({ mode: 'observe' }), { activities }, async (taskQueue) => {
        const handle = await shop.start(taskQueue, 'handleOrder', { id: 'x', team });
        await expect(handle.result()).resolves.toBe('found x');
      });
      expect(activities.calls).toEqual({ lookUp: 1, notify: 1 });
      await shop.open(shop.plugin(), { activities }, async (taskQueue) => {
        const handle = await shop.start(taskQueue, 'handleOrder', { id: 'x', team });
        expect(await endOf(handle.result())).toMatch(/^(RunRejected|CommandRefused)$/);
      });
      expect(activities.calls).toEqual({ lookUp: 1, notify: 1 });
    },
  );

  it('while the ledger is away, after some short tries', async () => {
    const team = await shop.desk.team('solo');
    const ledger = new NobodyAdmitted();
    const activities = orderActivities();
    await shop.open(shop.plugin({ mode: 'observe', ledger }), { activities }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'handleOrder', { id: 'x', team });
      await expect(handle.result()).resolves.toBe('found x');
      // Three tries within the workflow task, one beside it.
      expect(ledger.asked).toBe(4);
      const scheduled = (await shop.events(handle)).filter((type) => type === ACTIVITY_TASK_SCHEDULED);
      expect(scheduled).toHaveLength(['admitWorkflow', 'lookUp', 'notify'].length);
    });
    expect(activities.calls).toEqual({ lookUp: 1, notify: 1 });
    expect(await shop.runs(team)).toEqual([]);
  });
});

async function teamFor(which: string): Promise<string> {
  if (which === 'a name that no team can have') return 'no such name/…';
  if (which === 'a team that nobody created') return uniqueName('nobody');
  const team = await shop.desk.team('solo');
  const done = await shop.desk.client.setTeamStatus(team, { actor, status: 'suspended' });
  if (done.status !== 'done') throw new Error(JSON.stringify(done));
  return team;
}
