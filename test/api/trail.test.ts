import { once } from 'node:events';
import { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Operation } from '../../src/api/access';
import { COMMANDS } from '../../src/api/command';
import { apiLogger } from '../../src/api/logging';
import { eventually, uniqueName } from '../support';
import { callsInTurn } from '../workflows/desk';
import { COMMAND_CASES, type CommandCase } from './command-cases';
import { openApiDesk, type ApiDesk } from './desk';

const lines: string[] = [];
let desk: ApiDesk;
let changing: readonly string[];
/** What a start of a run waits for. */
let beforeStart: () => Promise<unknown> = () => Promise.resolve();

beforeAll(async () => {
  // The level at which a busy server runs: the trail is no less for it.
  const logger = apiLogger({ level: 'error', stream: { write: (line) => void lines.push(line) } });
  desk = await openApiDesk({
    api: ({ client }) => ({
      logger,
      client: Object.create(client, {
        startRunOnce: {
          value: async (...args: Parameters<typeof client.startRunOnce>) => {
            await beforeStart();
            return client.startRunOnce(...args);
          },
        },
      }) as typeof client,
    }),
  });
  desk.gate.open();
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))) })
    .parse((await desk.app.inject('/openapi.json')).json());
  changing = Object.values(paths)
    .flatMap((methods) => Object.entries(methods))
    .flatMap(([method, { operationId }]) => (method === 'get' ? [] : [operationId]))
    .sort();
});

type Asked = Pick<CommandCase, 'operation' | 'status' | 'plan' | 'prepare' | 'method' | 'path' | 'body'>;

/** Those that are not done twice in `COMMAND_CASES`. */
const MORE: readonly Asked[] = [
  {
    operation: 'startRun',
    status: 201,
    method: 'POST',
    prepare: ({ gate }) => Promise.resolve(gate.url),
    path: () => '/runs',
    get body() {
      return { flow: callsInTurn(desk.gate.url, ['a']), trigger: 'api' };
    },
  },
  {
    operation: 'cancelRun',
    status: 202,
    method: 'POST',
    prepare: async (_, team) => {
      await desk.client.setTeamStatus(team, { actor: 'test', status: 'active' });
      const run = await desk.start(team, ['a']);
      await run.result();
      return run.workflowId;
    },
    path: (run) => `/runs/${run}/cancel`,
    body: {},
  },
  {
    operation: 'putTeam',
    status: 200,
    method: 'PUT',
    path: () => '',
    body: { plan: 'team', anchor: '2026-11-01T00:00:00', runLimitCredits: '5' },
  },
];

/** What changes no balance and no setting is no entry: the log is its trail. */
const IN_THE_LOG_ALONE: ReadonlySet<Operation> = new Set<Operation>(['startRun', 'cancelRun']);

const auditsSchema = z.object({
  items: z.array(z.looseObject({ actor: z.string(), requestId: z.string().nullable(), kind: z.string() })),
});

async function auditOf(team: string): Promise<z.infer<typeof auditsSchema>['items']> {
  const answer = await desk.ask(`/v1/teams/${team}/audit?limit=100`, { role: 'operator' });
  return auditsSchema.parse(answer.json()).items;
}

function logged(key: string): unknown[] {
  return lines.map((line) => JSON.parse(line) as unknown).filter((line) => keyOf(line) === key);
}

function keyOf(line: unknown): string | null {
  const parsed = z.object({ audit: z.object({ idempotencyKey: z.string() }) }).safeParse(line);
  return parsed.success ? parsed.data.audit.idempotencyKey : null;
}

describe('the trail', () => {
  it('is kept of every operation of the document that is no read', () => {
    // An estimate is asked for with a body, and changes nothing.
    expect(changing).toEqual([...COMMANDS, 'estimateFlow'].sort());
  });

  it('of each command has who, and under which request id', async () => {
    const cases: readonly Asked[] = [...COMMAND_CASES, ...MORE];
    expect([...new Set(cases.map(({ operation }) => operation))].sort()).toEqual([...COMMANDS].sort());
    for (const { operation, status, plan = 'solo', prepare, method, path, body } of cases) {
      const team = await desk.team(plan);
      const prepared = (await prepare?.(desk, team)) ?? '';
      const key = uniqueName(operation);
      const answer = await desk.ask(
        `/v1/teams/${team}${path(prepared)}`,
        { role: 'operator' },
        { method, body, headers: { 'idempotency-key': key } },
      );
      const told = { actor: 'operator@test', idempotencyKey: key, requestId: answer.headers['x-request-id'] };
      expect({ operation, status: answer.statusCode, log: logged(key) }).toMatchObject({
        operation,
        status,
        log: [{ level: 'info', audit: { operation, team, status, ...told } }],
      });
      const rows = (await auditOf(team)).filter(({ actor }) => actor === 'operator@test');
      const ids = [...new Set(rows.map(({ requestId }) => requestId))];
      expect({ operation, ids }).toEqual({ operation, ids: IN_THE_LOG_ALONE.has(operation) ? [] : [key] });
    }
  });

  it('has a command whose caller did not wait for the answer', async () => {
    const team = await desk.team('solo');
    const key = uniqueName('gone');
    const address = new URL(await desk.app.listen({ port: 0, host: '127.0.0.1' }));
    const body = JSON.stringify({ flow: callsInTurn(desk.gate.url, ['a']), trigger: 'api' });
    const closed = once(desk.app.server, 'request').then(([, response]) =>
      once(z.instanceof(ServerResponse).parse(response), 'close'),
    );
    // It is taken up, and done when nobody is there any more who is answered.
    const taken = new Promise<void>((resolve) => {
      beforeStart = () => {
        resolve();
        return closed;
      };
    });
    const socket = connect(Number(address.port), address.hostname);
    socket.write(
      `POST /v1/teams/${team}/runs HTTP/1.1\r\nhost: test\r\nidempotency-key: ${key}\r\n` +
        `authorization: Bearer ${await desk.token({ role: 'developer', team })}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await taken;
    socket.destroy();
    await eventually(() => {
      expect(logged(key)).toMatchObject([
        { audit: { operation: 'startRun', actor: 'developer@test', team } },
      ]);
    });
  });
});
