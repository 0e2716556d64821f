import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Client } from '@temporalio/client';
import { deliverEventsId, TASK_QUEUE } from '../../src/contracts/names';
import { openLedger, type Ledger } from '../../src/ledger';
import { loadPricing } from '../../src/pricing';
import { newTeam } from '../ledger/store/scene';
import { atEnd, sharedServers, testClient, testDatabase, uniqueName } from '../support';
import { cli, type Ended } from './cli';

let env: Record<string, string>;
let ledger: Ledger;
let temporal: Client;
let team: string;

beforeAll(async () => {
  const database = await testDatabase();
  const { temporalAddress, namespace } = sharedServers();
  env = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace };
  temporal = await testClient();
  ledger = await openLedger({ databaseUrl: database.url, rules: loadPricing() });
  atEnd(() => ledger.close());
  team = uniqueName('team');
  await ledger.submit(newTeam(team));
  for (const requestId of ['on', 'off', 'again']) {
    const enabled = requestId !== 'off';
    await ledger.submit({ kind: 'setPayg', team, enabled, cap: null, actor: 'olga', requestId });
  }
  await ledger.outbox.delivered({ team, seq: 1 });
  await ledger.outbox.failed({ team, seq: 2 }, { error: 'HTTP 404', againInMs: null });
});

function events(...args: string[]): Promise<Ended> {
  return cli(['events', ...args], '', env);
}

describe('flow-credits events list', () => {
  it('prints a team’s events in order, and how their delivery went', async () => {
    const { status, out, err } = await events('list', '--team', team);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const [head, ...rows] = out.trimEnd().split('\n');
    expect(head).toMatch(/^id +at +kind +delivery +says$/);
    expect(
      rows.map((row) => row.split(/ {2,}/)).map(([id, , kind, delivery]) => [id, kind, delivery]),
    ).toEqual([
      [`${team}:1`, 'payg.enabled', 'delivered'],
      [`${team}:2`, 'payg.disabled', 'dead (1 tried: HTTP 404)'],
      [`${team}:3`, 'payg.enabled', 'pending'],
    ]);
  });

  it('prints JSON from a number on and by kind', async () => {
    const { out } = await events('list', '--team', team, '--after', '1', '--kind', 'payg.enabled', '--json');
    expect(JSON.parse(out)).toEqual({
      team,
      events: [
        {
          id: `${team}:3`,
          team,
          seq: 3,
          type: 'payg.enabled',
          timestamp: expect.stringMatching(/Z$/),
          data: { capMicroUsd: null, actor: 'olga' },
          delivery: {
            status: 'pending',
            attempts: 0,
            nextAttempt: expect.stringMatching(/Z$/),
            lastError: null,
            deliveredAt: null,
          },
        },
      ],
    });
  });

  it.each([
    [['list', '--team', 'nobody'], /^error: .*"?nobody"?.*\n$/],
    [['list', '--team', 'x', '--kind', 'payg'], /^error: --kind payg: must be one of run\.waiting, .*\n$/],
    [['list', '--team', 'x', '--after', '-1'], /^error: --after -1: must be a whole number.*\n$/],
    [['list'], /^error: required option '--team <team>' not specified \(help: .*\)\n$/],
    [['retry', '--id', 'acme'], /^error: --id acme: must be TEAM:NUMBER, such as acme:121\n$/],
    [
      ['retry', '--id', 'acme:9'],
      /^error: event acme:9 is unknown: see "flow-credits events list --team acme"\n$/,
    ],
    [['retry', '--id', 'acme:9', '--team', 'acme'], /^error: .*cannot be used with option.*\n$/],
  ])('says in one line what is wrong: %j', async (args, message) => {
    const { status, out, err } = await events(...args);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('flow-credits events dead and retry', () => {
  it('show what was given up, and have it delivered again by the workflow', async () => {
    const dead = await events('dead', '--json');
    expect(JSON.parse(dead.out)).toEqual({
      pending: 1,
      dead: 1,
      oldestPendingMs: expect.any(Number),
      events: [
        expect.objectContaining({ id: `${team}:2`, delivery: expect.objectContaining({ attempts: 1 }) }),
      ],
    });
    expect((await events('dead')).out).toMatch(/1 dead; 1 to be delivered, the oldest for \d+ s\n$/);

    const notDead = await events('retry', '--id', `${team}:1`);
    expect(notDead.err).toBe(
      `error: event ${team}:1 is delivered, not dead: only what was given up is put back\n`,
    );

    const retried = await events('retry', '--id', `${team}:2`, '--json');
    expect({ ...retried, out: JSON.parse(retried.out) as unknown }).toEqual({
      status: 0,
      err: '',
      out: { team, seq: 2, retried: 1 },
    });
    // Nobody works on that task queue here: the command only asks.
    const delivery = temporal.workflow.getHandle(deliverEventsId(TASK_QUEUE));
    const { events: history } = await delivery.fetchHistory();
    const [signal] = (history ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    expect(signal?.signalName).toBe('retryEvents');
    await delivery.terminate('test');
    expect((await events('retry', '--team', team)).out).toBe('one event will be delivered again\n');
    await delivery.terminate('test');
  });
});
