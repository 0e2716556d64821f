import { beforeAll, describe, expect, it } from '@jest/globals';
import { connectorServicesSchema } from '../../src/activities/blocks';
import { type StartedRun } from '../../src/client';
import { commandTeam } from '../../src/client/team-billing';
import { FAILURE } from '../../src/contracts/failures';
import { type FlowInput } from '../../src/contracts/flow';
import { teamBillingId } from '../../src/contracts/names';
import { type TeamBillingView } from '../../src/contracts/team';
import { violationsOf } from '../failures/books';
import { startHttpGate } from '../failures/http-gate';
import { atEnd, eventually, uniqueName } from '../support';
import { openDesk, type Desk } from './desk';
import { endOf } from './run-ends';

const actor = 'ops@example.com';
const WINDOW = 3;

let desk: Desk;
beforeAll(async () => {
  const service = await startHttpGate();
  service.open();
  atEnd(() => service.close());
  const services = connectorServicesSchema.parse({
    crm: { baseUrl: service.url, operations: { look: { method: 'GET', path: '/run/look' } } },
  });
  desk = await openDesk({
    teamBilling: { release: { window: WINDOW, patienceMs: 3_600_000 } },
    worker: { registry: { services } },
  });
});

function statusOf({ admission }: StartedRun): string {
  return admission?.status === 'rejected'
    ? `rejected: ${admission.reason}`
    : (admission?.status ?? 'unasked');
}

async function reasonIn(team: string, { runId }: StartedRun): Promise<string | null> {
  return (await desk.reader.run(team, runId))?.closeReason ?? null;
}

describe('a backlog rule', () => {
  it('"keep-latest" leaves one waiting run of a flow and trigger; whom it replaces ends as discarded', async () => {
    const team = await desk.emptyTeam('solo', { backlog: { schedule: { policy: 'keep-latest' } } });
    const workflowId = (name: string): string => `${name}-${team}`;
    const every = { trigger: 'schedule' } as const;
    const byHand = await desk.start(team, ['a'], { trigger: 'api', workflowId: workflowId('api') });
    const ticks: StartedRun[] = [];
    for (const n of [1, 2, 3]) {
      ticks.push(await desk.start(team, ['a'], { ...every, workflowId: workflowId(`tick-${n}`) }));
    }
    const [first, second, third] = ticks;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no ticks');
    expect([byHand, ...ticks].map(statusOf)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
    expect(await endOf(first.result())).toBe(FAILURE.runDiscarded);
    expect(await endOf(second.result())).toBe(FAILURE.runDiscarded);
    expect(await reasonIn(team, first)).toBe('superseded');
    const line = await desk.reader.line(team, { after: 0, limit: 10 });
    expect(line.map(({ runId }) => runId)).toEqual([byHand.runId, third.runId]);

    desk.gate.open();
    await desk.client.adjustCredits(team, { actor, credits: '5', reason: 'a new month' });
    await Promise.all([byHand.result(), third.result()]);
    expect(await desk.reader.team(team)).toMatchObject({ charged: 2_000n, waiting: 0 });
    desk.gate.shut();
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('"reject" refuses what would have to wait, by trigger; runs that require no credits go all the same', async () => {
    const team = await desk.emptyTeam('solo', { backlog: { api: { policy: 'reject' } } });
    const refused = await desk.start(team, ['a']);
    expect(statusOf(refused)).toBe('rejected: no-credits');
    expect(await endOf(refused.result())).toBe(FAILURE.runRejected);
    expect(statusOf(await desk.start(team, ['a'], { trigger: 'webhook' }))).toBe('waiting');
    expect(statusOf(await desk.start(team, ['a'], { trigger: 'manual' }))).toBe('admitted');
  });

  it('bounds how many wait, and for how long', async () => {
    const team = await desk.emptyTeam('solo', {
      backlog: { any: { mostWaiting: 2 }, webhook: { longestWaitSeconds: 1 } },
    });
    const runs: StartedRun[] = [];
    for (let n = 0; n < 3; n += 1) runs.push(await desk.start(team, ['a']));
    expect(runs.map(statusOf)).toEqual(['waiting', 'waiting', 'rejected: line-full']);
    const impatient = await desk.start(team, ['a'], { trigger: 'webhook' });
    expect(statusOf(impatient)).toBe('waiting');
    expect(await endOf(impatient.result())).toBe(FAILURE.waitTimedOut);
    expect(await reasonIn(team, impatient)).toBe('timed-out');
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 2 });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});

describe('waiting runs', () => {
  it('are discarded by filter, once per request, and told', async () => {
    const team = await desk.emptyTeam('solo');
    const ofApi = await desk.start(team, ['a']);
    const hooks = [
      await desk.start(team, ['a'], { trigger: 'webhook' }),
      await desk.start(team, ['a'], { trigger: 'webhook' }),
    ];
    const command = { actor, requestId: uniqueName('discard'), trigger: 'webhook', reason: 'old' } as const;
    const options = { taskQueue: desk.taskQueue };
    const answer = await commandTeam(desk.temporal, team, 'discardWaiting', command, options);
    expect(answer).toEqual({ status: 'done', discarded: 2, more: false });
    expect(await Promise.all(hooks.map((run) => endOf(run.result())))).toEqual([
      FAILURE.runDiscarded,
      FAILURE.runDiscarded,
    ]);
    // Who comes later is not meant by it.
    const later = await desk.start(team, ['a'], { trigger: 'webhook' });
    await expect(commandTeam(desk.temporal, team, 'discardWaiting', command, options)).resolves.toEqual(
      answer,
    );
    const line = await desk.reader.line(team, { after: 0, limit: 10 });
    expect(line.map(({ runId }) => runId)).toEqual([ofApi.runId, later.runId]);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('of a team that is suspended stay, and leave when it is closed', async () => {
    const team = await desk.emptyTeam('solo');
    const run = await desk.start(team, ['a']);
    await desk.client.setTeamStatus(team, { actor, status: 'suspended' });
    await desk.client.adjustCredits(team, { actor, credits: '5', reason: 'goodwill' });
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 1, spendable: 5_000n });
    expect(statusOf(await desk.start(team, ['a']))).toBe('rejected: team-suspended');
    await desk.client.setTeamStatus(team, { actor, status: 'closed' });
    expect(await endOf(run.result())).toBe(FAILURE.runDiscarded);
    expect(await reasonIn(team, run)).toBe('team-closed');
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 0 });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('are released a window at a time: the next go when those before are heard of', async () => {
    const team = await desk.emptyTeam('solo');
    const runs: StartedRun[] = [];
    for (let n = 0; n < 2 * WINDOW; n += 1) {
      const workflowId = uniqueName('run');
      const flow = freeThenPriced(`${desk.gate.url}/${workflowId}`);
      runs.push(await desk.start(team, [], { workflowId, flow, trigger: 'manual' }));
    }
    expect(new Set(runs.map(statusOf))).toEqual(new Set(['waiting']));
    await desk.client.setPayAsYouGo(team, { actor, enabled: true, uncapped: true });
    // The first of them are at their first block, which costs nothing: the ledger has not heard of them.
    await eventually(() => desk.gate.of('a').filter(({ run }) => isOneOf(runs, run)).length === WINDOW);
    await eventually(async () => {
      const view = await desk.temporal.workflow.getHandle(teamBillingId(team)).query<TeamBillingView>('team');
      expect(view).toMatchObject({ released: WINDOW, stillWaiting: WINDOW });
    });
    const line = await desk.reader.line(team, { after: 0, limit: 10 });
    expect(line.map(({ runId }) => runId)).toEqual(runs.slice(WINDOW).map(({ runId }) => runId));

    desk.gate.open();
    await Promise.all(runs.map((run) => run.result()));
    desk.gate.shut();
    expect(await desk.reader.team(team)).toMatchObject({ waiting: 0, payg: { held: 0n } });
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });
});

function isOneOf(runs: readonly StartedRun[], workflowId: string): boolean {
  return runs.some((run) => run.workflowId === workflowId);
}

describe('a run', () => {
  it('on a private runner is refused where the plan has none', async () => {
    const team = await desk.team('solo');
    const refused = await desk.start(team, ['a'], { location: 'private-runner' });
    expect(statusOf(refused)).toBe('rejected: not-on-plan');
    expect(refused.admission).toMatchObject({
      message: expect.stringContaining('plan "solo" has no private runner'),
    });
    const allowed = await desk.team('enterprise');
    expect(statusOf(await desk.start(allowed, ['a'], { location: 'private-runner' }))).toBe('admitted');
  });

  it('queues under its team: others share what there is', async () => {
    const team = await desk.team('solo');
    const run = await desk.start(team, ['a']);
    const { events } = await desk.temporal.workflow.getHandle(run.workflowId).fetchHistory();
    expect(events?.[0]?.workflowExecutionStartedEventAttributes?.priority).toMatchObject({
      priorityKey: 3,
      fairnessKey: team,
    });
    desk.gate.open();
    await run.result();
    desk.gate.shut();
  });
});

/** On a local canvas the request is free and the connector is not. */
function freeThenPriced(url: string): FlowInput {
  return {
    name: 'free, then priced',
    blocks: [
      { id: 'start', type: 'start' },
      { id: 'a', type: 'http-request', config: { url: `${url}/a` } },
      { id: 'crm', type: 'connector', config: { service: 'crm', operation: 'look' } },
      { id: 'out', type: 'output' },
    ],
    connections: [
      { from: 'start', to: 'a' },
      { from: 'a', to: 'crm' },
      { from: 'crm', to: 'out' },
    ],
  };
}
