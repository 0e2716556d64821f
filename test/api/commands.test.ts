import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type FlowInput } from '../../src/contracts/flow';
import { type CommandRecord } from '../../src/api';
import { eventually } from '../support';
import { callsInTurn } from '../workflows/desk';
import { openApiDesk, type ApiDesk } from './desk';

let desk: ApiDesk;
const records: CommandRecord[] = [];
beforeAll(async () => {
  desk = await openApiDesk({ api: { onCommand: (record) => void records.push(record) } });
  desk.gate.open();
});

const operator = { role: 'operator' } as const;
const runSchema = z.object({
  idempotencyKey: z.string(),
  runId: z.string(),
  workflowId: z.string(),
  admission: z.looseObject({ status: z.string() }),
});

function flow(name: string): FlowInput {
  return { ...callsInTurn(`${desk.gate.url}/${name}`, ['a', 'b']), name };
}

describe('starting a run', () => {
  it('answers admitted, waiting or rejected, and the same again to the same key', async () => {
    const team = await desk.team('solo');
    const developer = { role: 'developer', team } as const;
    const url = `/v1/teams/${team}/runs`;
    const body = { flow: flow('once'), trigger: 'api', input: { n: 1 } };
    const headers = { 'idempotency-key': 'order-17' };
    const first = await desk.ask(url, developer, { method: 'POST', body, headers });
    expect(first.statusCode).toBe(201);
    expect(first.headers).toMatchObject({ 'idempotency-key': 'order-17' });
    const started = runSchema.parse(first.json());
    expect(started.admission).toMatchObject({ status: 'admitted', held: '2000' });
    await desk.temporal.workflow.getHandle(started.workflowId).result();
    const again = await desk.ask(url, developer, { method: 'POST', body, headers });
    expect({ status: again.statusCode, body: again.json<unknown>() }).toEqual({
      status: 201,
      body: first.json<unknown>(),
    });
    const other = await desk.ask(url, developer, {
      method: 'POST',
      body: { ...body, input: { n: 2 } },
      headers,
    });
    expect({ status: other.statusCode, body: other.json<unknown>() }).toMatchObject({
      status: 409,
      body: { type: 'urn:flow-credits:problem:request-conflict' },
    });
    const runs = await desk.ask(url, developer);
    expect(runs.json()).toMatchObject({ items: [{ workflowId: started.workflowId }], nextCursor: null });

    const empty = await desk.emptyTeam('solo');
    const waiting = await desk.ask(
      `/v1/teams/${empty}/runs`,
      { role: 'developer', team: empty },
      { method: 'POST', body },
    );
    expect(waiting.statusCode).toBe(202);
    expect(waiting.json()).toMatchObject({ admission: { status: 'waiting', place: 1, reason: 'spent' } });
    const key = runSchema.parse(waiting.json()).idempotencyKey;
    expect(waiting.headers['idempotency-key']).toBe(key);
    const waitsStill = await desk.ask(
      `/v1/teams/${empty}/runs`,
      { role: 'developer', team: empty },
      { method: 'POST', body, headers: { 'idempotency-key': key } },
    );
    expect(waitsStill.json()).toEqual(waiting.json());

    const bad = {
      ...body,
      flow: { name: 'bad', blocks: [{ id: 'x', type: 'htp-request' }], connections: [] },
    };
    const rejected = await desk.ask(url, developer, {
      method: 'POST',
      body: bad,
      headers: { 'idempotency-key': 'bad' },
    });
    expect({ status: rejected.statusCode, body: rejected.json<unknown>() }).toMatchObject({
      status: 422,
      body: { reason: 'invalid-flow', errors: [{ in: 'body', path: 'blocks[0].type' }] },
    });
    const rejectedAgain = await desk.ask(url, developer, {
      method: 'POST',
      body: bad,
      headers: { 'idempotency-key': 'bad' },
    });
    expect(rejectedAgain.json()).toMatchObject({ reason: 'invalid-flow' });
    await eventually(() => {
      expect(records).toContainEqual(
        expect.objectContaining({
          operation: 'startRun',
          actor: 'developer@test',
          team,
          idempotencyKey: 'order-17',
          status: 201,
        }),
      );
    });
    expect(operator.role).toBe('operator');
  });
});
