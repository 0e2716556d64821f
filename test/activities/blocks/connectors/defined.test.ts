import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { BlockError, createBlockRegistry, type BlockResult } from '../../../../src/activities/blocks';
import { defineConnector } from '../../../../src/contracts/connectors';
import { type Json } from '../../../../src/contracts/json';
import { callWith, failureOf, secretsOf } from '../support';

const TOKEN = 'token-of-the-mail-service';
const SESSION = 'session-that-was-got-for-it';
let closed = 0;
let calls: unknown[] = [];
let act: (about: { readonly token: string; readonly signal: AbortSignal }) => Promise<Json>;

const mail = defineConnector({
  service: 'mail',
  credentials: { token: 'Bearer {{secret:MAIL_TOKEN}}' },
  operations: {
    search: {
      parameters: z.object({ text: z.string(), limit: z.int().max(50).default(10) }),
      repeatable: true,
      execute: ({ parameters, credentials, conceal, signal }) => {
        calls.push(parameters);
        conceal(SESSION);
        return act({ token: credentials.token, signal });
      },
    },
    send: {
      parameters: z.object({ raw: z.string() }),
      literal: ['raw'],
      execute: ({ parameters, credentials, signal }) => {
        calls.push(parameters);
        return act({ token: credentials.token, signal });
      },
    },
  },
  close: () => {
    closed += 1;
    return Promise.resolve();
  },
});

const registry = createBlockRegistry({
  connectors: [mail],
  secrets: secretsOf({ MAIL_TOKEN: TOKEN, FLOWS_OWN: 'flows-own-1234' }),
});
afterAll(() => registry.close());
beforeEach(() => {
  calls = [];
  act = () => Promise.resolve('done');
});

function call(
  operation: string,
  parameters: Record<string, Json>,
  {
    signal,
    ...more
  }: { readonly signal?: AbortSignal; readonly timeoutSeconds?: number; readonly attempts?: number } = {},
): Promise<BlockResult> {
  const config = { service: 'mail', operation, parameters, ...more };
  return registry.run({ id: 'k', type: 'connector', config }, callWith({ start: 'ada' }, signal));
}

describe('a connector of a platform', () => {
  it('gets its parameters typed, with defaults and templates filled in, and its credentials', async () => {
    act = ({ token }) => Promise.resolve(token === `Bearer ${TOKEN}`);
    await expect(call('search', { text: 'for {{ input }}', limit: '{{ 2 + 3 }}' })).resolves.toEqual({
      value: true,
    });
    await call('search', { text: '{{ input }}' });
    expect(calls).toEqual([
      { text: 'for ada', limit: 5 },
      { text: 'ada', limit: 10 },
    ]);
  });

  it.each<[Record<string, Json>, string]>([
    [{ text: 1 }, 'operation "search" of service "mail": parameter "text" is 1; it must be a text'],
    [{ text: 'a', limit: '{{ 51 }}' }, 'parameter "limit" is 51; it must be at most 50'],
    [{ text: 'a', limt: 1 }, 'parameter "limt" means nothing here; did you mean "limit"?'],
    [{ text: 'a', limit: '{{secret:FLOWS_OWN}}' }, 'parameter "limit" is "[secret FLOWS_OWN]"; it must be'],
  ])('is not called with %j', async (parameters, message) => {
    const failure = await failureOf(call('search', parameters));
    expect(failure).toMatchObject({ type: 'ConfigInvalid', retryable: false });
    expect(failure.message).toContain(message);
    expect(calls).toEqual([]);
  });

  it('gets as it stands what is no template, which holds none', async () => {
    await call('send', { raw: '{ input }' });
    expect(calls).toEqual([{ raw: '{ input }' }]);
    expect((await failureOf(call('send', { raw: '{{ input }}' }))).message).toContain(
      'it is taken as it stands',
    );
    expect(calls).toHaveLength(1);
  });

  it('tells no secret, nor what was got for it, in what it gives and in its failures', async () => {
    act = ({ token }) => Promise.resolve({ [token]: [`${SESSION}!`] });
    await expect(call('search', { text: 'a' })).resolves.toEqual({
      value: { 'Bearer [secret MAIL_TOKEN]': ['[secret credentials]!'] },
    });
    act = ({ token }) =>
      Promise.reject(new BlockError('MailRefused', `no ${token} ${SESSION}`, { retryable: true }));
    expect(await failureOf(call('search', { text: 'a' }))).toMatchObject({
      type: 'MailRefused',
      message: 'no Bearer [secret MAIL_TOKEN] [secret credentials]',
      retryable: true,
    });
  });

  it.each([
    ['search', {}, true],
    ['send', {}, false],
    ['send', { attempts: 2 }, true],
  ])('that breaks in %s, with %j, is tried again: %s', async (operation, more, retryable) => {
    act = ({ token }) => Promise.reject(new Error(`broke with ${token}`));
    const parameters: Record<string, Json> = operation === 'send' ? { raw: 'a' } : { text: 'a' };
    expect(await failureOf(call(operation, parameters, more))).toMatchObject({
      type: 'ConnectorFailed',
      message: `operation "${operation}" of service "mail": broke with Bearer [secret MAIL_TOKEN]`,
      retryable,
    });
  });

  it('ends with its time, and with its run', async () => {
    act = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    expect(await failureOf(call('search', { text: 'a' }, { timeoutSeconds: 0.05 }))).toMatchObject({
      type: 'ConnectorTimeout',
      retryable: true,
    });
    const cancel = new AbortController();
    const cancelled = call('search', { text: 'a' }, { signal: cancel.signal });
    cancel.abort(new Error('the run was cancelled'));
    await expect(cancelled).rejects.toThrow('the run was cancelled');
  });

  it('may not have the name of a service of the file', () => {
    const services = { mail: { baseUrl: 'https://mail.example', headers: {}, operations: {} } };
    expect(() => createBlockRegistry({ connectors: [mail], services })).toThrow(
      'connector "mail" is there twice',
    );
  });

  it('is closed with its worker', async () => {
    const own = createBlockRegistry({ connectors: [mail] });
    await own.close();
    expect(closed).toBe(1);
  });
});
