import { httpRequestConfigSchema, type HttpRequestConfig } from '../../contracts/blocks-config';
import { type Block } from '../../contracts/flow';
import { type Json } from '../../contracts/json';
import { BlockError } from './errors';
import { describe, type HttpAnswer, type HttpCall, type HttpCaller } from './http-caller';
import { mayRepeat, statusMayPass } from './http-errors';
import { isObject } from './json';
import { type Sandbox } from './sandbox';
import { render, type Rendered } from './template';
import { type BlockExecutor } from './types';

/** Sends one request and delivers `{status, headers, body}`; statuses of `failOn` make the attempt fail instead. */
export function httpRequestBlock(sandbox: Sandbox, http: HttpCaller): BlockExecutor {
  return {
    type: 'http-request',
    kind: 'external',
    execute: async (config, io) => {
      const settings = httpRequestConfigSchema.parse(config);
      const call = callOf(settings, await render(templatesOf(config), io, sandbox));
      io.heartbeat();
      const answer = await http.call(call, io.signal);
      if (failsOn(answer.status, settings.failOn)) throw statusError(call, answer);
      return { value: { ...answer, headers: { ...answer.headers } } };
    },
  };
}

/** The fields of the config that hold templates. */
function templatesOf({ url, headers, query, body }: Block['config']): Json {
  return { url: url ?? null, headers: headers ?? {}, query: query ?? {}, body: body ?? null };
}

function callOf(settings: HttpRequestConfig, { value, redactor }: Rendered): HttpCall {
  const { url = null, headers, query, body } = isObject(value) ? value : {};
  if (typeof url !== 'string') {
    throw new BlockError(
      'HttpUrlInvalid',
      `the address came out as ${JSON.stringify(url)}; it must be a text`,
    );
  }
  const content = isObject(body) ? contentOf(body) : { text: null, type: null };
  return {
    method: settings.method,
    url: withQuery(url, isObject(query) ? query : {}),
    headers: headersOf(isObject(headers) ? headers : {}, content.type),
    body: content.text,
    timeoutMs: settings.timeoutSeconds * 1000,
    redirects: settings.redirects,
    maxResponseBytes: settings.maxResponseBytes,
    repeatable: mayRepeat(settings.method, settings.attempts),
    redactor,
  };
}

function contentOf({ json, text }: Record<string, Json>): { text: string; type: string } {
  if (json !== undefined) return { text: JSON.stringify(json), type: 'application/json' };
  return { text: textOf(text ?? ''), type: 'text/plain; charset=utf-8' };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Adds parameters to an address. A list is repeated, null left out. An address that is none stays as it is. */
export function withQuery(url: string, query: Readonly<Record<string, Json>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((item): [string, string][] =>
      item === null ? [] : [[name, textOf(item)]],
    ),
  );
  if (given.length === 0 || !URL.canParse(url)) return url;
  const whole = new URL(url);
  for (const [name, value] of given) whole.searchParams.append(name, value);
  return whole.href;
}

/** Names in lower case; null is left out. What the author gives goes before what is usual. */
export function headersOf(
  given: Readonly<Record<string, Json>>,
  contentType: string | null,
): Record<string, string> {
  const own = Object.entries(given).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name.toLowerCase(), headerValue(name, textOf(value))]],
  );
  return {
    'user-agent': 'temporal-flow-credits',
    accept: '*/*',
    ...(contentType === null ? {} : { 'content-type': contentType }),
    ...Object.fromEntries(own),
  };
}

function headerValue(name: string, value: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw new BlockError(
      'ConfigInvalid',
      `header "${name}" came out with characters a header must not have; encode it, with $encodeUrlComponent`,
    );
  }
  return value;
}

function failsOn(status: number, failOn: HttpRequestConfig['failOn']): boolean {
  return failOn.some((item) => item === status || item === `${Math.floor(status / 100)}xx`);
}

const EXCERPT = 200;

/** A status that counts as a failure. `Retry-After` is passed on to whoever tries again. */
export function statusError(call: HttpCall, { status, headers, body }: HttpAnswer): BlockError {
  const said = body === null ? '' : `: ${textOf(body).slice(0, EXCERPT)}`;
  const retryable = statusMayPass(status, call.repeatable);
  const retryAfterMs = retryable ? retryAfter(headers['retry-after'] ?? '') : null;
  return new BlockError('HttpStatus', `${describe(call)} answered ${status}${said}`, {
    retryable,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

const RETRY_AFTER_MOST_MS = 5 * 60_000;

/** Seconds or a date, as milliseconds from now, at most five minutes; null if it is neither. */
export function retryAfter(text: string): number | null {
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), RETRY_AFTER_MOST_MS);
}
