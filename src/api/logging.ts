import { randomUUID } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { masked } from '../ops/log-line';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** What must not be in a log, wherever an object is logged that holds it. */
const SECRETS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["proxy-authorization"]',
  '["x-api-key"]',
  'token',
  'password',
  'secret',
  'connectionString',
].flatMap((name) => {
  const path = name.startsWith('[') ? name : `.${name}`;
  return [path.replace(/^\./, ''), `*${path}`, `*.*${path}`];
});

export interface LogOptions {
  /** Default `info`. */
  readonly level?: string;
  /** Left out: standard output. */
  readonly stream?: { write(line: string): void };
}

/** Fastify's logger: JSON lines without secrets. Throws where the level is none. */
export function apiLogger({ level = 'info', stream }: LogOptions = {}): FastifyServerOptions['logger'] {
  const known = LEVELS.find((one) => one === level.toLowerCase());
  if (known === undefined) {
    throw new TypeError(`the log level "${level}" must be one of ${LEVELS.join(', ')}`);
  }
  return {
    level: known,
    redact: { paths: SECRETS, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    messageKey: 'message',
    serializers: { err: errorOf },
    ...(stream === undefined ? {} : { stream }),
  };
}

/** One line a request, when it is answered: who asked for what, and what came of it. One of `createApi`'s `around`. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { identity, method, routeOptions } = request;
    const [path = ''] = request.url.split('?');
    request.log.info(
      {
        method,
        path: masked(path),
        route: routeOptions.url ?? null,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
        ...(identity === null ? {} : { actor: identity.actor, role: identity.role, ownTeam: identity.team }),
      },
      'answered',
    );
    done();
  });
}

/** The caller's own id of a request, so that it is found in our logs as in theirs; a fresh one where it has none. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID();
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string | number;
  readonly cause?: unknown;
  readonly [more: string]: unknown;
}

/** An error with its causes; messages may quote an address with its password. */
function errorOf(error: Error): LoggedError {
  const { name, message, stack = '', cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message: masked(message),
    stack: masked(stack),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause instanceof Error ? { cause: errorOf(cause) } : {}),
  };
}
