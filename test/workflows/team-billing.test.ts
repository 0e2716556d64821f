import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { credits } from '../../src/contracts/millicredits';
import { teamBillingId } from '../../src/contracts/names';
import { type TeamBillingView } from '../../src/contracts/team';
import { findTemporal } from '../../src/dev/temporal-binary';
import { eventually, sharedServers } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  desk.gate.open();
});

const actor = 'ops@example.com';

describe('a command', () => {
  it('is done once per request id; another payload under it is a conflict and changes nothing', async () => {
    const team = await desk.team('solo');
    const on = { actor, requestId: 'r-1', enabled: true, capUsd: '5.00' } as const;
    const first = await desk.client.setPayAsYouGo(team, on);
    expect(first).toEqual({ status: 'done', enabled: true, stillCharged: '0' });
    await expect(desk.client.setPayAsYouGo(team, on)).resolves.toEqual(first);
    // The keeper of the first call is gone: the ledger itself knows the request.
    await desk.temporal.workflow.getHandle(teamBillingId(team)).result();
    await expect(desk.client.setPayAsYouGo(team, on)).resolves.toEqual(first);
    await desk.temporal.workflow.getHandle(teamBillingId(team)).result();
    const other = await desk.client.setPayAsYouGo(team, { ...on, capUsd: '6.00' });
    expect(other).toMatchObject({ status: 'refused', reason: 'request-conflict' });
    expect((await desk.reader.team(team))?.payg.cap).toBe(5_000_000n);
  });

  it('that the plan does not allow is refused with its reason', async () => {
    const team = await desk.team('free');
    const payg = await desk.client.setPayAsYouGo(team, { actor, enabled: true, uncapped: true });
    expect(payg).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
    const pack = await desk.client.addCredits(team, { actor, credits: '100' });
    expect(pack).toMatchObject({ status: 'refused', reason: 'not-on-plan' });
  });

  it('that is plainly wrong is rejected before it leaves a trace', async () => {
    const team = await desk.team('solo');
    const wrong = desk.client.setPayAsYouGo(team, { actor, enabled: true });
    await expect(wrong).rejects.toThrow(WorkflowUpdateFailedError);
    await expect(wrong).rejects.toMatchObject({
      cause: { message: 'turning pay-as-you-go on takes either "capUsd" or "uncapped": true' },
    });
  });

  it('that the ledger cannot carry out fails by its type, holds up none behind it, and is done under a new request id once that is mended', async () => {
    const team = await desk.team('solo');
    const other = await desk.team('solo');
    const order = { actor, requestId: 'r-1', credits: '1', reason: 'sorry' };
    const backlog = async (text: string): Promise<void> => {
      await desk.pool.query('UPDATE flow_credits.teams SET backlog = $2 WHERE team_id = $1', [team, text]);
    };
    await backlog('no JSON at all');
    const failed = desk.client.adjustCredits(team, order);
    await expect(failed).rejects.toThrow(WorkflowUpdateFailedError);
    await expect(failed).rejects.toMatchObject({
      cause: {
        type: 'CommandFailed',
        message: expect.stringContaining(`adjustCredits of team "${team}" changed nothing`),
      },
    });
    // A signal has nobody to tell: the keeper stays, and keeps it to be seen.
    const handle = desk.temporal.workflow.getHandle(teamBillingId(team));
    await handle.signal('payAsYouGoEnabled', { requestId: 'r-2', actor, uncapped: true });
    await eventually(async () => {
      const { recent } = await handle.query<TeamBillingView>('team');
      expect(recent.slice(-2).map(({ requestId, status }) => `${requestId} ${status}`)).toEqual([
        'r-1 failed',
        'r-2 failed',
      ]);
    });
    await expect(desk.client.adjustCredits(other, order)).resolves.toMatchObject({ status: 'done' });

    await backlog('{}');
    await expect(desk.client.adjustCredits(team, order)).rejects.toMatchObject({
      cause: { type: 'CommandFailed' },
    });
    const anew = { ...order, requestId: 'r-3' };
    await expect(desk.client.adjustCredits(team, anew)).resolves.toMatchObject({ status: 'done' });
  });

  it('with a text that Postgres keeps nowhere is refused, and holds up none that come after it', async () => {
    const team = await desk.team('solo');
    const by = { credits: '1', reason: 'sorry' };
    await expect(desk.client.adjustCredits(team, { ...by, actor: 'a\0b' })).resolves.toEqual({
      status: 'refused',
      reason: 'invalid',
      message: 'the command: actor has a NUL character, which is not kept',
    });
    await expect(desk.client.adjustCredits(team, { ...by, actor })).resolves.toMatchObject({
      status: 'done',
    });
  });

  it('of an unknown team is refused', async () => {
    const answer = await desk.client.changePlan('nobody-knows-it', { actor, plan: 'team' });
    expect(answer).toMatchObject({ status: 'refused', reason: 'unknown-team' });
  });

  it.each([
    ['an upgrade', { plan: 'team' }, 'changePlan'],
    ['an adjustment', { credits: '2', reason: 'sorry' }, 'adjustCredits'],
  ] as const)('releases waiting runs: %s', async (_what, payload, name) => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.start(team, ['a']);
    expect(run.admission).toMatchObject({ status: 'waiting' });
    const answer =
      name === 'changePlan'
        ? await desk.client.changePlan(team, { actor, ...payload })
        : await desk.client.adjustCredits(team, { actor, ...payload });
    expect(answer).toMatchObject({ status: 'done' });
    await expect(run.result()).resolves.toMatchObject({ charged: '1000' });
  });

  it('reverses a charge once, and what came back lets a waiting run go', async () => {
    const team = await desk.team('solo');
    const paid = await desk.start(team, ['a']);
    await paid.result();
    const all = (await desk.reader.team(team))?.spendable ?? 0n;
    await desk.client.adjustCredits(team, { actor, credits: `-${all / 1000n}`, reason: 'empty' });
    const waits = await desk.start(team, ['a']);
    expect(waits.admission).toMatchObject({ status: 'waiting' });
    const reversal = { actor, runId: paid.runId, key: 'a', reason: 'our mistake' };
    await expect(desk.client.reverseCharge(team, reversal)).resolves.toMatchObject({
      status: 'reversed',
      amount: '1000',
    });
    await expect(waits.result()).resolves.toMatchObject({ charged: '1000' });
    await expect(desk.client.reverseCharge(team, reversal)).resolves.toMatchObject({
      status: 'refused',
      reason: 'already-reversed',
    });
  });
});

describe('the keeper', () => {
  it('goes when there is no news, and comes back for the next', async () => {
    const team = await desk.team('solo');
    await desk.temporal.workflow.getHandle(teamBillingId(team)).result();
    await desk.client.wake(team);
    await desk.temporal.workflow.getHandle(teamBillingId(team)).result();
  });

  it('takes many commands at once, each once, whoever is just leaving', async () => {
    const team = await desk.team('solo');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        desk.client.adjustCredits(team, { actor, credits: '1', reason: `grant ${String(index)}` }),
      ),
    );
    expect(answers.every(({ status }) => status === 'done')).toBe(true);
    expect((await desk.reader.team(team))?.balances.adjustment.available).toBe(credits(20));
  });

  it('gives the place of a run that is gone to the next one', async () => {
    const team = await desk.emptyTeam('solo');
    const [gone, next] = [await desk.start(team, ['a']), await desk.start(team, ['a'])];
    await desk.temporal.workflow.getHandle(gone.workflowId).terminate('test');
    expect(await endOf(gone.result())).toBe('terminated');
    await desk.client.adjustCredits(team, { actor, credits: '1', reason: 'one' });
    await expect(next.result()).resolves.toMatchObject({ charged: '1000' });
    expect(await desk.reader.run(team, gone.runId)).toMatchObject({
      status: 'closed',
      charged: 0n,
      holds: [],
    });
  });
});

describe("Temporal's own command line", () => {
  async function temporalCli(...args: string[]): Promise<void> {
    const { path } = await findTemporal();
    const { temporalAddress, namespace } = sharedServers();
    await promisify(execFile)(path, [...args, '--address', temporalAddress, '--namespace', namespace]);
  }

  function signal(team: string, name: string, payload: object): Promise<void> {
    return temporalCli(
      'workflow',
      'signal-with-start',
      ...['--workflow-id', teamBillingId(team), '--type', 'teamBilling', '--task-queue', desk.taskQueue],
      ...['--input', JSON.stringify({ team, lingerMs: 2000 })],
      ...['--signal-name', name, '--signal-input', JSON.stringify(payload)],
    );
  }

  it('is enough to turn pay-as-you-go on, and waiting runs go', async () => {
    const team = await desk.emptyTeam('solo');
    const runs = await Promise.all([desk.start(team, ['a']), desk.start(team, ['a'])]);
    expect(runs.map(({ admission }) => admission?.status)).toEqual(['waiting', 'waiting']);
    await signal(team, 'payAsYouGoEnabled', { uncapped: true });
    await Promise.all(runs.map((run) => run.result()));
    expect((await desk.reader.team(team))?.payg).toMatchObject({
      enabled: true,
      cap: null,
      charged: credits(2),
    });
    await signal(team, 'payAsYouGoDisabled', { actor });
    await eventually(async () => (await desk.reader.team(team))?.payg.enabled === false);
  });

  it('that names no cap is not guessed at: nothing changes, and the keeper says why', async () => {
    const team = await desk.team('solo');
    await signal(team, 'payAsYouGoEnabled', { actor });
    const handle = desk.temporal.workflow.getHandle(teamBillingId(team));
    await eventually(async () => {
      const { recent } = await handle.query<TeamBillingView>('team');
      expect(recent.at(-1)).toMatchObject({ command: 'setPayAsYouGo', status: 'refused' });
      expect(recent.at(-1)?.message).toMatch(/either "capUsd" or "uncapped"/);
    });
    expect((await desk.reader.team(team))?.payg.enabled).toBe(false);
  });
});
