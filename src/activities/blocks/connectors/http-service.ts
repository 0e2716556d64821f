import { RESPONSE_MOST_BYTES, type ConnectorConfig } from '../../../contracts/blocks-config';
import { type Json } from '../../../contracts/json';
import { BlockError } from '../errors';
import { hostAndPort } from '../http-allow';
import { type HttpCall, type HttpCaller } from '../http-caller';
import { mayRepeat } from '../http-errors';
import { headersOf, statusError, withQuery } from '../http-request';
import { type JsonObject } from '../json';
import { type Redactor } from '../redact';
import { renderSecrets } from '../template';
import { type BlockIo } from '../types';
import { httpServiceSpec, WITH_BODY } from './http-parameters';
import { type Service } from './service';
import { type HttpOperation, type HttpServiceSettings } from './services';

/**
 * A service over HTTP, as the platform's settings say it. It gives the body of the answer. Any status but 2xx and 3xx is a
 * failure: who needs to tell them apart connects `error`.
 */
export function httpService(settings: HttpServiceSettings, http: HttpCaller): Service {
  return {
    spec: httpServiceSpec(settings),
    execute: async ({ settings: config, parameters, redactor, io }) => {
      const operation = settings.operations[config.operation];
      if (operation === undefined) throw new TypeError(`operation "${config.operation}" has gone`);
      const auth = await authOf(settings, io, redactor);
      const call = callOf(config, settings, operation, parameters, auth, redactor);
      const answer = await http.call(call, io.signal);
      if (answer.status >= 400) throw statusError(call, answer);
      return answer.body;
    },
    close: () => Promise.resolve(),
  };
}

async function authOf(
  { auth, headers }: HttpServiceSettings,
  io: BlockIo,
  redactor: Redactor,
): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const [name, text] of Object.entries(headers)) all[name] = await renderSecrets(text, io, redactor);
  if (auth === undefined) return all;
  if ('bearer' in auth) {
    all['authorization'] = `Bearer ${await renderSecrets(auth.bearer, io, redactor)}`;
  } else if ('basic' in auth) {
    const username = await renderSecrets(auth.basic.username, io, redactor);
    const password = await renderSecrets(auth.basic.password, io, redactor);
    const both = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
    redactor.add('credentials', both);
    all['authorization'] = `Basic ${both}`;
  } else {
    all[auth.header.name] = await renderSecrets(auth.header.value, io, redactor);
  }
  return all;
}

interface Placed {
  path: string;
  readonly query: JsonObject;
  readonly headers: JsonObject;
  readonly body: JsonObject;
}

/** Puts each parameter where the operation wants it. */
function place(settings: ConnectorConfig, operation: HttpOperation, parameters: JsonObject): Placed {
  const placed: Placed = { path: operation.path, query: {}, headers: {}, body: {} };
  for (const [name, value] of Object.entries(parameters)) {
    const known = operation.parameters?.[name];
    // A parameter with a type is left out by giving nothing; one that may be null says so in its schema.
    if (value === null && known?.type !== undefined) continue;
    const inPath = operation.path.includes(`{${name}}`);
    const usual = WITH_BODY.includes(operation.method) ? 'body' : 'query';
    const where = known?.in ?? (inPath ? 'path' : usual);
    if (where === 'path')
      placed.path = placed.path.replaceAll(`{${name}}`, () => inUrl(settings, name, value));
    else if (where === 'query') placed.query[name] = value;
    else if (where === 'header') placed.headers[name] = value;
    else placed.body[name] = value;
  }
  return placed;
}

/** A path segment: `..` would be another address. */
function inUrl({ service, operation }: ConnectorConfig, name: string, value: Json): string {
  const text = typeof value === 'object' ? '' : String(value);
  if (text !== '' && text !== '.' && text !== '..') return encodeURIComponent(text);
  throw new BlockError(
    'ConfigInvalid',
    `operation "${operation}" of service "${service}" cannot have ${JSON.stringify(value)} as "${name}", a part of its path`,
  );
}

function callOf(
  settings: ConnectorConfig,
  service: HttpServiceSettings,
  operation: HttpOperation,
  parameters: JsonObject,
  auth: Readonly<Record<string, string>>,
  redactor: Redactor,
): HttpCall {
  const { path, query, headers, body } = place(settings, operation, parameters);
  const hasBody = WITH_BODY.includes(operation.method) || Object.keys(body).length > 0;
  return {
    method: operation.method,
    url: withQuery(`${service.baseUrl.replace(/\/+$/, '')}${path}`, query),
    headers: headersOf({ ...headers, ...auth }, hasBody ? 'application/json' : null),
    body: hasBody ? JSON.stringify(body) : null,
    timeoutMs: settings.timeoutSeconds * 1000,
    redirects: 5,
    maxResponseBytes: RESPONSE_MOST_BYTES,
    repeatable: mayRepeat(operation.method, settings.attempts),
    redactor,
    // The platform named the service, so it may be anywhere; where it redirects to is another matter.
    trusted: hostAndPort(new URL(service.baseUrl)),
  };
}
