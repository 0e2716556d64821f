import { type LookupFunction } from 'node:net';
import { request, type Dispatcher } from 'undici';
import { type HttpMethod } from '../../contracts/blocks-config';
import { sizeText } from '../../contracts/blocks-size';
import { type Json } from '../../contracts/json';
import { BlockError } from './errors';
import { allowList } from './http-allow';
import { BodyTooLarge, bodyValue, readBody } from './http-body';
import { codeOf, connectionError } from './http-errors';
import { AddressRefused, guardedDispatcher } from './http-guard';
import { type Redactor } from './redact';

/** One request, complete: nothing in it is a template any more, and it may hold secrets. */
export interface HttpCall {
  readonly method: HttpMethod;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly redirects: number;
  readonly maxResponseBytes: number;
  /** Whether it may be sent again although it may have been acted on. */
  readonly repeatable: boolean;
  readonly redactor: Redactor;
  /** `host:port` that this call may reach wherever it is, because the platform itself named it. */
  readonly trusted?: string;
}

export interface HttpCallerOptions {
  /** What flows may reach although it is not on the public internet; see `http-allow.ts`. Default: nothing. */
  readonly allow?: readonly string[] | undefined;
  /** How names become addresses. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/** The answer, without secrets. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** The answer as it came. */
export interface HttpDownload {
  readonly status: number;
  readonly bytes: Buffer;
}

/** Reads the answer to the last request: the first, or where it was redirected to. */
type Read<T> = (call: HttpCall, response: Dispatcher.ResponseData) => Promise<T>;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Sends requests over connections it keeps, to where they may go. One per worker; close it. */
export class HttpCaller {
  /**
   * By what their calls may reach beside the rest. A connection to what only the platform's own service may reach must not
   * serve anybody else's request.
   */
  private readonly dispatchers = new Map<string, Dispatcher>();

  constructor(private readonly options: HttpCallerOptions = {}) {
    // What is wrong with the list is found at the start.
    this.dispatcherFor();
  }

  /**
   * Sends a request, follows its redirects and reads the answer, whatever its status. Throws `BlockError`, or the
   * signal's reason; after the signal is aborted nothing is sent.
   */
  call(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    return this.within(call, signal, answerOf);
  }

  /** The same for what is no text: the body as it came. */
  download(call: HttpCall, signal: AbortSignal): Promise<HttpDownload> {
    return this.within(call, signal, async (last, response) => ({
      status: response.statusCode,
      bytes: await bodyOf(last, response),
    }));
  }

  private async within<T>(call: HttpCall, signal: AbortSignal, read: Read<T>): Promise<T> {
    signal.throwIfAborted();
    const timeout = new AbortController();
    const timer = setTimeout(() => {
      timeout.abort();
    }, call.timeoutMs);
    try {
      return await this.follow(call, AbortSignal.any([signal, timeout.signal]), read);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BlockError) throw error;
      if (timeout.signal.aborted) throw timedOut(call);
      throw connectionError(describe(call), error, call.repeatable);
    } finally {
      clearTimeout(timer);
    }
  }

  private async follow<T>(first: HttpCall, signal: AbortSignal, read: Read<T>): Promise<T> {
    let call = first;
    for (let followed = 0; ; followed += 1) {
      const response = await this.send(call, signal);
      const location = headerOf(response, 'location');
      const redirected = REDIRECTS.has(response.statusCode) && location !== '';
      if (!redirected || first.redirects === 0) return await read(call, response);
      await response.body.dump();
      if (followed === first.redirects) {
        throw new BlockError(
          'HttpRedirect',
          `${describe(first)}: more than ${first.redirects} redirects; raise "redirects", or see whether they go in a circle`,
        );
      }
      call = redirect(call, response.statusCode, location);
    }
  }

  private async send(call: HttpCall, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    signal.throwIfAborted();
    const url = urlOf(call);
    try {
      return await request(url, {
        dispatcher: this.dispatcherFor(call.trusted),
        method: call.method,
        headers: call.headers,
        body: call.body,
        signal,
      });
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      throw new BlockError('HttpAddressRefused', `${describe(call)}: ${call.redactor.text(error.message)}`);
    }
  }

  private dispatcherFor(trusted = ''): Dispatcher {
    const { allow = [], lookup } = this.options;
    const known = this.dispatchers.get(trusted);
    if (known !== undefined) return known;
    const made = guardedDispatcher({
      allow: allowList(trusted === '' ? allow : [...allow, trusted]),
      lookup,
    });
    this.dispatchers.set(trusted, made);
    return made;
  }

  /** Closes all connections; what is still on its way fails. */
  async close(): Promise<void> {
    await Promise.all([...this.dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
  }
}

function urlOf(call: HttpCall): URL {
  const url = URL.canParse(call.url) ? new URL(call.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new BlockError(
      'HttpUrlInvalid',
      `"${call.redactor.text(call.url).slice(0, 200)}" is no address; it must begin with "http://" or "https://"`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new BlockError(
      'HttpUrlInvalid',
      `the address of ${url.host} holds a user or a password; put them in a header, by {{secret:NAME}}`,
    );
  }
  return url;
}

/** `GET https://host/path`: no query, which is where keys tend to be. */
export function describe({ method, url, redactor }: HttpCall): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const address = parsed === null ? url : `${parsed.origin}${parsed.pathname}`;
  return `${method} ${redactor.text(address).slice(0, 300)}`;
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

async function answerOf(call: HttpCall, response: Dispatcher.ResponseData): Promise<HttpAnswer> {
  const { redactor } = call;
  const body = await bodyOf(call, response);
  const headers = Object.fromEntries(
    Object.keys(response.headers).map((name) => [name, redactor.text(headerOf(response, name))]),
  );
  const value = redactor.json(bodyValue(body, headerOf(response, 'content-type')));
  return { status: response.statusCode, headers, body: value };
}

async function bodyOf(call: HttpCall, response: Dispatcher.ResponseData): Promise<Buffer> {
  try {
    // The headers of a HEAD speak of a body that does not come.
    const encoding = call.method === 'HEAD' ? '' : headerOf(response, 'content-encoding');
    return await readBody(response.body, encoding, call.maxResponseBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw tooLarge(call);
    if (/^(Z_|ERR_.*BROTLI)/.test(codeOf(error))) {
      throw new BlockError(
        'HttpResponseInvalid',
        `${describe(call)}: the body is not what its content-encoding says`,
      );
    }
    throw error;
  }
}

function tooLarge(call: HttpCall): BlockError {
  return new BlockError(
    'HttpResponseTooLarge',
    `${describe(call)}: the answer is larger than ${sizeText(call.maxResponseBytes)}; ask for less, or raise "maxResponseBytes"`,
  );
}

function timedOut(call: HttpCall): BlockError {
  return new BlockError(
    'HttpTimeout',
    `${describe(call)}: no complete answer within ${call.timeoutMs / 1000} s; raise "timeoutSeconds" if it takes that long`,
    { retryable: call.repeatable },
  );
}

/** Headers that are for the first server only. */
const PRIVATE = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);
const OF_BODY = new Set(['content-type', 'content-length', 'content-encoding', 'content-language']);

/**
 * The next request. As in browsers, 303 (and 301, 302 after POST) becomes a GET without body. To another origin no
 * secret follows: neither the private headers nor any that holds one; a body or address that holds one is refused.
 */
function redirect(call: HttpCall, status: number, location: string): HttpCall {
  const from = new URL(call.url);
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to === null) {
    throw new BlockError('HttpRedirect', `${describe(call)}: it redirects to an address that is none`);
  }
  const toGet =
    (status === 303 && call.method !== 'HEAD') ||
    ((status === 301 || status === 302) && call.method === 'POST');
  const body = toGet ? null : call.body;
  const elsewhere = to.origin !== from.origin;
  if (elsewhere && (call.redactor.finds(body ?? '') || call.redactor.finds(to.href))) {
    throw new BlockError(
      'HttpRedirect',
      `${describe(call)}: it redirects to ${to.origin}, which would be sent a secret; call that address itself if it is to have it`,
    );
  }
  const headers = Object.entries(call.headers).filter(
    ([name, value]) =>
      !(toGet && OF_BODY.has(name)) && !(elsewhere && (PRIVATE.has(name) || call.redactor.finds(value))),
  );
  return {
    ...call,
    url: to.href,
    method: toGet ? 'GET' : call.method,
    body,
    headers: Object.fromEntries(headers),
  };
}
