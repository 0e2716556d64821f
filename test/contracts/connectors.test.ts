import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { connectorServicesSchema, servicesCatalog } from '../../src/activities/blocks';
import { defineConnector } from '../../src/contracts/connectors';
import { catalogForRunner, catalogWith } from '../../src/contracts/own-blocks';
import { validateFlow } from '../../src/contracts/validate-flow';

const mail = defineConnector({
  service: 'mail',
  credentials: { token: '{{secret:MAIL_TOKEN}}' },
  operations: {
    search: {
      parameters: z.object({
        text: z.string().min(2),
        limit: z.int().min(1).max(50).default(10),
        folder: z.enum(['inbox', 'archive']).optional(),
        dates: z.object({ from: z.iso.date(), to: z.iso.date() }).optional(),
      }),
      execute: ({ parameters, credentials }) => {
        // Types follow from the schemas; this would not compile otherwise.
        const text: string = parameters.text;
        const limit: number = parameters.limit;
        return Promise.resolve({ text, limit, token: credentials.token });
      },
    },
    send: {
      parameters: z.object({ to: z.email() }),
      execute: ({ parameters }) => Promise.resolve(parameters.to),
    },
  },
});
const services = connectorServicesSchema.parse({
  crm: {
    baseUrl: 'https://crm.example',
    operations: {
      list: {
        method: 'GET',
        path: '/{tenant}/contacts',
        parameters: {
          tenant: { in: 'path', required: true, type: 'string' },
          limit: { in: 'query', type: 'integer' },
        },
      },
    },
  },
  warehouse: { kind: 'postgres', connection: '{{secret:WAREHOUSE}}' },
});
const catalog = catalogWith([], servicesCatalog({ services, connectors: [mail] }));

function faultsOf(config: object, blocks = catalog): readonly string[] {
  const flow = {
    name: 'calls',
    blocks: [
      { id: 's', type: 'start' },
      {
        id: 'each',
        type: 'for',
        config: {
          items: [1],
          body: { blocks: [{ id: 'call', type: 'connector', config }], connections: [] },
        },
      },
    ],
    connections: [{ from: 's', to: 'each' }],
  };
  const answer = validateFlow(flow, { blocks });
  return answer.ok ? [] : answer.faults.map(({ path, message }) => `${path}: ${message}`);
}

const AT = 'blocks[1].config.body.blocks[0].config';
const WHO = 'block "each", body: block "call":';
const search = (parameters: object) => ({ service: 'mail', operation: 'search', parameters });

describe('a flow that calls connectors, where they are known', () => {
  it.each<[string, object]>([
    [
      'literals',
      search({ text: 'hello', limit: 3, folder: 'inbox', dates: { from: '2026-01-01', to: '2026-02-01' } }),
    ],
    [
      'templates in place of anything',
      search({
        text: '{{ input }}',
        limit: '{{ input.n }}',
        folder: '{{ "x" }}',
        dates: '{{ input.dates }}',
      }),
    ],
    [
      'templates within',
      search({ text: 'a {{ input }}', dates: { from: '{{ input.from }}', to: '2026-01-01' } }),
    ],
    [
      'a service of the file',
      { service: 'crm', operation: 'list', parameters: { tenant: 'a', limit: '{{ input }}' } },
    ],
    [
      'SQL',
      { service: 'warehouse', operation: 'query', parameters: { sql: 'SELECT $1', params: ['{{ input }}'] } },
    ],
  ])('passes with %s', (_, config) => {
    expect(faultsOf(config)).toEqual([]);
  });

  it.each<[object, readonly unknown[]]>([
    [
      { service: 'mial', operation: 'search' },
      [`${AT}.service: ${WHO} service is "mial", no service there is; did you mean "mail"?`],
    ],
    [
      { service: 'mail', operation: 'serach' },
      [
        `${AT}.operation: ${WHO} operation is "serach", no operation of service "mail"; did you mean "search"?`,
      ],
    ],
    [
      search({ text: 'a', limt: 3, limit: 'ten' }),
      [
        `${AT}.parameters.text: ${WHO} parameters.text has 1 characters; it must have at least 2 (operation "search" of service "mail")`,
        `${AT}.parameters.limit: ${WHO} parameters.limit is "ten"; it must be a number (operation "search" of service "mail")`,
        `${AT}.parameters.limt: ${WHO} parameters.limt means nothing here; did you mean "limit"? (operation "search" of service "mail")`,
      ],
    ],
    [search({}), [expect.stringContaining('parameters.text is missing')]],
    [
      search({ text: 'ab', dates: { from: '{{ input }}', to: 'tomorrow' } }),
      [expect.stringContaining('parameters.dates.to is "tomorrow"; it must be a date')],
    ],
    [search({ text: 'ab', folder: 'inbx' }), [expect.stringContaining('is "inbx"; did you mean "inbox"?')]],
    [
      { service: 'crm', operation: 'list', parameters: { limit: 1.5, tenat: 'a' } },
      [
        expect.stringContaining('.parameters.tenant: '),
        expect.stringContaining('parameters.limit is 1.5; it must be integer'),
        expect.stringContaining('parameters.tenat means nothing here; did you mean "tenant"?'),
      ],
    ],
    [
      { service: 'warehouse', operation: 'query', parameters: { sql: 'SELECT {{ input }}' } },
      [expect.stringContaining('parameters.sql holds "{{"; it is taken as it stands')],
    ],
  ])('is told what is wrong with %j', (config, faults) => {
    expect(faultsOf(config)).toEqual(faults);
  });

  it('is not held to them for a private runner, nor where none is known', () => {
    const config = { service: 'unknown', operation: 'anything', parameters: { a: 1 } };
    expect(faultsOf(config)).toHaveLength(1);
    expect(faultsOf(config, catalogForRunner(catalog))).toEqual([]);
    expect(faultsOf(config, catalogWith([]))).toEqual([]);
  });
});

describe('defineConnector', () => {
  it.each([
    ['a b', 'ok', 'connector "a b": must be 1 to 64 letters'],
    ['mail', 'a b', 'connector "mail": operation "a b": must be 1 to 64 letters'],
  ])('refuses %s with %s', (service, operation, message) => {
    const one = { parameters: z.object({}), execute: () => Promise.resolve(null) };
    expect(() => defineConnector({ service, operations: { [operation]: one } })).toThrow(message);
  });

  it('refuses one without operations', () => {
    expect(() => defineConnector({ service: 'mail', operations: {} })).toThrow('has no operation');
  });

  it('is refused twice under one name, also beside a service of the file', () => {
    expect(() => servicesCatalog({ connectors: [mail, mail] })).toThrow('connector "mail" is there twice');
    const other = defineConnector({
      service: 'crm',
      operations: { a: { parameters: z.object({}), execute: () => Promise.resolve(null) } },
    });
    expect(() => servicesCatalog({ services, connectors: [other] })).toThrow(
      'connector "crm" is there twice',
    );
  });
});
