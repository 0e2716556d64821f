import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BlockError, type BlockExecutor } from '../../../src/activities/blocks';
import { Redactor } from '../../../src/activities/blocks/redact';
import { callWith, failureOf, secretsOf, withRegistry } from './support';

const VALUE = `it's (a) "k3y" <with> spaces/and+more & ümläut!*~`;

function cleaned(text: string, value = VALUE): string {
  const redactor = new Redactor();
  redactor.add('KEY', value);
  return redactor.text(text);
}

const html = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0)).padStart(3, '0')};`);

describe('a secret is found', () => {
  it.each<[string, string]>([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify(VALUE).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(VALUE)).slice(3, -3)],
    ['in JSON that leaves nothing but ASCII', VALUE.replace(/[^\w ]/g, (sign) => `\\u${hex4(sign)}`)],
    ['in JSON that escapes slashes', JSON.stringify(VALUE).slice(1, -1).replaceAll('/', '\\/')],
    ['by encodeURIComponent', encodeURIComponent(VALUE)],
    ['by encodeURI', encodeURI(VALUE)],
    ['in a form', new URLSearchParams({ a: VALUE }).toString().slice(2)],
    ['in the query of a URL', new URL(`https://x/?${VALUE}`).search.slice(1)],
    ['in the path of a URL', new URL(`https://x/${VALUE}`).pathname.slice(1)],
    ['with lower-case percent signs', encodeURIComponent(VALUE).toLowerCase().replace('k3y', 'k3y')],
    ['in HTML', html(VALUE)],
    ['in HTML by names', VALUE.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')],
    ['in hex', Buffer.from(VALUE).toString('hex')],
    ['in upper-case hex', Buffer.from(VALUE).toString('hex').toUpperCase()],
  ])('%s', (_, text) => {
    expect(cleaned(`before ${text} after`)).toBe('before [secret KEY] after');
  });

  it('in base64, wherever it stands in it, and in both alphabets', () => {
    for (const before of ['', 'u:', 'us:', 'user:', 'a longer name:'])
      for (const after of ['', '.', '..', ' and more'])
        for (const alphabet of ['base64', 'base64url'] as const) {
          const text = cleaned(Buffer.from(`${before}${VALUE}${after}`).toString(alphabet));
          expect(text).toContain('[secret KEY]');
          // What is left on either side holds no more than parts of its first and its last character.
          const rest = text
            .split('[secret KEY]')
            .map((part) => Buffer.from(part, alphabet).toString('latin1'));
          expect(rest[0]?.length).toBeLessThanOrEqual(before.length + 1);
          expect(rest[1]?.length).toBeLessThanOrEqual(after.length + 2);
        }
  });

  it('with backslashes of its own', () => {
    const value = 'dom\\user:\\\\share\\"quoted"\\\nline';
    for (const text of [
      value,
      JSON.stringify(value),
      JSON.stringify(JSON.stringify(value)),
      encodeURIComponent(value),
    ])
      expect(cleaned(text, value)).not.toMatch(/user|share|quoted/);
  });

  it('when it is as long as a private key', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const lines = privateKey.split('\n').filter((line) => line.length > 30);
    for (const text of [
      privateKey,
      JSON.stringify({ key: privateKey }),
      JSON.stringify(JSON.stringify({ key: privateKey })),
      encodeURIComponent(privateKey),
      Buffer.from(`x${privateKey}`).toString('base64'),
    ]) {
      const left = cleaned(text, privateKey);
      expect(left.replaceAll('[secret KEY]', '').length).toBeLessThan(40);
      for (const line of lines) expect(left).not.toContain(line.slice(0, 16));
    }
  });

  it('and nothing else is', () => {
    for (const text of ['', 'its a key', VALUE.slice(1), VALUE.replace('k3y', 'key'), 'x'.repeat(1000)])
      expect(cleaned(text)).toBe(text);
  });

  it('in no time worth speaking of, whatever the text', () => {
    const value = '\\"'.repeat(40);
    for (const sign of ['\\', '\\"', '"', '%5C', '&#0', '\\\\u'])
      expect(cleaned(sign.repeat(100_000).slice(0, 100_000), value)).toBeDefined();
  });
});

function hex4(sign: string): string {
  return sign.charCodeAt(0).toString(16).padStart(4, '0');
}

describe('a platform’s own block', () => {
  const leaky = (end: (secret: string) => unknown): BlockExecutor => ({
    type: 'leaky',
    kind: 'external',
    execute: async (_config, io) => {
      const secret = (await io.secrets.get(io.run.team, 'KEY')) ?? '';
      const value = end(secret);
      if (value instanceof Error) throw value;
      return { value: { said: String(value) } };
    },
  });
  const block = { id: 'b', type: 'leaky', config: {} };
  const options = (end: (secret: string) => unknown) => ({
    blocks: [leaky(end)],
    secrets: secretsOf({ KEY: VALUE }),
  });

  it('delivers no secret it asked for', async () => {
    await withRegistry(
      options((secret) => `got ${secret}`),
      async (registry) => {
        expect(await registry.run(block, callWith())).toEqual({ value: { said: 'got [secret KEY]' } });
      },
    );
  });

  it('fails with no secret it asked for, and stays the failure it is', async () => {
    const usage = { modelCalls: [{ model: 'gpt-4o', calls: 1 }] };
    const refused = (secret: string): Error =>
      new BlockError('Refused', `bad key ${secret}`, { retryable: true, retryAfterMs: 5, usage });
    await withRegistry(options(refused), async (registry) => {
      const failure = await failureOf(registry.run(block, callWith()));
      expect(failure).toMatchObject({ type: 'Refused', retryable: true, retryAfterMs: 5, usage });
      expect(failure.message).toBe('bad key [secret KEY]');
    });
    await withRegistry(
      options((secret) => new TypeError(`no ${secret}`)),
      async (registry) => {
        await expect(registry.run(block, callWith())).rejects.toThrow('no [secret KEY]');
      },
    );
  });
});
