import { beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '../support';
import { openApiDesk, type ApiDesk, type Asked } from './desk';

let desk: ApiDesk;
beforeAll(async () => {
  desk = await openApiDesk();
  desk.gate.open();
});

const operator = { role: 'operator' } as const;
const month = new Date(Date.now() + 40 * 86_400_000).toISOString();

/** A command twice with one payload, then with another, under one key. */
interface Case {
  readonly name: string;
  readonly status: number;
  readonly prepare?: (team: string) => Promise<string>;
  readonly plan?: string;
  readonly method: 'POST' | 'PUT';
  readonly path: (prepared: string) => string;
  readonly body: unknown;
  readonly other: unknown;
  readonly answer: unknown;
}

async function runOf(team: string): Promise<string> {
  const run = await desk.start(team, ['a', 'b']);
  await run.result();
  return run.workflowId;
}

async function waitingOf(team: string): Promise<string> {
  const spendable = (await desk.reader.team(team))?.spendable ?? 0n;
  await desk.client.adjustCredits(team, {
    actor: 'test',
    credits: `-${spendable / 1000n}`,
    reason: 'to the last one',
  });
  return (await desk.start(team, ['a', 'b'])).workflowId;
}

const CASES: readonly Case[] = [
  {
    name: 'setPayAsYouGo',
    status: 200,
    method: 'PUT',
    path: () => '/pay-as-you-go',
    body: { enabled: true, capUsd: '25.00' },
    other: { enabled: true, capUsd: '26.00' },
    answer: { enabled: true, stillCharged: '0' },
  },
  {
    name: 'changePlan',
    status: 200,
    method: 'PUT',
    path: () => '/plan',
    body: { plan: 'team' },
    other: { plan: 'enterprise' },
    answer: { counts: 'now', granted: '50000' },
  },
  {
    name: 'buyPack',
    status: 201,
    plan: 'enterprise',
    method: 'POST',
    path: () => '/packs',
    body: { credits: '1000', expiresAt: month, note: 'first', paid: { amount: '8.00', currency: 'EUR' } },
    other: { credits: '1001' },
    answer: { pack: 2 },
  },
  {
    name: 'voidPack',
    status: 200,
    plan: 'enterprise',
    prepare: async (team) => {
      const bought = await desk.client.addCredits(team, { actor: 'test', credits: '7' });
      return bought.status === 'done' ? String(bought.grant) : '';
    },
    method: 'POST',
    path: (pack) => `/packs/${pack}/void`,
    body: { reason: 'ordered twice' },
    other: { reason: 'another' },
    answer: { withdrawn: '7000' },
  },
  {
    name: 'adjustCredits',
    status: 201,
    method: 'POST',
    path: () => '/adjustments',
    body: { credits: '12.5', reason: 'sorry' },
    other: { credits: '12.6', reason: 'sorry' },
    answer: { millicredits: '12500' },
  },
  {
    name: 'setTeamStatus',
    status: 200,
    method: 'PUT',
    path: () => '/status',
    body: { status: 'suspended' },
    other: { status: 'active' },
    answer: { status: 'suspended' },
  },
  {
    name: 'reverseRun, one line',
    status: 201,
    prepare: runOf,
    method: 'POST',
    path: (run) => `/runs/${run}/reversals`,
    body: { key: 'a', line: 0, reason: 'down' },
    other: { key: 'b', line: 0, reason: 'down' },
    answer: { reversed: '1000', charges: 1 },
  },
  {
    name: 'reverseRun, all',
    status: 201,
    prepare: runOf,
    method: 'POST',
    path: (run) => `/runs/${run}/reversals`,
    body: { reason: 'down' },
    other: { reason: 'up' },
    answer: { reversed: '2000', charges: 2 },
  },
  {
    name: 'discardRun',
    status: 200,
    prepare: waitingOf,
    method: 'POST',
    path: (run) => `/runs/${run}/discard`,
    body: { reason: 'stale' },
    other: { reason: 'old' },
    answer: { discarded: 1, more: false },
  },
  {
    name: 'discardLine',
    status: 200,
    prepare: waitingOf,
    method: 'POST',
    path: () => '/line/discard',
    body: { reason: 'stale', trigger: 'api' },
    other: { reason: 'stale', trigger: 'mcp' },
    answer: { discarded: 1, more: false },
  },
];

describe('a command under one key', () => {
  it.each(CASES)(
    '$name: is done once, answers the same again, and conflicts with another payload',
    async (one) => {
      const team = await desk.team(one.plan ?? 'solo');
      const url = `/v1/teams/${team}${one.path((await one.prepare?.(team)) ?? '')}`;
      const key = uniqueName('key');
      const asked: Asked = { method: one.method, headers: { 'idempotency-key': key } };
      const first = await desk.ask(url, operator, { ...asked, body: one.body });
      expect({ status: first.statusCode, body: first.json<unknown>() }).toEqual({
        status: one.status,
        body: { idempotencyKey: key, ...(one.answer as object) },
      });
      const entries = (await desk.reader.audit(team, { limit: 100 })).length;
      const again = await desk.ask(url, operator, { ...asked, body: one.body });
      expect({ status: again.statusCode, body: again.json<unknown>() }).toEqual({
        status: one.status,
        body: first.json<unknown>(),
      });
      const other = await desk.ask(url, operator, { ...asked, body: one.other });
      expect({ status: other.statusCode, body: other.json<unknown>() }).toMatchObject({
        status: 409,
        body: { type: 'urn:flow-credits:problem:request-conflict', reason: 'request-conflict' },
      });
      const audit = await desk.reader.audit(team, { limit: 100 });
      expect(audit).toHaveLength(entries);
      expect(audit.map(({ actor }) => actor)).toContain('operator@test');
    },
  );

  it('without one gets a key, and tells it', async () => {
    const team = await desk.team('solo');
    const url = `/v1/teams/${team}/adjustments`;
    const body = { credits: '1', reason: 'sorry' };
    const first = await desk.ask(url, operator, { method: 'POST', body });
    const { idempotencyKey } = first.json<{ idempotencyKey: string }>();
    expect(first.headers['idempotency-key']).toBe(idempotencyKey);
    const again = await desk.ask(url, operator, {
      method: 'POST',
      body,
      headers: { 'idempotency-key': idempotencyKey },
    });
    expect(again.json()).toEqual(first.json());
    expect((await desk.reader.team(team))?.balances.adjustment.available).toBe(1000n);
  });

  it('putTeam needs none: the same again changes nothing', async () => {
    const team = uniqueName('put');
    const body = {
      plan: 'team',
      anchor: '2026-11-01T00:00:00',
      timeZone: 'Europe/Berlin',
      runLimitCredits: '5',
    };
    const put = async (): Promise<unknown> => {
      const answer = await desk.ask(`/v1/teams/${team}`, operator, { method: 'PUT', body });
      return { status: answer.statusCode, body: answer.json<unknown>() };
    };
    expect(await put()).toEqual({ status: 201, body: { team, outcome: 'created' } });
    expect(await put()).toEqual({ status: 200, body: { team, outcome: 'unchanged' } });
    expect(await desk.reader.audit(team, { limit: 5 })).toMatchObject([{ actor: 'operator@test' }]);
  });

  it('cancelRun: is asked once and again, and never reaches a later run of the same workflow id', async () => {
    const team = await desk.team('enterprise');
    const waiting = await desk.emptyTeam('solo');
    const run = await desk.start(waiting, ['a']);
    const url = `/v1/teams/${waiting}/runs/${encodeURIComponent(run.runId)}/cancel`;
    const developer = { role: 'developer', team: waiting } as const;
    const cancel = async (key: string): Promise<unknown> => {
      const headers = { 'idempotency-key': key };
      const answer = await desk.ask(url, developer, { method: 'POST', body: { reason: 'mistake' }, headers });
      return { status: answer.statusCode, body: answer.json<unknown>() };
    };
    const { runId, workflowId } = run;
    const answer = (key: string): unknown => ({
      status: 202,
      body: { idempotencyKey: key, runId, workflowId },
    });
    expect(await cancel('stop')).toEqual(answer('stop'));
    await expect(run.result()).rejects.toThrow();
    expect(await cancel('stop')).toEqual(answer('stop'));
    const { events } = await desk.temporal.workflow.getHandle(workflowId).fetchHistory();
    const asked = (events ?? []).flatMap(
      (event) => event.workflowExecutionCancelRequestedEventAttributes ?? [],
    );
    expect(asked.map(({ identity, cause }) => ({ identity, cause }))).toEqual([
      { identity: 'developer@test', cause: 'mistake' },
    ]);
    // The id is another team's run by now.
    desk.gate.shut();
    const later = await desk.start(team, ['slow'], { workflowId });
    expect(await cancel('late')).toEqual(answer('late'));
    desk.gate.open();
    await expect(later.result()).resolves.toMatchObject({ charged: '1000' });
  });
});
