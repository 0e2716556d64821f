import { beforeAll, describe, expect, it } from '@jest/globals';
import { FlowCreditsClient } from '../../src/client';
import { credits } from '../../src/contracts/millicredits';
import { openDesk, type Desk } from '../workflows/desk';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
});

const actor = 'olga';

describe('a platform', () => {
  it('reads what a team has, who waits, what was used, given and done, and foretells pay-as-you-go', async () => {
    const { client } = desk;
    const team = await desk.team('enterprise');
    const paid = { amount: '8.00', currency: 'EUR' };
    const bought = await client.addCredits(team, { actor, credits: '2', paid });
    const run = await desk.start(team, ['a', 'b', 'c']);
    await run.result();
    await expect(
      client.reverseCharge(team, { actor, runId: run.runId, key: 'a', line: 0, reason: 'wrong' }),
    ).resolves.toEqual({ status: 'reversed', amount: '1000' });
    await expect(client.reverseRun(team, { actor, runId: run.runId, reason: 'all of it' })).resolves.toEqual({
      status: 'reversed',
      amount: '2000',
      charges: 2,
    });
    expect(await client.packs(team)).toMatchObject([{ granted: credits(2), status: 'active', paid }]);
    const grant = bought.status === 'done' ? bought.grant : 0;
    const voided = client.voidPack(team, { actor, grant, reason: 'ordered twice' });
    await expect(voided).resolves.toEqual({ status: 'done', amount: '2000' });
    await client.adjustCredits(team, { actor, credits: '1', reason: 'sorry' });
    expect(await client.adjustments(team)).toMatchObject([{ granted: credits(1), note: 'sorry' }]);
    expect(await client.usage(team, { by: 'flow' })).toMatchObject({
      total: { amount: 0n, reversed: credits(3) },
    });
    const audit = await client.audit(team, { limit: 3 });
    expect(audit.map(({ kind }) => kind)).toEqual(['grant', 'withdraw', 'reversal']);
    const [next] = await client.audit(team, { limit: 1, before: audit.at(-1)?.seq ?? 0 });
    expect(next).toMatchObject({ kind: 'reversal', actor });

    const empty = await desk.emptyTeam('solo');
    await desk.start(empty, ['a', 'b']);
    expect(await client.line(empty)).toMatchObject([{ place: 1, hold: credits(2), goes: { resets: 1 } }]);
    const asked = { waiting: 1, likely: credits(2), atOnce: { runs: 1, hold: credits(2) } };
    expect(await client.previewPayAsYouGo(empty, { uncapped: true })).toMatchObject(asked);
    expect(await client.previewPayAsYouGo(empty, { capUsd: '1' })).toMatchObject(asked);
    expect((await client.previewPayAsYouGo(empty))?.atOnce).toBeNull();
    expect(await client.previewPayAsYouGo('nobody')).toBeNull();
    await expect(
      client.discardWaiting(empty, { actor, flow: 'calls in turn', trigger: 'api', reason: 'stale' }),
    ).resolves.toEqual({ status: 'done', discarded: 1, more: false });
    expect(await client.line(empty)).toEqual([]);
  });

  it('without a reader is told what is missing', () => {
    const blind = new FlowCreditsClient({ client: desk.temporal });
    expect(() => blind.packs('acme')).toThrow(/has no reader/);
  });
});
