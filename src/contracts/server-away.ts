/** gRPC: UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED (by a connection that ended), RESOURCE_EXHAUSTED. */
const GRPC_AWAY: ReadonlySet<unknown> = new Set([14, 4, 1, 8]);
const NETWORK_AWAY = /^(ECONN|ENOTFOUND|EPIPE|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/;
/** Postgres: connection exceptions, an administrator's or a crash's shutdown, starting up, too many connections. */
const POSTGRES_AWAY = /^(08...|57P0[1-5]|53300|55000)$/;
const CONNECTION_LOST =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|query read timeout|client has encountered/i;

/** What an error is told apart by. Not by its class: those of the network may come from elsewhere. */
interface Told {
  readonly code?: unknown;
  readonly details?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Which server is away where an error says so; null for any other error. */
export function serverAway(error: unknown): 'Temporal' | 'Postgres' | null {
  for (let at: unknown = error, depth = 0; isTold(at) && depth < CAUSES_MOST; at = at.cause, depth += 1) {
    const { code, name, message, errors } = at;
    if (typeof code === 'number' && at.details !== undefined && GRPC_AWAY.has(code)) return 'Temporal';
    if (name === 'ServiceError' && at.cause === undefined) return 'Temporal';
    if (typeof code === 'string' && (NETWORK_AWAY.test(code) || POSTGRES_AWAY.test(code))) return 'Postgres';
    if (Array.isArray(errors) && errors.some((one) => serverAway(one) !== null)) return 'Postgres';
    if (typeof message === 'string' && CONNECTION_LOST.test(message)) return 'Postgres';
  }
  return null;
}

const CAUSES_MOST = 8;

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null;
}
