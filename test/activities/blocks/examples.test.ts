import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BlockError,
  connectorServicesSchema,
  createBlockRegistry,
  LOOPBACK,
  type BlockRegistry,
} from '../../../src/activities/blocks';
import { type Flow } from '../../../src/contracts/flow';
import { type Json } from '../../../src/contracts/json';
import { validateFlow } from '../../../src/contracts/validate-flow';
import {
  begin,
  delivered,
  failed,
  firstReady,
  outcome,
  outputs,
  startFlow,
  taskOf,
  type FlowState,
} from '../../../src/workflows/interpreter';
import { callWith, json, secretsOf, startServer, type TestServer } from './support';

const folder = join(__dirname, '../../../examples');

function flowOf(name: string): Flow {
  const answer = validateFlow(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults));
  return answer.flow;
}

let server: TestServer;
let registry: BlockRegistry;

const CUSTOMERS: Readonly<Record<string, Json>> = {
  '/customers/1': { id: '1', name: 'Ada', plan: 'enterprise', email: 'ada@example.com' },
  '/customers/2': { id: '2', name: 'Bob', plan: 'team', email: 'bob@example.com' },
  '/customers/3': { id: '3', name: 'Eve', plan: 'free', email: 'eve@example.com' },
};

beforeAll(async () => {
  server = await startServer(({ url, body }, response) => {
    const customer = CUSTOMERS[url];
    if (customer !== undefined) json(response, customer);
    else if (url.startsWith('/customers/') && url.endsWith('/manager')) json(response, { manager: 'Grace' });
    else if (url.startsWith('/customers/')) json(response, { message: 'not found' }, 404);
    else if (url.startsWith('/prices/')) json(response, { price: url.length });
    else if (url === '/reminders' && body.includes('nobody'))
      json(response, { message: 'no such address' }, 422);
    else json(response, { at: url });
  });
  const services: unknown = JSON.parse(readFileSync(join(folder, 'connectors/services.json'), 'utf8'));
  const { crm } = connectorServicesSchema.parse(services);
  if (crm === undefined || crm.kind === 'postgres') throw new Error('the example services have no crm');
  registry = createBlockRegistry({
    httpAllow: LOOPBACK,
    services: { crm: { ...crm, baseUrl: server.url } },
    secrets: secretsOf({ CRM_TOKEN: 'crm-token-1234', REMINDER_TOKEN: 'reminder-token-1234' }),
  });
});
afterAll(async () => {
  await registry.close();
  await server.close();
});
beforeEach(() => {
  server.seen.length = 0;
});

/** Runs an example with the real interpreter and blocks, one block at a time. Delays do not wait. */
async function run(name: string, input: Json): Promise<Record<string, Json>> {
  const flow = flowOf(name);
  let state: FlowState = startFlow(flow, input);
  while (outcome(state) === 'running') {
    const key = firstReady(state, flow);
    const task = key === null ? null : taskOf(state, flow, key);
    if (key === null || task === null || task.kind === 'rest') {
      throw new Error('nothing is ready, and the run has not ended');
    }
    state = begin(state, flow, key);
    try {
      state = delivered(state, flow, key, await registry.run(task.block, callWith(task.inputs)));
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      state = failed(state, flow, key, error);
    }
  }
  if (state.failure !== null) throw new Error(state.failure.message);
  return outputs(state, flow);
}

describe('the examples', () => {
  it('hello', async () => {
    expect(await run('hello', { name: 'Ada' })).toEqual({ greeting: 'Hello, Ada!' });
    expect(await run('hello', {})).toEqual({ greeting: 'Hello, world!' });
  });

  it('local-logic', async () => {
    expect(await run('local-logic', { items: [{ price: 60, quantity: 2 }] })).toEqual({
      invoice: { total: 108, items: 1, discount: '10%' },
    });
    expect(await run('local-logic', { items: [{ price: 6, quantity: 2 }] })).toEqual({
      invoice: { total: 12, items: 1 },
    });
  });

  it('eight-requests', async () => {
    const { last } = await run('eight-requests', { baseUrl: server.url });
    expect(last).toMatchObject({ status: 200, body: { at: '/steps/8' } });
    expect(server.seen.map(({ url }) => url)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `/steps/${n}`));
  });

  it('order-check', async () => {
    const order = (price: number): Json => ({ id: 'o1', items: [{ sku: 'a', quantity: 2, price }] });
    const baseUrl = server.url;
    expect(await run('order-check', { baseUrl, order: order(3) })).toEqual({
      accepted: { id: 'o1', total: 6 },
    });
    expect(server.seen).toHaveLength(0);
    expect(await run('order-check', { baseUrl, order: order(300) })).toMatchObject({
      reviewed: { status: 200 },
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ order: 'o1', total: 600 });
    expect(await run('order-check', { baseUrl, order: { id: 'o1' } })).toMatchObject({
      problems: { errors: [{ message: "must have required property 'items'" }] },
    });
  });

  it.each<[string, Record<string, Json>]>([
    ['1', { step: { manager: 'Grace' } }],
    ['2', { step: { next: 'send the guide', to: 'bob@example.com' } }],
    ['3', { step: { next: 'start a trial', to: 'eve@example.com' } }],
    ['4', { unknown: { status: 404 } }],
  ])('onboarding of customer %s', async (customer, expected) => {
    expect(await run('onboarding', { baseUrl: server.url, customer })).toMatchObject(expected);
  });

  it('price-list', async () => {
    expect(await run('price-list', { baseUrl: server.url, skus: ['a', 'bcd'] })).toEqual({
      list: [
        { sku: 'a', gross: 10.8 },
        { sku: 'bcd', gross: 13.2 },
      ],
    });
    expect(await run('price-list', { baseUrl: server.url, skus: [] })).toEqual({ list: [] });
  });

  it('reminder', async () => {
    const sent = await run('reminder', { baseUrl: server.url, to: 'ada@example.com' });
    expect(sent).toMatchObject({ sent: { status: 200 } });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer reminder-token-1234');
    const failure = await run('reminder', { baseUrl: server.url, to: 'nobody' });
    expect(failure).toMatchObject({ failure: { type: 'HttpStatus' } });
  });
});
