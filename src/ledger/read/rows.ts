import { Pool, type CustomTypesConfig } from 'pg';
import { type RawRow } from '../store/rows/cells';

/** Rows as text, so that no amount ever passes through a float. */
const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

export type Parameter = string | number | boolean | null | readonly string[];

/** Runs one query of a fixed text. A reader's only reads: its pool's connections are opened read-only. */
export type Query = (text: string, parameters?: readonly Parameter[]) => Promise<readonly RawRow[]>;

interface Queryable {
  query(config: {
    text: string;
    values: unknown[];
    rowMode: 'array';
    types: CustomTypesConfig;
  }): Promise<{ rows: RawRow[] }>;
}

export function queryOn(source: Queryable): Query {
  return async (text, parameters = []) => {
    const { rows } = await source.query({ text, values: [...parameters], rowMode: 'array', types: AS_TEXT });
    return rows;
  };
}

/** How long a reader waits for a Postgres that is silent, and not gone: a partition, a machine that was stopped. */
export interface ReaderPatience {
  /** For a connection. Default 5,000. */
  readonly connectWithinMs?: number;
  /** For the answer to one query. Default 30,000: more than the longest page of `verify` takes. */
  readonly answerWithinMs?: number;
}

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 30_000;

/** A small pool whose every transaction is read-only: a report can change nothing, whoever wrote it. */
export function readOnlyPool(
  databaseUrl: string,
  { connectWithinMs = CONNECT_WITHIN_MS, answerWithinMs = ANSWER_WITHIN_MS }: ReaderPatience = {},
): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 4,
    application_name: 'flow-credits-read',
    connectionTimeoutMillis: connectWithinMs,
    query_timeout: answerWithinMs,
    keepAlive: true,
    options: '-c default_transaction_read_only=on',
  });
  // An idle connection that breaks is replaced by the pool; the next query says if the database is still away.
  pool.on('error', () => undefined);
  return pool;
}
