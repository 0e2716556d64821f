import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BlockError, type BlockExecutor } from '../../src/activities/blocks';
import { type FlowInput } from '../../src/contracts/flow';
import { json, startServer, type TestServer } from '../activities/blocks/support';
import { eventually } from '../support';
import { openDesk, type Desk } from './desk';
import { textsOf } from './payload-texts';

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
const careless: BlockExecutor = {
  type: 'careless',
  kind: 'external',
  execute: async (config, { secrets, run }) => {
    const secret = (await secrets.get(run.team, 'OWN_KEY')) ?? '';
    if (config['fails'] === true) throw new BlockError('Careless', `the key ${secret} was refused`);
    return { value: { secret, encoded: Buffer.from(`me:${secret}`).toString('base64') } };
  },
};

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
            operations: { get: { method: 'GET', path: '/crm' }, fail: { method: 'GET', path: '/status/403' } },
          },
          mail: {
            baseUrl: server.url,
            auth: { basic: { username: 'us', password: '{{secret:CRM_PASSWORD}}' } },
            headers: {},
            operations: { get: { method: 'GET', path: '/mail' } },
          },
        },
        blocks: [careless],
      },
      blocks: blockCatalogWithCareless(),
    },
  });
});
afterAll(() => server.close());

/** Everything in one request: address, query, header, body. */
function request(path: string): Record<string, unknown> {
  return {
    method: 'POST',
    url: `${server.url}${path}/{{secret:URL_KEY}}`,
    query: { key: '{{secret:URL_KEY}}' },
    headers: { 'x-key': '{{secret:HEADER_KEY}}' },
    body: { json: { key: '{{secret:BODY_KEY}}', nested: ['a {{secret:BODY_KEY}} b'] } },
  };
}
