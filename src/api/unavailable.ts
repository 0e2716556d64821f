import { Problem } from './problem';

/** gRPC: UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED (by a connection that ended), RESOURCE_EXHAUSTED. */
const GRPC_AWAY: ReadonlySet<unknown> = new Set([14, 4, 1, 8]);
const NETWORK_AWAY = /^(ECONN|ENOTFOUND|EPIPE|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
/** Postgres: connection exceptions, an administrator's or a crash's shutdown, starting up, too many connections. */
const POSTGRES_AWAY = /^(08...|57P0[1-5]|53300|55000)$/;
const CONNECTION_LOST =
  /connection terminated|timeout exceeded when trying to connect|client has encountered/i;

/** Which server is away where an error says so; null for any other error. */
export function serverAway(error: unknown): 'Temporal' | 'Postgres' | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'number' && 'details' in at && GRPC_AWAY.has(code)) return 'Temporal';
    if (at.name === 'ServiceError' && at.cause === undefined) return 'Temporal';
    if (typeof code === 'string' && (NETWORK_AWAY.test(code) || POSTGRES_AWAY.test(code))) return 'Postgres';
    if (at instanceof AggregateError && at.errors.some((one) => serverAway(one) !== null)) return 'Postgres';
    if (CONNECTION_LOST.test(at.message)) return 'Postgres';
  }
  return null;
}

const RETRY_AFTER_SECONDS = '5';

export function unavailable(what: string, cause?: unknown): Problem {
  return new Problem(
    'unavailable',
    `${what}; try again, with the same Idempotency-Key where it changes something`,
    {
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
      cause,
    },
  );
}
