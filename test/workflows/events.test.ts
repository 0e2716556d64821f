import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DeliverEventsView } from '../../src/contracts/events';
import { deliverEventsId, EVENTS, WORKFLOWS } from '../../src/contracts/names';
import { moveClock } from '../../src/ledger';
import { type StoredEvent } from '../../src/ledger/read';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { violationsOf } from '../failures/books';
import { admitting, committing, newTeam } from '../ledger/store/scene';
import {
  atEnd,
  eventually,
  movePastResets,
  testNamespace,
  testNativeConnection,
  uniqueName,
  workflowBundle,
} from '../support';
import { openDesk, type Desk } from './desk';
import { OTHER_SECRET, SECRET, startWebhookServer, verified, type WebhookServer } from './webhook-server';

const DAY_MS = 86_400_000;
const ATTEMPTS = 3;
const actor = 'test';

let hooks: WebhookServer;
let desk: Desk;
beforeAll(async () => {
  hooks = await startWebhookServer();
  atEnd(() => hooks.close());
  desk = await openDesk({
    worker: {
      events: {
        webhook: {
          url: hooks.url,
          secrets: [SECRET, OTHER_SECRET],
          attempts: ATTEMPTS,
          firstPauseMs: 50,
          longestPauseMs: 100,
        },
      },
      delivery: { lingerMs: 200 },
    },
  });
  desk.gate.open();
});
beforeEach(() => {
  hooks.answer(() => ({ status: 204 }));
});

/** Kinds of a team's events as they arrived, the first time each. */
function arrived(team: string): readonly string[] {
  const seen = new Map(hooks.of(team).map(({ body }) => [body.id, body.type]));
  return [...seen.values()];
}

async function stored(team: string): Promise<readonly StoredEvent[]> {
  return desk.reader.events(team, { after: 0, limit: 10_000 });
}

async function allDelivered(team: string): Promise<readonly StoredEvent[]> {
  return eventually(async () => {
    const events = await stored(team);
    expect(events.filter(({ status }) => status !== 'delivered')).toEqual([]);
    return events;
  });
}

/** An event of its own, without a run: pay-as-you-go off. */
async function oneEvent(): Promise<string> {
  const team = await desk.team('solo');
  await desk.client.setPayAsYouGo(team, { actor, enabled: true, capUsd: '1.00' });
  return team;
}

describe('an event', () => {
  it('of each kind arrives after it happened, in the order of the team, once', async () => {
    const team = await desk.emptyTeam('solo', { alerts: { paygUsd: ['0.001'] } });
    const waits = await desk.start(team, ['a', 'b']);
    const leaves = await desk.start(team, ['a']);
    await desk.client.discardRun(leaves, actor, 'test');
    await leaves.result().catch(() => undefined);
    await desk.client.setPayAsYouGo(team, { actor, enabled: true, capUsd: '1.00' });
    await waits.result();
    const reversal = { actor, runId: waits.runId, key: 'b', reason: 'test' };
    expect(await desk.client.reverseCharge(team, reversal)).toMatchObject({ status: 'reversed' });
    await desk.client.setPayAsYouGo(team, { actor, enabled: false });
    await movePastResets(desk.pool, desk.reader, team, 1);
    await desk.temporal.workflow.execute(WORKFLOWS.monthlyReset, {
      workflowId: uniqueName('reset'),
      taskQueue: desk.taskQueue,
      args: [{}],
    });
    const late = { actor, runId: waits.runId, key: 'a', reason: 'after the close' };
    expect(await desk.client.reverseCharge(team, late)).toMatchObject({ status: 'reversed' });

    const events = await allDelivered(team);
    expect(new Set(events.map(({ event }) => event.kind))).toEqual(
      new Set([
        'run.waiting',
        'run.left',
        'payg.enabled',
        'run.released',
        'payg.usage',
        'payg.threshold',
        'payg.disabled',
        'statement.closed',
        'period.reset',
        'payg.refund',
      ]),
    );
    // None failed, so none came twice, and each in its turn.
    expect(hooks.of(team).map(({ body }) => body.seq)).toEqual(events.map(({ event }) => event.seq));
    expect(arrived(team)).toEqual(events.map(({ event }) => event.kind));

    const [statement] = await desk.reader.statements(team);
    const usage = events.flatMap(({ event }) => (event.kind === 'payg.usage' ? [event.data] : []));
    const sum = usage
      .filter(({ period }) => period === statement?.period.index)
      .reduce((all, { millicredits }) => all + BigInt(millicredits), 0n);
    expect(sum).toBe(statement?.payg);
    expect(sum).toBe(1_000n);
    expect(await violationsOf(desk.pool, desk.pricing, team)).toEqual([]);
  });

  it('is signed with each of the secrets, and by no other', async () => {
    const team = await oneEvent();
    await allDelivered(team);
    const [hook] = hooks.of(team);
    if (hook === undefined) throw new Error('nothing came');
    const id = `${team}:1`;
    expect(hook.headers['webhook-id']).toBe(id);
    for (const secret of [SECRET, OTHER_SECRET]) {
      expect(verified(hook, secret)).toEqual({
        id,
        type: 'payg.enabled',
        timestamp: expect.any(String),
        team,
        seq: 1,
        data: { capMicroUsd: '1000000', actor },
      });
    }
    const third = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    expect(() => verified(hook, third)).toThrow('No matching signature');
    expect(() => verified({ ...hook, raw: hook.raw.replace('1000000', '2000000') })).toThrow(
      'No matching signature',
    );
  });

  it('that was answered 500 comes again under the same id with the same body, and those behind it go on', async () => {
    hooks.answer(({ body }, earlier) => ({ status: body.seq === 1 && earlier === 0 ? 500 : 204 }));
    const team = await oneEvent();
    await desk.client.setPayAsYouGo(team, { actor, enabled: false });
    await allDelivered(team);
    const first = hooks.of(team).filter(({ body }) => body.seq === 1);
    expect(first).toHaveLength(2);
    expect(new Set(first.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${team}:1`]));
    expect(first[1]?.raw).toBe(first[0]?.raw);
    for (const hook of first) verified(hook);
    expect(hooks.of(team).filter(({ body }) => body.seq === 2)).toHaveLength(1);
  });

  it('is not sent before the time a Retry-After names', async () => {
    hooks.answer((_hook, earlier) =>
      earlier === 0 ? { status: 429, headers: { 'retry-after': '3' } } : { status: 200 },
    );
    const before = await desk.reader.now();
    const team = await oneEvent();
    const due = await eventually(async () => {
      const [event] = await stored(team);
      expect(event?.lastError).toBe('HTTP 429');
      return event?.due ?? 0;
    });
    expect(due).toBeGreaterThanOrEqual(before + 3_000);
    const [delivered] = await allDelivered(team);
    expect(delivered?.deliveredAt).toBeGreaterThanOrEqual(due);
    expect(hooks.of(team)).toHaveLength(2);
  });

  it('is dead after its last attempt, is sent no more, and a retry brings it back', async () => {
    const team = uniqueName('redirected');
    hooks.answer(({ body }) =>
      body.team === team
        ? { status: 302, headers: { location: 'https://elsewhere.example' } }
        : { status: 204 },
    );
    const settings = { plan: 'solo', anchor: '2026-11-01T00:00:00' };
    await desk.client.upsertTeam(team, settings);
    await desk.client.setPayAsYouGo(team, { actor, enabled: true, capUsd: '1.00' });
    const id = { team, event: expect.objectContaining({ seq: 1 }) };
    await eventually(async () => {
      expect(await desk.reader.deadEvents({ limit: 10 })).toEqual([
        expect.objectContaining({
          ...id,
          attempts: ATTEMPTS,
          lastError: 'HTTP 302 (redirects are not followed)',
        }),
      ]);
    });
    expect(hooks.of(team)).toHaveLength(ATTEMPTS);
    expect(await desk.reader.eventCounts()).toEqual({ pending: 0, dead: 1, oldestPendingMs: null });

    hooks.answer(() => ({ status: 200 }));
    await desk.client.retryEvents({ team, seq: 1 });
    await allDelivered(team);
    expect(hooks.of(team)).toHaveLength(ATTEMPTS + 1);
    expect(await desk.reader.eventCounts()).toMatchObject({ dead: 0 });
  });

  it('answered 410 is dead at once', async () => {
    hooks.answer(() => ({ status: 410 }));
    const team = await oneEvent();
    await eventually(async () => (await stored(team))[0]?.status === 'dead');
    expect(hooks.of(team)).toHaveLength(1);
    hooks.answer(() => ({ status: 200 }));
    await desk.client.retryEvents();
    await allDelivered(team);
  });
});

describe('thresholds', () => {
  it('fire once a period each, two at once where a charge jumps over two, and again after the reset', async () => {
    const team = await desk.team('solo', {
      alerts: { percent: [50, 75, 90, 100], paygUsd: ['0.005', '0.01'] },
    });
    await desk.client.setPayAsYouGo(team, { actor, enabled: true, capUsd: '1.00' });
    await desk.ledger.submit(admitting(team, 'run'));
    for (const [key, credits] of [
      ['a', 40],
      ['b', 1],
      ['c', 9],
      ['d', 12],
      ['e', 1],
    ] as const) {
      await desk.ledger.submit(committing(team, 'run', key, credits));
    }
    await movePastResets(desk.pool, desk.reader, team, 1);
    await desk.ledger.submit(committing(team, 'run', 'f', 25));
    // No workflow is behind it: reconcile must not look for one.
    await desk.ledger.submit({ kind: 'close', team, runId: 'run', reason: 'completed' });
    await allDelivered(team);
    const told = hooks.of(team).flatMap(({ body: { type, data } }) => {
      if (type === 'usage.threshold') return [`${String(data['period'])}: ${String(data['percent'])} %`];
      return type === 'payg.threshold' ? [`${String(data['period'])}: ${String(data['microUsd'])}`] : [];
    });
    const [first = NaN] = (await desk.reader.statements(team)).slice(-1).map(({ period }) => period.index);
    expect(told).toEqual([
      ...['50 %', '75 %', '90 %', '100 %', '5000', '10000'].map((what) => `${String(first)}: ${what}`),
      `${String(first + 1)}: 50 %`,
    ]);
  });
});

describe('delivery', () => {
  it('drains a thousand events of several teams, each team in its order', async () => {
    const EACH = 100;
    const teams = await Promise.all(Array.from({ length: 10 }, () => desk.team('solo')));
    await Promise.all(
      teams.map(async (team) => {
        for (let count = 0; count < EACH; count += 1) {
          const requestId = `${team}-${String(count)}`;
          await desk.ledger.submit({ kind: 'setPayg', team, enabled: true, cap: null, actor, requestId });
        }
      }),
    );
    for (const team of teams) {
      expect(await allDelivered(team)).toHaveLength(EACH);
      expect(hooks.of(team).map(({ body }) => body.seq)).toEqual(
        Array.from({ length: EACH }, (_, index) => index + 1),
      );
    }
  });

  it('leaves a webhook that takes nothing alone for a while, instead of trying every event on it', async () => {
    const MANY = 100;
    hooks.answer(() => ({ status: 503 }));
    const team = await desk.team('solo');
    await Promise.all(
      Array.from({ length: MANY }, (_, index) => {
        const requestId = String(index);
        return desk.ledger.submit({ kind: 'setPayg', team, enabled: true, cap: null, actor, requestId });
      }),
    );
    const delivery = desk.temporal.workflow.getHandle(deliverEventsId(desk.taskQueue));
    await eventually(async () => {
      const view = await delivery.query<DeliverEventsView>(EVENTS.view);
      return view.waits === 'webhook';
    });
    expect(hooks.of(team).length).toBeLessThan(MANY / 2);
    hooks.answer(() => ({ status: 204 }));
    await allDelivered(team);
  });

  it('leaves when it has nothing to do, and its history holds neither address nor secret', async () => {
    const team = await oneEvent();
    await allDelivered(team);
    const handle = desk.temporal.workflow.getHandle(deliverEventsId(desk.taskQueue));
    await handle.result();
    const history = JSON.stringify(await handle.fetchHistory());
    for (const secret of [hooks.url, 'not-for-logs', SECRET, OTHER_SECRET]) {
      expect(history).not.toContain(secret);
      expect(history).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  });

  it('that was lost is taken up by reconcile, which deletes what is old', async () => {
    const team = await oneEvent();
    await allDelivered(team);
    await desk.temporal.workflow.getHandle(deliverEventsId(desk.taskQueue)).result();
    // As if the process had died after its commit.
    await desk.pool.query(
      "UPDATE flow_credits.events SET status = 'pending', delivered_at_ms = NULL WHERE team_id = $1",
      [team],
    );
    await reconcile();
    await allDelivered(team);
    expect(hooks.of(team)).toHaveLength(2);

    await moveClock(desk.pool, 31 * DAY_MS);
    const fresh = await oneEvent();
    await allDelivered(fresh);
    await reconcile();
    expect(await stored(team)).toEqual([]);
    expect(await stored(fresh)).toHaveLength(1);
  });

  function reconcile(): Promise<unknown> {
    return desk.temporal.workflow.execute(WORKFLOWS.reconcile, {
      workflowId: uniqueName('reconcile'),
      taskQueue: desk.taskQueue,
      args: [{}],
    });
  }
});

describe('a worker', () => {
  it('with kinds of its own sends those alone; the others are kept for the feed', async () => {
    const webhook = { url: hooks.url, secrets: [SECRET], kinds: ['payg.disabled'] as const };
    const picky = await openDesk({ worker: { events: { webhook }, delivery: { lingerMs: 200 } } });
    const team = await picky.team('solo');
    await picky.client.setPayAsYouGo(team, { actor, enabled: true, uncapped: true });
    await picky.client.setPayAsYouGo(team, { actor, enabled: false });
    await eventually(async () => {
      const events = await picky.client.events(team);
      expect(events.map(({ status }) => status)).toEqual(['kept', 'delivered']);
    });
    expect(hooks.of(team).map(({ body }) => body.type)).toEqual(['payg.disabled']);
  });

  it('that gets a webhook later has it sent what was kept, the oldest first', async () => {
    const idle = await openDesk({ working: false });
    const team = uniqueName('team');
    await idle.ledger.submit(newTeam(team));
    for (const requestId of ['on', 'off']) {
      const enabled = requestId === 'on';
      await idle.ledger.submit({ kind: 'setPayg', team, enabled, cap: null, actor, requestId });
    }
    const worker = await createFlowCreditsWorker({
      ...idle,
      connection: await testNativeConnection(),
      namespace: testNamespace(),
      workflowBundle: await workflowBundle({ workflowsPath: require.resolve('../../src/workflows') }),
      events: { webhook: { url: hooks.url, secrets: [SECRET] } },
      delivery: { lingerMs: 0 },
    });
    const running = worker.run();
    await eventually(() => hooks.of(team).length === 2);
    worker.shutdown();
    await running;
    expect(arrived(team)).toEqual(['payg.enabled', 'payg.disabled']);
  });

  it('without a webhook starts nothing, and the feed is there', async () => {
    const silent = await openDesk();
    const team = await silent.team('solo');
    await silent.client.setPayAsYouGo(team, { actor, enabled: true, uncapped: true });
    expect(await silent.client.events(team)).toMatchObject([
      { event: { kind: 'payg.enabled' }, status: 'pending' },
    ]);
    const delivery = silent.temporal.workflow.getHandle(deliverEventsId(silent.taskQueue));
    await expect(delivery.describe()).rejects.toThrow(/not found/i);
    // Somebody asks for a retry all the same: it finds nothing to send to, and leaves.
    await silent.client.retryEvents({});
    await delivery.result();
    await expect(delivery.query(EVENTS.view)).resolves.toMatchObject({ delivered: 0, failed: 0 });
    expect(await silent.client.events(team)).toMatchObject([{ status: 'pending', attempts: 0 }]);
    expect(hooks.of(team)).toEqual([]);
  });
});
