import { Pool, type PoolClient } from 'pg';
import { migrationFiles, rightsSql, type Migration } from './files';

/** What {@link migrate} did. */
export interface Migrated {
  /** Names of the migrations it applied; empty when the database was up to date. */
  readonly applied: readonly string[];
}

/** A number of our own among Postgres's advisory locks: "flowcred" in ASCII. */
const LOCK = '7380375150049584484';

/**
 * Brings the schema `flow_credits` up to date, in one transaction under one advisory lock: any number of processes may
 * call it at once. A database that is up to date is only read, so a worker without the right to change tables may call
 * it too. Throws when an applied migration was edited since, or what Postgres says when a change is not permitted.
 */
export async function migrate(target: string | Pool): Promise<Migrated> {
  const pool = typeof target === 'string' ? new Pool({ connectionString: target, max: 1 }) : target;
  try {
    const client = await pool.connect();
    try {
      return await migrateBy(client);
    } finally {
      client.release();
    }
  } finally {
    if (typeof target === 'string') await pool.end();
  }
}

async function migrateBy(client: PoolClient): Promise<Migrated> {
  const known = migrationFiles();
  if ((await missing(client, known)).length === 0 && (await rightsAreGiven(client))) return { applied: [] };
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    const todo = await missing(client, known);
    if (todo.length === known.length) await client.query(MIGRATIONS_TABLE);
    for (const migration of todo) {
      await client.query(migration.sql);
      await client.query('INSERT INTO flow_credits.migrations (number, name, checksum) VALUES ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
    }
    await client.query(rightsSql());
    await client.query('COMMIT');
    return { applied: todo.map(({ name }) => name) };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const MIGRATIONS_TABLE = `
  CREATE SCHEMA IF NOT EXISTS flow_credits;
  CREATE TABLE IF NOT EXISTS flow_credits.migrations (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** Those of `known` that the database does not have. Migrations it has beyond those are a newer version's: fine. */
async function missing(client: PoolClient, known: readonly Migration[]): Promise<readonly Migration[]> {
  // Not to_regclass(): its cache may not know yet what another process made while we waited for the lock.
  const { rows: table } = await client.query<{ there: boolean }>(`
    SELECT EXISTS (
      SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'flow_credits' AND tablename = 'migrations'
    ) AS there`);
  if (table[0]?.there !== true) return known;
  const { rows } = await client.query<Applied>('SELECT number, name, checksum FROM flow_credits.migrations');
  const applied = new Map(rows.map((row) => [row.number, row]));
  return known.filter((migration) => {
    const row = applied.get(migration.number);
    if (row !== undefined && row.checksum !== migration.checksum) {
      throw new Error(
        `migration "${migration.name}" is not the one this database was given ("${row.name}"): ` +
          'an applied migration is never edited; put it back and add a new one',
      );
    }
    return row === undefined;
  });
}

/** False while a role exists that has not been given its rights yet. */
async function rightsAreGiven(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ given: boolean }>(`
    SELECT coalesce(bool_and(has_table_privilege(rolname, 'flow_credits.migrations', 'SELECT')), true) AS given
    FROM pg_roles WHERE rolname IN ('flow_credits_worker', 'flow_credits_reader')`);
  return rows[0]?.given === true;
}
