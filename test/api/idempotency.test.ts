import { beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '../support';
import { COMMAND_CASES } from './command-cases';
import { openApiDesk, type ApiDesk, type Asked } from './desk';

let desk: ApiDesk;
beforeAll(async () => {
  desk = await openApiDesk();
  desk.gate.open();
});

const operator = { role: 'operator' } as const;

describe('a command under one key', () => {
  it.each(COMMAND_CASES)(
    '$operation $kind: is done once, answers the same again, and conflicts with another payload',
    async (one) => {
      const team = await desk.team(one.plan ?? 'solo');
      const url = `/v1/teams/${team}${one.path((await one.prepare?.(desk, team)) ?? '')}`;
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

  it('putTeam needs none, and is done once under one', async () => {
    const team = uniqueName('put');
    const body = {
      plan: 'team',
      anchor: '2026-11-01T00:00:00',
      timeZone: 'Europe/Berlin',
      runLimitCredits: '5',
    };
    const put = async (key: string | null, more: object = {}): Promise<unknown> => {
      const answer = await desk.ask(`/v1/teams/${team}`, operator, {
        method: 'PUT',
        body: { ...body, ...more },
        headers: key === null ? {} : { 'idempotency-key': key },
      });
      return { status: answer.statusCode, body: answer.json<unknown>() };
    };
    const created = { status: 201, body: { idempotencyKey: 'first', team, outcome: 'created' } };
    expect(await put('first')).toEqual(created);
    expect(await put(null)).toMatchObject({ status: 200, body: { team, outcome: 'unchanged' } });
    expect(await put('limit', { runLimitCredits: '6' })).toMatchObject({ body: { outcome: 'updated' } });
    // Repeated, as by somebody who did not hear the answer: nothing of what came since is undone.
    expect(await put('first')).toEqual(created);
    expect(await put('first', { runLimitCredits: '7' })).toMatchObject({
      status: 409,
      body: { type: 'urn:flow-credits:problem:request-conflict' },
    });
    const actor = 'operator@test';
    expect(await desk.reader.audit(team, { limit: 5 })).toMatchObject([
      { actor, requestId: 'limit', setting: { runLimit: '6000' } },
      { actor, requestId: 'first', setting: { runLimit: '5000' } },
    ]);
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
