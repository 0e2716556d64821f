import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WORKFLOWS } from '../../src/contracts/names';
import { moveClock } from '../../src/ledger';
import { type TeamOverview } from '../../src/ledger/read';
import { type MonthlyResetInput, type MonthlyResetResult } from '../../src/workflows';
import { uniqueName } from '../support';
import { openStage, spanText, untilLive, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.gate.open();
});

afterEach(() => {
  expect(stage.complaints()).toEqual([]);
});

async function periodOf(team: string): Promise<TeamOverview['period']> {
  const overview = await stage.reader.team(team);
  if (overview === null) throw new Error(`${team} is not there`);
  return overview.period;
}

describe('the reset', () => {
  it('is seen as it happens: waiting runs go, the month begins anew, and the old one has a statement', async () => {
    const team = await stage.emptyTeam('solo');
    const runs = [await stage.start(team, ['a', 'b']), await stage.start(team, ['a'])];
    expect(runs.map(({ admission }) => admission?.status)).toEqual(['waiting', 'waiting']);
    const page = await stage.open('/', { role: 'developer', team });
    await untilLive(page);
    const before = await periodOf(team);
    await page.getByText(spanText(before)).waitFor();
    await page.getByRole('radio', { name: 'Waiting 2' }).waitFor();
    await page
      .getByText(/^reset, /)
      .first()
      .waitFor();

    await moveClock(stage.pool, before.end - (await stage.reader.now()));
    await stage.temporal.workflow.execute<(input: MonthlyResetInput) => Promise<MonthlyResetResult>>(
      WORKFLOWS.monthlyReset,
      { workflowId: uniqueName('reset'), taskQueue: stage.taskQueue, args: [{}] },
    );

    await page.getByRole('radio', { name: 'Waiting 0' }).waitFor();
    const after = await periodOf(team);
    expect(after.index).toBe(before.index + 1);
    await page.getByText(spanText(after)).waitFor();
    await Promise.all(runs.map((run) => run.result()));
    await page.getByText('of 50 credits · 6%').waitFor();
    await page.getByRole('link', { name: 'Statements' }).click();
    await page.getByRole('link', { name: spanText(before) }).click();
    await page.getByRole('heading', { level: 1, name: spanText(before) }).waitFor();
    await page.context().close();
  });
});
