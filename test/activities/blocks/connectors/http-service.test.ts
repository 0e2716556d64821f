import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connectorServicesSchema,
  createBlockRegistry,
  loadConnectorServices,
  type BlockRegistry,
  type BlockResult,
} from '../../../../src/activities/blocks';
import { type Json } from '../../../../src/contracts/json';
import { callWith, failureOf, json, secretsOf, startServer, type Answer, type TestServer } from '../support';

let answer: Answer;
let server: TestServer;
let registry: BlockRegistry;

beforeAll(async () => {
  server = await startServer((request, response) => {
    answer(request, response);
  });
  const services = connectorServicesSchema.parse({
    crm: {
      baseUrl: `${server.url}/api/`,
      auth: { bearer: '{{secret:CRM_TOKEN}}' },
      headers: { 'x-app': 'flows' },
      operations: {
        create: { path: '/contacts' },
        get: { method: 'GET', path: '/contacts/{id}' },
        rename: {
          method: 'PATCH',
          path: '/contacts/{id}',
          parameters: {
            id: { in: 'path', required: true },
            name: { in: 'body', required: true },
            dryRun: { in: 'query' },
            'if-match': { in: 'header' },
          },
        },
        list: {
          method: 'GET',
          path: '/contacts',
          parameters: {
            limit: { in: 'query', type: 'integer' },
            order: { in: 'query', schema: { enum: ['name', 'age'] } },
            tags: { in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          },
        },
      },
    },
    mail: {
      baseUrl: server.url,
      auth: { basic: { username: 'us', password: '{{secret:MAIL_PASSWORD}}' } },
      operations: { send: { path: '/send' } },
    },
    search: {
      baseUrl: server.url,
      auth: { header: { name: 'X-Api-Key', value: '{{secret:SEARCH_KEY}}' } },
      operations: { find: { method: 'GET', path: '/find' } },
    },
  });
  const secrets = secretsOf({
    CRM_TOKEN: 'crm-token-1234',
    MAIL_PASSWORD: 'mail-password-1234',
    SEARCH_KEY: 'search-key-1234',
    FLOWS_OWN: 'flows-own-1234',
  });
  registry = createBlockRegistry({ services, secrets });
});
afterAll(async () => {
  await registry.close();
  await server.close();
});
beforeEach(() => {
  server.seen.length = 0;
  answer = (_, response) => {
    json(response, { id: 'c1' });
  };
});

function call(
  service: string,
  operation: string,
  parameters: Record<string, Json> = {},
  input: Json = null,
): Promise<BlockResult> {
  const config = { service, operation, parameters };
  return registry.run({ id: 'k', type: 'connector', config }, callWith({ start: input }));
}

describe('connector', () => {
  it('puts parameters where the operation wants them, and delivers the body', async () => {
    const parameters = {
      id: '{{ input.id }}',
      name: 'Ada {{ input.last }}',
      dryRun: true,
      'if-match': '"7"',
    };
    expect(await call('crm', 'rename', parameters, { id: 'a/b', last: 'L' })).toEqual({
      value: { id: 'c1' },
    });
    const [request] = server.seen;
    expect(request).toMatchObject({ method: 'PATCH', url: '/api/contacts/a%2Fb?dryRun=true' });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer crm-token-1234',
      'x-app': 'flows',
      'if-match': '"7"',
      'content-type': 'application/json',
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ name: 'Ada L' });
  });

  it('puts them where they usually go, where the operation says nothing', async () => {
    await call('crm', 'create', { name: 'Ada', tags: ['a', '{{ input }}'] }, 'b');
    await call('crm', 'get', { id: 7, fields: 'name' });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ name: 'Ada', tags: ['a', 'b'] });
    expect(server.seen[1]).toMatchObject({ method: 'GET', url: '/api/contacts/7?fields=name', body: '' });
  });

  it.each<[string, string, string, string]>([
    ['mail', 'send', 'authorization', `Basic ${Buffer.from('us:mail-password-1234').toString('base64')}`],
    ['search', 'find', 'x-api-key', 'search-key-1234'],
  ])(
    'is known to %s by its credentials, which do not come back',
    async (service, operation, header, value) => {
      answer = (request, response) => {
        json(response, { echo: request.headers[header] });
      };
      const result = await call(service, operation);
      expect(server.seen[0]?.headers[header]).toBe(value);
      expect(JSON.stringify(result)).not.toContain(value.replace('Basic ', ''));
      expect(JSON.stringify(result)).toContain('[secret ');
    },
  );

  it.each<[string, string, Record<string, Json>, string, string]>([
    ['crn', 'get', {}, 'ConnectorUnknown', 'no service named "crn"; did you mean "crm"?'],
    ['toString', 'get', {}, 'ConnectorUnknown', 'no service named "toString"'],
    ['crm', 'gett', {}, 'ConnectorUnknown', 'no operation of "crm" named "gett"; did you mean "get"?'],
    ['crm', 'get', {}, 'ConfigInvalid', 'operation "get" of service "crm": parameter "id" is missing'],
    ['crm', 'rename', { id: 1 }, 'ConfigInvalid', 'parameter "name" is missing'],
    [
      'crm',
      'rename',
      { id: 1, name: 'a', nam: 'b' },
      'ConfigInvalid',
      'parameter "nam" means nothing here; did you mean "name"?',
    ],
    ['crm', 'get', { id: '..' }, 'ConfigInvalid', 'cannot have ".." as "id"'],
    ['crm', 'get', { id: '{{ input }}' }, 'ConfigInvalid', 'parameter "id" is missing'],
    [
      'crm',
      'list',
      { limit: 'ten' },
      'ConfigInvalid',
      'operation "list" of service "crm": parameter "limit" is "ten"; it must be integer',
    ],
    [
      'crm',
      'list',
      { limit: '{{ 1 / 3 }}' },
      'ConfigInvalid',
      'parameter "limit" is 0.3333333333333333; it must be',
    ],
    [
      'crm',
      'list',
      { limit: '{{ "{{" }}' },
      'ConfigInvalid',
      'parameter "limit" is "{{"; it must be integer',
    ],
    [
      'crm',
      'list',
      { order: 'nam', tags: ['a', '{{ 7 }}'] },
      'ConfigInvalid',
      'parameter "order" is "nam"; it must be equal to one of the allowed values: "name", "age"; parameter "tags" is ["a",7]; it /1 must be string',
    ],
    [
      'crm',
      'list',
      { limit: '{{secret:FLOWS_OWN}}' },
      'ConfigInvalid',
      'parameter "limit" is "[secret FLOWS_OWN]"; it must be integer',
    ],
    [
      'crm',
      'list',
      { limit: '{{secret:CRM_TOKEN}}' },
      'SecretUnusable',
      `secret "CRM_TOKEN" is the platform's own`,
    ],
  ])('refuses %s %s %j', async (service, operation, parameters, type, message) => {
    const failure = await failureOf(call(service, operation, parameters));
    expect(failure).toMatchObject({ type, retryable: false });
    expect(failure.message).toContain(message);
    expect(server.seen).toHaveLength(0);
  });

  it('takes what fits its parameters, and leaves out what is nothing', async () => {
    await call('crm', 'list', { limit: '{{ 3 + 4 }}', order: 'age', tags: ['a', '{{ input }}'] }, 'b');
    await call('crm', 'list', { limit: '{{ input.limit }}' }, {});
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/api/contacts?limit=7&order=age&tags=a&tags=b',
      '/api/contacts',
    ]);
  });

  it.each([
    [404, false],
    [503, true],
    [500, false],
  ])('fails on %i; to be tried again, as a POST: %s', async (status, retryable) => {
    answer = (_, response) => {
      json(response, { message: 'no' }, status);
    };
    expect(await failureOf(call('crm', 'create'))).toMatchObject({ type: 'HttpStatus', retryable });
  });
});

describe('loadConnectorServices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'services-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads a file or JSON itself', () => {
    const services = { crm: { baseUrl: 'https://crm.example', operations: { get: { path: '/x' } } } };
    const file = join(folder, 'services.json');
    writeFileSync(file, JSON.stringify(services));
    expect(loadConnectorServices(file)).toEqual(loadConnectorServices(JSON.stringify(services)));
    expect(loadConnectorServices(file)).toMatchObject({ crm: { operations: { get: { method: 'POST' } } } });
    expect(loadConnectorServices(undefined)).toEqual({});
    expect(
      loadConnectorServices(join(__dirname, '../../../../examples/connectors/services.json')),
    ).toHaveProperty('crm');
  });

  it.each([
    ['{"crm": {"baseUrl": "crm", "operations": {}}}', 'crm.baseUrl'],
    ['{"crm": {"baseUrl": "https://x", "operations": {"a": {"path": "x"}}}}', 'crm.operations.a.path'],
    [
      '{"crm": {"baseUrl": "https://x", "operations": {"a": {"path": "/", "parameters": {"n": {"in": "query", "schema": {"type": "intger"}}}}}}}',
      'crm.operations.a.parameters.n.schema is not a JSON Schema',
    ],
    ['{"crm": {"baseUrl": "https://x", "auth": {"bearer": "plain"}, "operations": {}}}', 'crm.auth'],
    [
      '{"crm": {"baseUrl": "https://x", "headers": {"x-app": "{{ input }}"}, "operations": {}}}',
      'crm.headers.x-app has the template "{{ input }}"; a credential is text',
    ],
    ['{"db": {"kind": "postgres", "connection": "postgres://u:pw@h/d"}}', 'db.connection must name a secret'],
    ['{"db": {"kind": "postgress"}}', 'db.kind'],
    ['{"crm": ', 'FLOW_CREDITS_CONNECTORS cannot be read'],
    ['no-such-file.json', 'connectors file "no-such-file.json" cannot be read'],
  ])('names what is wrong with %s', (text, message) => {
    expect(() => loadConnectorServices(text)).toThrow(message);
  });
});
