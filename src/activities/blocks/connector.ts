import {
  connectorConfigSchema,
  RESPONSE_MOST_BYTES,
  type ConnectorConfig,
} from '../../contracts/blocks-config';
import { didYouMean } from '../../contracts/blocks-suggest';
import { type Json } from '../../contracts/json';
import { type ConnectorOperation, type ConnectorService, type ConnectorServices } from './connector-services';
import { BlockError } from './errors';
import { type HttpCall, type HttpCaller } from './http-caller';
import { mayRepeat } from './http-errors';
import { headersOf, statusError, withQuery } from './http-request';
import { isObject, type JsonObject } from './json';
import { type Redactor } from './redact';
import { type Sandbox } from './sandbox';
import { render, renderSecrets } from './template';
import { type BlockExecutor, type BlockIo } from './types';

/**
 * Calls a named operation of a service the platform configured, and delivers the body of its answer. Any status but 2xx
 * and 3xx is a failure: who needs to tell them apart connects `error`.
 */
export function connectorBlock(
  sandbox: Sandbox,
  http: HttpCaller,
  services: ConnectorServices,
): BlockExecutor {
  return {
    type: 'connector',
    kind: 'external',
    execute: async (config, io) => {
      const settings = connectorConfigSchema.parse(config);
      const service = named(services, settings.service, 'service');
      const operation = named(service.operations, settings.operation, `operation of "${settings.service}"`);
      const { value, redactor } = await render(config['parameters'] ?? {}, io, sandbox);
      const parameters = isObject(value) ? value : {};
      const auth = await authOf(service, io, redactor);
      const call = callOf(settings, service, operation, parameters, auth, redactor);
      io.heartbeat();
      const answer = await http.call(call, io.signal);
      if (answer.status >= 400) throw statusError(call, answer);
      return { value: answer.body };
    },
  };
}

function named<T>(all: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  throw new BlockError(
    'ConnectorUnknown',
    `this worker has no ${what} named "${name}"${didYouMean(name, Object.keys(all))}`,
  );
}

async function authOf(
  { auth, headers }: ConnectorService,
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

const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** Puts each parameter where the operation wants it. */
function place(settings: ConnectorConfig, operation: ConnectorOperation, parameters: JsonObject): Placed {
  const placed: Placed = { path: operation.path, query: {}, headers: {}, body: {} };
  const known = operation.parameters;
  for (const [name, value] of Object.entries(parameters)) {
    if (known !== undefined && !Object.hasOwn(known, name)) {
      throw invalid(settings, `has no parameter "${name}"${didYouMean(name, Object.keys(known))}`);
    }
    const inPath = operation.path.includes(`{${name}}`);
    const usual = WITH_BODY.includes(operation.method) ? 'body' : 'query';
    const where = known?.[name]?.in ?? (inPath ? 'path' : usual);
    if (where === 'path')
      placed.path = placed.path.replaceAll(`{${name}}`, () => inUrl(settings, name, value));
    else if (where === 'query') placed.query[name] = value;
    else if (where === 'header') placed.headers[name] = value;
    else placed.body[name] = value;
  }
  const missing = Object.entries(known ?? {}).find(
    ([name, { required }]) => required && (parameters[name] ?? null) === null,
  );
  const hole = missing?.[0] ?? /\{([^}]+)\}/.exec(placed.path)?.[1];
  if (hole !== undefined) throw invalid(settings, `needs the parameter "${hole}"`);
  return placed;
}

/** A path segment: `..` would be another address. */
function inUrl(settings: ConnectorConfig, name: string, value: Json): string {
  const text = typeof value === 'object' ? '' : String(value);
  if (text === '' || text === '.' || text === '..') {
    throw invalid(settings, `cannot have ${JSON.stringify(value)} as "${name}", a part of its path`);
  }
  return encodeURIComponent(text);
}

function invalid({ service, operation }: ConnectorConfig, what: string): BlockError {
  return new BlockError('ConfigInvalid', `operation "${operation}" of service "${service}" ${what}`);
}

function callOf(
  settings: ConnectorConfig,
  service: ConnectorService,
  operation: ConnectorOperation,
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

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
