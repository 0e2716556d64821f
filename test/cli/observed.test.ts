import { beforeAll, describe, expect, it } from '@jest/globals';
import { openDesk, type Desk } from '../workflows/desk';
import { commandLine } from './here';

let desk: Desk;
let env: Record<string, string>;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
  env = { DATABASE_URL: desk.databaseUrl, FLOW_CREDITS_TASK_QUEUE: desk.taskQueue };
});

const { did, json, failed } = commandLine(() => env);

describe('flow-credits observed', () => {
  it('says which observed runs would have waited, and what they used meanwhile', async () => {
    const team = await desk.emptyTeam('free');
    const run = await desk.start(team, ['a', 'b'], { mode: 'observe', wait: 'admission' });
    expect(run.admission).toMatchObject({ status: 'admitted', wouldHaveWaited: true });
    await run.result();
    const told = await did('observed', team);
    expect(told).toMatch(/^calls in turn +1 +1 +\S+ +\S* ?2 +2$/m);
    expect(told).toMatch(/^total +1 +1 /m);
    expect(await json('observed', team)).toMatchObject({
      team,
      flows: [
        { flow: 'calls in turn', runs: 1, wouldHaveWaited: 1, charged: '2000', chargedMeanwhile: '2000' },
      ],
      total: { runs: 1 },
    });
    expect(await did('observed', team, '--csv')).toMatch(
      /^flow,runs,would have waited,first,credits,meanwhile\ncalls in turn,1,1,[^,]+,2,2\n$/,
    );
    expect(await json('observed', team, '--to', '2026-01-02', '--from', '2026-01-01')).toMatchObject({
      flows: [],
    });
    expect(await failed('observed', team, '--from', '2026-01-02', '--to', '2026-01-01')).toContain(
      '--to 2026-01-01: must be after',
    );
    expect(await failed('observed', 'nobody')).toContain('nobody');
  });
});
