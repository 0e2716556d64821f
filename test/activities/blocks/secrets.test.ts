import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  aiProvidersSchema,
  connectorServicesSchema,
  createBlockRegistry,
  EnvironmentSecrets,
  LOOPBACK,
  type BlockResult,
} from '../../../src/activities/blocks';
import { Redactor } from '../../../src/activities/blocks/redact';
import { type Json } from '../../../src/contracts/json';
import { callWith, failureOf, json, secretsOf, startServer, type Answer, type TestServer } from './support';

/** Needs encoding in JSON and in URLs. */
const KEY = 'k3y "with" spaces/and+more';
const SECRETS = { KEY, TOKEN: 'plain-token-123456', SHORT: 'abc' };

const registry = createBlockRegistry({ secrets: secretsOf(SECRETS), httpAllow: LOOPBACK });
afterAll(() => registry.close());

let answer: Answer;
let here: TestServer;
let elsewhere: TestServer;

beforeAll(async () => {
  here = await startServer((request, response) => {
    answer(request, response);
  });
  elsewhere = await startServer((request, response) => {
    json(response, { headers: request.headers });
  });
});
afterAll(async () => {
  await here.close();
  await elsewhere.close();
});
beforeEach(() => {
  here.seen.length = 0;
  elsewhere.seen.length = 0;
});

function send(config: Record<string, Json>, input: Json = null): Promise<BlockResult> {
  const block = { id: 'h', type: 'http-request', config: { url: `${here.url}/x`, ...config } };
  return registry.run(block, callWith({ start: input }));
}

/** Fails where a secret shows, in any form. */
function expectNoSecret(what: unknown): void {
  const text = what instanceof Error ? `${what.message} ${what.stack ?? ''}` : JSON.stringify(what);
  for (const secret of [SECRETS.KEY, SECRETS.TOKEN]) {
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ];
    for (const form of forms) expect(text).not.toContain(form);
  }
}

describe('a secret', () => {
  it('reaches the server where it is referred to', async () => {
    answer = (_, response) => {
      json(response, {});
    };
    await send({
      method: 'POST',
      headers: { authorization: 'Bearer {{secret:TOKEN}}' },
      query: { key: '{{secret:KEY}}' },
      body: { json: { nested: ['{{ secret:KEY }}'] } },
    });
    const [request] = here.seen;
    expect(request?.headers.authorization).toBe('Bearer plain-token-123456');
    expect(new URL(request?.url ?? '', here.url).searchParams.get('key')).toBe(KEY);
    expect(JSON.parse(request?.body ?? '')).toEqual({ nested: [KEY] });
  });

  it('does not come back, in whatever form the server returns it', async () => {
    answer = (request, response) => {
      response.setHeader('x-echo', request.headers.authorization ?? '');
      json(response, {
        url: request.url,
        body: JSON.parse(request.body) as unknown,
        raw: request.body,
        base64: Buffer.from(KEY).toString('base64'),
        [`member ${KEY}`]: true,
      });
    };
    const result = await send({
      method: 'POST',
      headers: { authorization: 'Bearer {{secret:TOKEN}}' },
      query: { key: '{{secret:KEY}}' },
      body: { json: { nested: ['{{secret:KEY}}'] } },
    });
    expectNoSecret(result);
    expect(result.value).toMatchObject({
      headers: { 'x-echo': 'Bearer [secret TOKEN]' },
      body: { body: { nested: ['[secret KEY]'] }, base64: '[secret KEY]' },
    });
  });

  it('does not come back as text that is not JSON', async () => {
    answer = (request, response) => {
      response.end(`you sent ${request.headers['x-key'] as string}`);
    };
    const result = await send({ headers: { 'x-key': '{{secret:TOKEN}}' } });
    expect(result.value).toMatchObject({ body: 'you sent [secret TOKEN]' });
  });

  it.each<[string, Answer, Record<string, Json>]>([
    ['a status', (request, response) => response.writeHead(500).end(`bad key ${request.url}`), {}],
    ['a timeout', () => undefined, { timeoutSeconds: 0.2 }],
    ['a broken connection', (_, response) => response.destroy(), {}],
    ['a large answer', (_, response) => response.end('x'.repeat(100)), { maxResponseBytes: 10 }],
    ['a redirect to nowhere', (_, response) => response.writeHead(302, { location: 'http://' }).end(), {}],
  ])('is not in the failure after %s', async (_, what, config) => {
    answer = what;
    const failure = await failureOf(
      send({ url: `${here.url}/{{secret:TOKEN}}?k={{secret:TOKEN}}`, ...config }),
    );
    expectNoSecret(failure);
    expect(failure.message).toContain('[secret TOKEN]');
  });

  it('is not in the failure of an address that is none', async () => {
    const failure = await failureOf(send({ url: '{{ input }}{{secret:TOKEN}}' }, 'x'));
    expect(failure.type).toBe('HttpUrlInvalid');
    expectNoSecret(failure);
  });

  it('is nothing an expression can see', async () => {
    answer = (_, response) => {
      json(response, {});
    };
    await send({
      method: 'POST',
      headers: { a: '{{secret:TOKEN}}' },
      body: { json: '{{ $string($$) }}' },
    });
    expect(here.seen[0]?.body).not.toContain('plain-token');
  });

  it('of a team is not another team’s', async () => {
    const block = {
      id: 'h',
      type: 'http-request',
      config: { url: here.url, headers: { a: '{{secret:TOKEN}}' } },
    };
    const call = { ...callWith(), run: { ...callWith().run, team: 'other' } };
    const failure = await failureOf(registry.run(block, call));
    expect(failure.message).toContain('team "other" has no secret "TOKEN"');
  });

  it('that is too short to be kept out is refused', async () => {
    const failure = await failureOf(send({ headers: { a: '{{secret:SHORT}}' } }));
    expect(failure.type).toBe('SecretUnusable');
    expect(failure.message).not.toContain('abc');
  });
});

describe('a redirect to another origin', () => {
  beforeEach(() => {
    answer = (request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}${request.url}` }).end();
    };
  });

  it('takes no secret header along, nor what is private', async () => {
    await send({
      headers: {
        authorization: 'Basic something',
        cookie: 'a=b',
        'x-key': '{{secret:TOKEN}}',
        'x-harmless': 'yes',
      },
    });
    const headers = elsewhere.seen[0]?.headers ?? {};
    expect(headers).toMatchObject({ 'x-harmless': 'yes' });
    for (const name of ['authorization', 'cookie', 'x-key']) expect(headers).not.toHaveProperty(name);
  });

  it('is not followed with a secret in the body or the address', async () => {
    for (const config of [
      { method: 'POST', body: { json: { key: '{{secret:KEY}}' } } },
      { url: `${here.url}/x?key={{secret:TOKEN}}` },
    ]) {
      const failure = await failureOf(send(config));
      expect(failure).toMatchObject({ type: 'HttpRedirect', retryable: false });
      expectNoSecret(failure);
    }
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe('a secret store', () => {
  it('that breaks may be asked again, and is not quoted', async () => {
    const broken = createBlockRegistry({
      secrets: { get: () => Promise.reject(new Error(`vault said ${KEY}`)) },
    });
    try {
      const block = {
        id: 'h',
        type: 'http-request',
        config: { url: here.url, headers: { a: '{{secret:KEY}}' } },
      };
      const failure = await failureOf(broken.run(block, callWith()));
      expect(failure).toMatchObject({ type: 'SecretUnusable', retryable: true });
      expectNoSecret(failure);
    } finally {
      await broken.close();
    }
  });
});

describe('EnvironmentSecrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const file = join(folder, 'secrets.json');
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes the environment first, then the file, read anew each time', async () => {
    const store = new EnvironmentSecrets({
      FLOW_CREDITS_SECRET_A: 'from env',
      FLOW_CREDITS_SECRETS_FILE: file,
    });
    writeFileSync(file, JSON.stringify({ A: 'from file', B: 'first' }));
    expect(await store.get('acme', 'A')).toBe('from env');
    expect(await store.get('acme', 'B')).toBe('first');
    writeFileSync(file, JSON.stringify({ B: 'rotated' }));
    expect(await store.get('acme', 'B')).toBe('rotated');
    expect(await store.get('acme', 'toString')).toBeNull();
    expect(await new EnvironmentSecrets({}).get('acme', 'A')).toBeNull();
  });

  it('does not quote a file it cannot read', async () => {
    writeFileSync(file, '{"A": "hunter2-hunter2"');
    const failure = await failureOf(
      new EnvironmentSecrets({ FLOW_CREDITS_SECRETS_FILE: file }).get('acme', 'A'),
    );
    expect(failure.message).not.toContain('hunter2');
    expect(failure).toMatchObject({ type: 'SecretUnusable', retryable: true });
  });
});

describe('the redactor', () => {
  it('leaves no secret in any JSON, in any form', () => {
    const secret = fc.string({ minLength: 6, maxLength: 30, unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 1, maxLength: 3 }),
        fc.jsonValue(),
        (secrets, around) => {
          const redactor = new Redactor();
          secrets.forEach((value, place) => {
            redactor.add(`S${place}`, value);
          });
          const carrier: Json = secrets.map((value) => ({
            [`a${value}b`]: value,
            url: `https://x/${encodeURIComponent(value)}`,
            base64: Buffer.from(value).toString('base64'),
            inJson: JSON.stringify({ value }),
            around: around as Json,
          }));
          const cleaned = redactor.json(carrier);
          const texts: string[] = [];
          JSON.stringify(cleaned, (key, value: unknown) => {
            texts.push(key);
            if (typeof value === 'string') texts.push(value);
            return value;
          });
          // A mark is ours to write; whatever else is left must hold nothing.
          const rest = texts.map((text) => text.replaceAll(/\[secret S\d\]/g, '\u0000')).join('\u0001');
          for (const value of secrets) if (!'[secret S0]'.includes(value)) expect(rest).not.toContain(value);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the longer of two secrets first', () => {
    const redactor = new Redactor();
    redactor.add('SHORT', 'abcdef');
    redactor.add('LONG', 'abcdefghij');
    expect(redactor.text('x abcdefghij y abcdef')).toBe('x [secret LONG] y [secret SHORT]');
  });
});

describe('a secret that the platform’s own settings name', () => {
  it.each(['PROVIDER_KEY', 'CRM_TOKEN'])('is no flow’s: %s', async (name) => {
    const platform = createBlockRegistry({
      secrets: secretsOf({
        PROVIDER_KEY: 'provider-key-1234',
        CRM_TOKEN: 'crm-token-5678',
        OWN: 'own-token-9',
      }),
      providers: aiProvidersSchema.parse({
        ai: { baseUrl: 'https://ai.example/v1', apiKey: '{{secret:PROVIDER_KEY}}' },
      }),
      services: connectorServicesSchema.parse({
        crm: {
          baseUrl: here.url,
          auth: { bearer: '{{secret:CRM_TOKEN}}' },
          operations: { get: { method: 'GET', path: '/crm' } },
        },
      }),
      httpAllow: LOOPBACK,
    });
    try {
      const asking = (secret: string) => ({
        id: 'h',
        type: 'http-request',
        config: { url: `${here.url}/x`, headers: { 'x-key': `{{secret:${secret}}}` } },
      });
      answer = (request, response) => {
        json(response, { authorization: request.headers.authorization ?? null });
      };
      const failure = await failureOf(platform.run(asking(name), callWith({ start: null })));
      expect(failure.type).toBe('SecretUnusable');
      expect(failure.message).toContain("is the platform's own");
      expect(here.seen).toEqual([]);
      // Others are flows' as before, and the platform's own use of its own goes on.
      await platform.run(asking('OWN'), callWith({ start: null }));
      const crm = { id: 'c', type: 'connector', config: { service: 'crm', operation: 'get' } };
      await platform.run(crm, callWith({ start: null }));
      expect(here.seen).toHaveLength(2);
    } finally {
      await platform.close();
    }
  });
});
