import { beforeAll, describe, expect, it } from '@jest/globals';
import { credits } from '../../src/contracts/millicredits';
import { WORKFLOWS } from '../../src/contracts/names';
import { moveClock } from '../../src/ledger';
import { type MonthlyResetInput, type MonthlyResetResult } from '../../src/workflows';
import { violationsOf } from '../failures/books';
import { movePastResets, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';

const NOTHING = { teams: 0, periodsClosed: 0, failed: 0, faults: [] };

type MonthlyReset = (input: MonthlyResetInput) => Promise<MonthlyResetResult>;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
});

function reset(input: MonthlyResetInput = {}): Promise<MonthlyResetResult> {
  return desk.temporal.workflow.execute<MonthlyReset>(WORKFLOWS.monthlyReset, {
    workflowId: uniqueName('reset'),
    taskQueue: desk.taskQueue,
    args: [input],
  });
}

describe('the monthly reset', () => {
  it('closes each period once, however late, rolls nothing over, and lets waiting runs go in order', async () => {
    const rich = await desk.team('solo');
    const empty = await desk.emptyTeam('free');
    const runs = [await desk.start(empty, ['a']), await desk.start(empty, ['a', 'b'])];
    expect(runs.map(({ admission }) => admission?.status)).toEqual(['waiting', 'waiting']);

    await expect(reset()).resolves.toEqual(NOTHING);
    const begun = (await desk.reader.team(rich))?.period.index ?? NaN;
    // Three months go by, and nobody comes.
    await movePastResets(desk.pool, desk.reader, rich, 3);
    const [one, two] = await Promise.all([reset({ pageSize: 1 }), reset()]);
    expect(one.periodsClosed + two.periodsClosed).toBe(6);
    await Promise.all(runs.map((run) => run.result()));

    for (const team of [rich, empty]) {
      const statements = await desk.reader.statements(team);
      expect(statements.map(({ period }) => period.index)).toEqual([begun, begun + 1, begun + 2]);
      expect(statements.map(({ closing }) => closing)).toEqual([0n, 0n, 0n]);
      expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
    }
    const [first] = await desk.reader.statements(rich);
    expect(first).toMatchObject({ granted: credits(50), expired: credits(50), charged: 0n });
    expect(await desk.reader.team(empty)).toMatchObject({ charged: credits(3), spendable: credits(22) });
    await expect(reset()).resolves.toEqual(NOTHING);
  });

  it.each([1, 2, 3])(
    'races with two operators, another reset and a dozen runs, time %i: nothing is lost or closed twice',
    async () => {
      const team = await desk.emptyTeam('solo');
      await reset();
      const early = await Promise.all(Array.from({ length: 6 }, () => desk.start(team, ['a', 'b'])));
      const end = (await desk.reader.team(team))?.period.end ?? NaN;
      const by = (actor: string): { actor: string; requestId: string } => ({
        actor,
        requestId: uniqueName(actor),
      });
      const [late, ...resets] = await Promise.all([
        Promise.all(Array.from({ length: 6 }, () => desk.start(team, ['a', 'b']))),
        moveClock(desk.pool, end - (await desk.reader.now())).then(() => reset()),
        reset({ pageSize: 1 }),
        desk.client.setPayAsYouGo(team, { ...by('olga'), enabled: true, capUsd: '0.01' }),
        desk.client.changePlan(team, { ...by('otto'), plan: 'team' }),
        desk.client.adjustCredits(team, { ...by('otto'), credits: '3', reason: 'goodwill' }),
        desk.client.setPayAsYouGo(team, { ...by('olga'), enabled: false }),
      ]);
      expect(resets).toHaveLength(6);
      const results = await Promise.all([...early, ...late].map((run) => run.result()));
      expect(results.map(({ charged }) => charged)).toEqual(results.map(() => '2000'));
      const statements = await desk.reader.statements(team);
      expect(statements.map(({ period }) => period.end)).toEqual([end]);
      expect(await desk.reader.team(team)).toMatchObject({ waiting: 0, period: { start: end } });
      expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
    },
  );

  it('reports a team whose books are at fault, and goes on with the others', async () => {
    const [first, second] = [await desk.team('free'), await desk.team('free')];
    const broken = await desk.team('free');
    const last = await desk.team('free');
    // A plan that is in no plan file any more.
    const setPlan = (plan: string): Promise<unknown> =>
      desk.pool.query('UPDATE flow_credits.teams SET plan = $2, version = version + 1 WHERE team_id = $1', [
        broken,
        plan,
      ]);
    await setPlan('gone');
    await movePastResets(desk.pool, desk.reader, first, 1);
    for (const pageSize of [1, 2]) {
      const { failed, faults } = await reset({ pageSize });
      expect(failed).toBe(1);
      expect(faults).toEqual([{ team: broken, message: expect.stringContaining('plan "gone"') as unknown }]);
    }
    for (const team of [first, second, last]) {
      expect(await desk.reader.statements(team)).not.toEqual([]);
    }
    await setPlan('free');
    await expect(reset()).resolves.toMatchObject({ teams: 1, failed: 0 });
    expect(await violationsOf(desk.pool, desk.pricing, broken)).toEqual([]);
  });
});
