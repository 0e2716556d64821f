import { cutText } from '../contracts/blocks-size';

/** Names of what must not be in a log, wherever it stands. */
const SECRET_NAME =
  /authorization|cookie|password|passwd|secret|token|api[-_]?key|credential|private[-_]?key/i;
const MASK = '[redacted]';
/** Deeper than this nobody reads; a workflow's info is three deep. */
const DEEPEST = 6;
const LONGEST_TEXT = 8_000;

export interface LogEntry {
  readonly level: string;
  readonly message: string;
  /** Nanoseconds since 1970. */
  readonly timestampNanos: bigint;
  readonly meta?: unknown;
}

/** One line of JSON: when, how grave, what, and what it is about. Holds no value of a name that is a secret's. */
export function logLine({ level, message, timestampNanos, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const about = plain(meta, 0);
  const attributes = typeof about === 'object' && about !== null ? about : {};
  return JSON.stringify({ ...attributes, time, level: level.toLowerCase(), message: masked(message) });
}

/** As JSON takes it: errors with their causes, amounts as text, what goes round in circles cut off. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return masked(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  return members(Object.entries(value), depth);
}

function plainError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  return {
    // Whatever else it carries: the code of a driver, the type of a failure.
    ...members(Object.entries(error), depth),
    name,
    message: masked(message),
    ...(stack === undefined ? {} : { stack: masked(stack) }),
    ...(cause === undefined ? {} : { cause: plain(cause, depth + 1) }),
  };
}

function members(entries: readonly (readonly [string, unknown])[], depth: number): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_NAME.test(name) ? MASK : plain(value, depth + 1)]),
  );
}

/** Texts may quote an address with its password, or a header. */
export function masked(text: string): string {
  return cutText(text, LONGEST_TEXT)
    .replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]+@/gi, `$1:${MASK}@`)
    .replaceAll(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`)
    .replaceAll(/\bwhsec_[\w+/=-]+/g, MASK)
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK);
}
