import { type HttpMethod } from '../../contracts/blocks-config';
import { BlockError } from './errors';

/** Codes of Node and undici that say the request never reached a server that could act on it. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Codes of a certificate that will be no better the next time. */
const TLS =
  /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

const REPEATABLE: readonly HttpMethod[] = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];

/** Statuses that may be another the next time. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Of these, the ones by which a server says that it has not acted. */
const REFUSED = new Set([425, 429, 503]);

/**
 * Whether a request may be sent again although the first one may have been acted on: where its method says so, or the
 * author does, by giving `attempts`.
 */
export function mayRepeat(method: HttpMethod, attempts: number | undefined): boolean {
  return REPEATABLE.includes(method) || (attempts !== undefined && attempts > 1);
}

export function statusMayPass(status: number, repeatable: boolean): boolean {
  return PASSING.has(status) && (repeatable || REFUSED.has(status));
}

interface Cause {
  readonly code: string;
  readonly message: string;
}

/** A member of what was thrown, whatever that is: `instanceof` would miss the errors of another realm. */
function member(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** The code of an error of Node or undici, or ''. */
export function codeOf(error: unknown): string {
  const code = member(error, 'code');
  return typeof code === 'string' ? code : '';
}

const CAUSES_MOST = 5;

/** The innermost error that has a code: undici wraps what Node says, and Node what it tried on several addresses. */
function causeOf(error: unknown): Cause {
  const message = member(error, 'message');
  let found: Cause = { code: '', message: typeof message === 'string' ? message : 'it broke' };
  let inner: unknown = error;
  for (let depth = 0; inner !== undefined && inner !== null && depth < CAUSES_MOST; depth += 1) {
    const code = codeOf(inner);
    if (code !== '') found = { code, message: String(member(inner, 'message')) };
    const several = member(inner, 'errors');
    inner = Array.isArray(several) ? several[0] : member(inner, 'cause');
  }
  return found;
}

/** What went wrong on the way to a response, as a block's failure. `what` is `GET https://host/path`. */
export function connectionError(what: string, error: unknown, repeatable: boolean): BlockError {
  const { code, message } = causeOf(error);
  if (TLS.test(code)) {
    return new BlockError('HttpTls', `${what}: the server's certificate was refused (${code})`);
  }
  if (member(error, 'name') === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new BlockError('HttpResponseInvalid', `${what}: the answer is not HTTP (${message})`);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new BlockError('HttpUrlInvalid', `${what}: the request cannot be sent: ${message}`);
  }
  return new BlockError(
    'HttpUnreachable',
    `${what}: no answer (${code === '' ? message : code}); see that the host is up and the address right`,
    { retryable: repeatable || NOT_SENT.has(code) },
  );
}
