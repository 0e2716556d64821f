import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { z } from 'zod';
import { BlockError } from '../../src/activities/blocks';
import { type FlowInput } from '../../src/contracts/flow';
import { type Json } from '../../src/contracts/json';
import { defineBlock } from '../../src/contracts/own-blocks';
import { json, startServer, type TestServer } from '../activities/blocks/support';
import { eventually } from '../support';
import { openDesk, type Desk } from './desk';
import { formsOf, found, historyTexts, ledgerTexts, logTexts, textsOf } from './payload-texts';

/** Characters that every encoder treats in its own way. */
const SECRETS: Readonly<Record<string, string>> = {
  URL_KEY: `url (key) it's/100%+more`,
  HEADER_KEY: 'header "key" 7Hq2',
  BODY_KEY: 'body\\key\n<b>&more',
  CRM_TOKEN: 'crm-token-1234-abcd',
  CRM_PASSWORD: 'crm-password-9876',
  OWN_KEY: 'own-key-5555-zzzz',
};

/** Gives back whatever it was sent, as JSON, in its headers, and with the status its path names. */
let server: TestServer;
let desk: Desk;

/** A platform's own block that hands a secret on as if it were nothing. */
const careless = defineBlock({
  type: 'careless',
  config: z.strictObject({ key: z.string(), fails: z.boolean().default(false) }),
  execute: async ({ config, secret }) => {
    const own = await secret('OWN_KEY');
    if (config.fails) throw new BlockError('Careless', `the keys ${own} and ${config.key} were refused`);
    return { value: { own, key: config.key, encoded: Buffer.from(`me:${own}`).toString('base64') } };
  },
});

beforeAll(async () => {
  server = await startServer(({ method, url, headers, body }, response) => {
    const status = Number(/\/status\/(\d{3})/.exec(url)?.[1] ?? 200);
    response.setHeader('x-echo', encodeURIComponent(String(headers['x-key'] ?? headers.authorization ?? '')));
    const echo = { method, url, headers, body, base64: Buffer.from(`>${body}`).toString('base64') };
    json(response, echo, status);
  });
  desk = await openDesk({
    worker: {
      registry: {
        secrets: { get: (_team, name) => Promise.resolve(SECRETS[name] ?? null) },
        services: {
          crm: {
            baseUrl: server.url,
            auth: { bearer: '{{secret:CRM_TOKEN}}' },
            headers: {},
            operations: {
              get: { method: 'GET', path: '/crm' },
              fail: { method: 'GET', path: '/status/403' },
            },
          },
          mail: {
            baseUrl: server.url,
            auth: { basic: { username: 'us', password: '{{secret:CRM_PASSWORD}}' } },
            headers: {},
            operations: { get: { method: 'GET', path: '/mail' } },
          },
        },
      },
      blocks: [careless],
    },
  });
});
afterAll(() => server.close());

/** Everything in one request: address, query, header, body. */
function request(path: string, more: Record<string, Json> = {}): Record<string, Json> {
  return {
    method: 'POST',
    url: `${server.url}${path}/{{secret:URL_KEY}}`,
    query: { key: '{{secret:URL_KEY}}' },
    headers: { 'x-key': '{{secret:HEADER_KEY}}' },
    body: { json: { key: '{{secret:BODY_KEY}}', nested: ['a {{secret:BODY_KEY}} b'] } },
    ...more,
  };
}

const connector = (service: string, operation: string): Record<string, Json> => ({
  service,
  operation,
  parameters: {},
});

/** Each block on its own, its result or its failure delivered as an output of the run. */
function flowOf(
  blocks: Readonly<Record<string, readonly [type: string, config: Record<string, Json>]>>,
): FlowInput {
  const ids = Object.keys(blocks);
  return {
    name: 'secrets',
    blocks: [
      { id: 'start', type: 'start' },
      ...Object.entries(blocks).map(([id, [type, config]]) => ({ id, type, config })),
      ...ids.map((id) => ({ id: `${id}-next`, type: 'or' })),
      ...ids.map((id) => ({ id: `${id}-out`, type: 'output' })),
    ],
    connections: ids.flatMap((id) => [
      { from: 'start', to: id },
      { from: id, to: `${id}-next` },
      { from: id, port: 'error', to: `${id}-next` },
      { from: `${id}-next`, to: `${id}-out` },
    ]),
  };
}

const values = Object.values(SECRETS);

describe('no secret is in a history', () => {
  it('of a run whose servers give everything back, and of one whose blocks fail', async () => {
    const team = await desk.team('enterprise');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: flowOf({
        echo: ['http-request', request('/echo')],
        refused: ['http-request', request('/status/400', { failOn: ['4xx'] })],
        broken: ['http-request', request('/status/503', { attempts: 2 })],
        crm: ['connector', connector('crm', 'get')],
        forbidden: ['connector', connector('crm', 'fail')],
        mail: ['connector', connector('mail', 'get')],
        own: ['careless', { key: '{{secret:URL_KEY}} of {{ run.team }}' }],
        failing: ['careless', { key: '{{secret:URL_KEY}}', fails: true }],
      }),
    });
    const { outputs } = await run.result();

    // They did reach the servers.
    const asked = server.seen.map(({ url, headers, body }) => JSON.stringify([url, headers, body])).join();
    expect(asked).toContain('crm-token-1234-abcd');
    expect(JSON.parse(server.seen.find(({ url }) => url.startsWith('/echo'))?.body ?? '{}')).toMatchObject({
      key: SECRETS['BODY_KEY'],
    });
    // What came back reads as what it was.
    expect(outputs['echo-out']).toMatchObject({
      body: {
        headers: { 'x-key': '[secret HEADER_KEY]' },
        url: '/echo/[secret URL_KEY]?key=[secret URL_KEY]',
      },
    });
    expect(outputs['crm-out']).toMatchObject({ headers: { authorization: 'Bearer [secret CRM_TOKEN]' } });
    expect(outputs['own-out']).toMatchObject({ own: '[secret OWN_KEY]', key: `[secret URL_KEY] of ${team}` });
    expect(outputs['failing-out']).toMatchObject({
      type: 'Careless',
      message: 'the keys [secret OWN_KEY] and [secret URL_KEY] were refused',
    });
    expect(outputs['refused-out']).toMatchObject({ type: 'HttpStatus' });
    expect(outputs['broken-out']).toMatchObject({ type: 'HttpStatus' });

    const texts = await historyTexts(desk.temporal, run.workflowId);
    expect(texts.join()).toContain('{{secret:BODY_KEY}}');
    expect(found(values, texts)).toEqual([]);
    expect(found(values, textsOf(await desk.client.run(run.workflowId)))).toEqual([]);
    expect(found(values, await ledgerTexts(desk.pool))).toEqual([]);
    expect(found(values, logTexts())).toEqual([]);
  });

  it('nor in its failure, nor in what is told of attempts that are still being made', async () => {
    const team = await desk.team('solo');
    const run = await desk.client.startRun({
      team,
      trigger: 'api',
      flow: {
        name: 'fails',
        blocks: [{ id: 'call', type: 'http-request', config: request('/status/503', { attempts: 3 }) }],
      },
    });
    const handle = desk.temporal.workflow.getHandle(run.workflowId);
    const pending = await eventually(async () => {
      const { raw } = await handle.describe();
      const [activity] = raw.pendingActivities ?? [];
      if (activity?.lastFailure?.message == null) throw new Error('no attempt has failed yet');
      return textsOf(raw);
    });
    expect(pending.join()).toContain('[secret URL_KEY]');
    expect(found(values, pending)).toEqual([]);

    const failure: unknown = await run.result().catch((error: unknown) => error);
    if (!(failure instanceof WorkflowFailedError) || failure.cause === undefined) throw failure;
    expect(failure.cause.message).toContain('[secret URL_KEY]');
    expect(found(values, [failure.cause.message, failure.cause.stack ?? ''])).toEqual([]);
    expect(found(values, await historyTexts(desk.temporal, run.workflowId))).toEqual([]);
  });

  it('which this test would see', () => {
    const [value = ''] = values;
    for (const form of formsOf(value)) expect(found([value], ['x', `a${form}b`])).not.toEqual([]);
    const payload = { data: Buffer.from(JSON.stringify({ value })) };
    expect(found([value], textsOf({ events: [{ input: { payloads: [payload] } }] }))).not.toEqual([]);
  });
});
