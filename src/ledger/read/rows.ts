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

/** A Postgres that is silent, and not gone, is known by this: a partition, a machine that was stopped. */
const CONNECT_WITHIN_MS = 5_000;
/** More than the longest page of `verify` takes. */
const ANSWER_WITHIN_MS = 30_000;

/** A small pool whose every transaction is read-only: a report can change nothing, whoever wrote it. */
export function readOnlyPool(databaseUrl: string): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 4,
    application_name: 'flow-credits-read',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
    options: '-c default_transaction_read_only=on',
  });
  // An idle connection that breaks is replaced by the pool; the next query says if the database is still away.
  pool.on('error', () => undefined);
  return pool;
}
