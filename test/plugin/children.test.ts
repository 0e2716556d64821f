import { beforeAll, describe, expect, it } from '@jest/globals';
import { FAILURE } from '../../src/contracts/failures';
import { credits } from '../../src/contracts/millicredits';
import { eventually, uniqueName } from '../support';
import { orderActivities } from './activities';
import { openShop, type Shop } from './shop';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(require.resolve('./family-workflows'));
});

const activities = orderActivities;

describe('child workflows', () => {
  it('spend on their parent’s admission, theirs too, and add no event of ours', async () => {
    const team = await shop.desk.team('team');
    const plain = await shop.open(null, { activities: activities() }, async (taskQueue) => {
      const id = uniqueName('family');
      await (await shop.start(taskQueue, 'parent', { id })).result();
      return shop.events({ workflowId: `${id}-two` });
    });
    const id = uniqueName('family');
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'parent', { team, id });
      await expect(handle.result()).resolves.toBe('found one and found two');
    });
    expect(await shop.events({ workflowId: `${id}-two` })).toEqual(plain);
    // The parent, its two children, and the one of the second.
    const [run, ...others] = await shop.runs(team);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ flow: 'parent', status: 'closed', charged: credits(12), holds: [] });
    expect((await shop.charges(team)).map(({ late, unreserved }) => late || unreserved)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(await shop.violations(team)).toEqual([]);
  });

  it('of another team are runs of their own, and wait in that one’s line', async () => {
    const [team, other] = await Promise.all([shop.desk.team('team'), shop.desk.emptyTeam('solo')]);
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      const handle = await shop.start(taskQueue, 'parent', {
        team,
        id: uniqueName('family'),
        childTeam: other,
      });
      await eventually(async () => (await shop.desk.reader.team(other))?.waiting === 2);
      await shop.desk.client.adjustCredits(other, { actor: 'test', credits: '20', reason: 'go' });
      await handle.result();
    });
    expect(await shop.runs(team)).toMatchObject([{ charged: credits(3) }]);
    // The grandchild names no team: it spends on its own parent's.
    const ofOther = await shop.runs(other);
    expect(ofOther.map(({ charged }) => charged).sort()).toEqual([credits(3), credits(6)]);
    for (const each of [team, other]) expect(await shop.violations(each)).toEqual([]);
  });

  it('that name their parent’s team spend on its admission as well', async () => {
    const team = await shop.desk.team('team');
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      const family = { team, childTeam: team, id: uniqueName('family') };
      await (await shop.start(taskQueue, 'parent', family)).result();
    });
    expect(await shop.runs(team)).toMatchObject([{ charged: credits(12) }]);
  });

  it('whose team code would find spend on their parent’s admission, whatever the code would say', async () => {
    const [team, other] = await Promise.all([shop.desk.team('team'), shop.desk.team('team')]);
    const asked: string[] = [];
    const plugin = shop.plugin({
      team: ({ workflowType }) => {
        asked.push(workflowType);
        return workflowType === 'parent' ? team : other;
      },
    });
    await shop.open(plugin, { activities: activities() }, async (taskQueue) => {
      await (await shop.start(taskQueue, 'parent', { id: uniqueName('family') })).result();
    });
    expect(asked).toEqual(['parent']);
    expect(await shop.runs(team)).toMatchObject([{ flow: 'parent', charged: credits(12) }]);
    expect(await shop.runs(other)).toEqual([]);
    expect(await shop.violations(team)).toEqual([]);
  });

  it('that are tried again are charged for what they did each time, on their parent’s run', async () => {
    const team = await shop.desk.team('team');
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      await (await shop.start(taskQueue, 'parentOfFailing', { team, id: uniqueName('f') })).result();
    });
    expect(await shop.runs(team)).toMatchObject([{ status: 'closed', charged: credits(6) }]);
  });

  it('that outlive their parent, as new as well, go on unheld, and are charged late on its run', async () => {
    const team = await shop.desk.team('team');
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      const id = uniqueName('f');
      const handle = await shop.start(taskQueue, 'parentOfAbandoned', { team, id, rounds: 3 });
      const workflowId = String(await handle.result());
      const abandoned = shop.desk.temporal.workflow.getHandle(workflowId);
      await eventually(async () => (await shop.charges(team)).length === 4);
      const [before] = await shop.runs(team);
      expect(before).toMatchObject({ status: 'closed', holds: [], reservations: {} });
      await abandoned.signal('go');
      await abandoned.result();
    });
    expect(await shop.runs(team)).toMatchObject([
      { status: 'closed', charged: credits(15), holds: [], reservations: {} },
    ]);
    expect((await shop.charges(team)).at(-1)).toMatchObject({ late: true, unreserved: true });
    expect(await shop.violations(team)).toEqual([]);
  });

  it('with a schedule of their own ask for themselves each time, for their parent’s team', async () => {
    const team = await shop.desk.team('team');
    await shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
      const id = uniqueName('f');
      await (await shop.start(taskQueue, 'parentOfCron', { team, id })).result();
      await eventually(async () => {
        const ticks = (await shop.runs(team)).filter(({ flow }) => flow === 'child');
        return ticks.filter(({ status, charged }) => status === 'closed' && charged > 0n).length >= 2;
      });
      await shop.desk.temporal.workflow.getHandle(`${id}-cron`).terminate('enough');
    });
  });

  it('on another task queue spend on their parent’s admission where that one’s worker has the plugin', async () => {
    const team = await shop.desk.team('team');
    await shop.open(shop.plugin(), { activities: activities() }, (theirs) =>
      shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
        const family = { team, id: uniqueName('f'), taskQueue: theirs };
        await (await shop.start(taskQueue, 'parent', family)).result();
      }),
    );
    expect(await shop.runs(team)).toMatchObject([{ charged: credits(12) }]);
  });

  it('on a worker without it run unmetered there, and are refused where it executes their activities', async () => {
    const team = await shop.desk.team('team');
    await shop.open(null, { activities: activities() }, (theirs) =>
      shop.open(shop.plugin(), { activities: activities() }, async (taskQueue) => {
        const family = { team, id: uniqueName('f'), taskQueue: theirs };
        await (await shop.start(taskQueue, 'parent', family)).result();
      }),
    );
    expect(await shop.runs(team)).toMatchObject([{ charged: credits(3) }]);
    await shop.open(null, {}, (plain) =>
      shop.open(shop.plugin(), { activities: activities() }, async (executing) => {
        const handle = await shop.start(plain, 'elsewhere', { id: 'x', taskQueue: executing });
        await expect(handle.result()).rejects.toMatchObject({
          cause: { cause: { type: FAILURE.unmetered } },
        });
      }),
    );
  });
});
