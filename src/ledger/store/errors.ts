/** The ledger could not be reached in time. The operation may or may not have happened: repeating it is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** The queue is at its bound: the database does not keep up. Nothing happened; try again later. */
export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

/** One operation could not be carried out and changed nothing: senseless data, broken books, or a bug. */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault';
}

/** What to do about a failed transaction. */
export type Failure =
  /** The connection is gone or unusable: get another and try again. */
  | 'connection'
  /** Nothing is wrong with the operations: try again. */
  | 'transient'
  /** One of the operations is at fault. */
  | 'operation';

const LOST =
  /^(08...|57P0[1-5]|53...|28...|3D000|25006|25P0[1-4]|26000|0A000|ECONN\w+|EPIPE|ETIMEDOUT|E(HOST|NET)\w+|ENOTFOUND|EAI_AGAIN)$/;
/** Also a table, a column, a function or a right that is missing, as while somebody migrates: it concerns all alike. */
const AGAIN = /^(40...|55P03|57014|42P01|42703|42883|42501|3F000)$/;

/**
 * Sorts what Postgres, the driver or the network said. An error without a known code is the operation's own unless it
 * comes from the driver, whose own errors are all about its connection and carry no code.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConnectionLost) return 'connection';
  const code = stringOf(error, 'code');
  if (code === null) return 'operation';
  if (LOST.test(code)) return 'connection';
  if (AGAIN.test(code)) return 'transient';
  // Two processes created the same team: the second finds it there.
  if (code === '23505' && stringOf(error, 'constraint') === 'teams_pkey') return 'transient';
  return 'operation';
}

/** The connection is gone, as far as the driver told us. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

function stringOf(error: unknown, field: 'code' | 'constraint'): string | null {
  if (typeof error !== 'object' || error === null || !(field in error)) return null;
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : null;
}
