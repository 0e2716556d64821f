import { Pool, type PoolClient, type QueryConfig } from 'pg';
import { FUNDS_MILLICREDITS, PRICE_MILLICREDITS, type Contender, type Workload } from './contender';

const schemaOf = (schema: string): string => `
  DROP SCHEMA IF EXISTS ${schema} CASCADE;
  CREATE SCHEMA ${schema};
  CREATE TABLE ${schema}.teams (
    team_id text PRIMARY KEY,
    available bigint NOT NULL CHECK (available >= 0),
    held bigint NOT NULL CHECK (held >= 0)
  ) WITH (fillfactor = 50);
  CREATE TABLE ${schema}.reservations (
    team_id text,
    run_id text,
    key text,
    amount bigint NOT NULL,
    committed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (team_id, run_id, key)
  ) WITH (fillfactor = 70);
  CREATE TABLE ${schema}.entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id text NOT NULL,
    run_id text NOT NULL,
    key text NOT NULL,
    amount bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
  );`;

/** On its connections the tables are found by their names alone. */
const LOCK = 'SELECT available, held FROM teams WHERE team_id = $1 FOR UPDATE';
const HOLD = 'UPDATE teams SET available = available - $2, held = held + $2 WHERE team_id = $1';
const RESERVE =
  'INSERT INTO reservations (team_id, run_id, key, amount) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING';
const SPEND = 'UPDATE teams SET held = held - $2 WHERE team_id = $1';
const COMMIT =
  'UPDATE reservations SET committed = true WHERE team_id = $1 AND run_id = $2 AND key = $3 AND NOT committed';
const ENTRY = 'INSERT INTO entries (team_id, run_id, key, amount) VALUES ($1, $2, $3, $4)';

/**
 * What one would write first: a transaction per operation that locks the team's row, checks, and writes. Prepared
 * statements and a connection pool; one caller in the pool's queue per connection in use.
 */
export async function textbook(databaseUrl: string, connections: number): Promise<Contender> {
  const schema = `bench_textbook_${connections}`;
  const pool = new Pool({
    connectionString: databaseUrl,
    max: connections,
    options: `-c search_path=${schema}`,
  });
  await pool.query(schemaOf(schema));
  let prepared = 0;
  return {
    name: `textbook, ${connections} connections`,
    prepare: (teams) => {
      prepared += 1;
      return prepare(pool, `w${prepared}`, teams);
    },
    close: () => pool.end(),
  };
}

async function prepare(pool: Pool, name: string, teams: number): Promise<Workload> {
  await pool.query(`INSERT INTO teams SELECT $1 || '-' || n, $2, 0 FROM generate_series(0, $3 - 1) AS n`, [
    name,
    FUNDS_MILLICREDITS.toString(),
    teams,
  ]);
  const teamOf = (caller: number): string => `${name}-${caller % teams}`;
  const price = PRICE_MILLICREDITS.toString();
  return {
    reserve: (caller, key) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ available: string }>(named('lock', LOCK, [teamOf(caller)]));
        if (BigInt(rows[0]?.available ?? '0') < PRICE_MILLICREDITS) throw new Error('nothing is left');
        await client.query(named('reserve', RESERVE, [teamOf(caller), `run-${caller}`, key, price]));
        await client.query(named('hold', HOLD, [teamOf(caller), price]));
      }),
    commit: (caller, key) =>
      inTransaction(pool, async (client) => {
        await client.query(named('lock', LOCK, [teamOf(caller)]));
        const { rowCount } = await client.query(
          named('commit', COMMIT, [teamOf(caller), `run-${caller}`, key]),
        );
        if (rowCount !== 1) throw new Error('nothing was reserved, or it is committed already');
        await client.query(named('entry', ENTRY, [teamOf(caller), `run-${caller}`, key, price]));
        await client.query(named('spend', SPEND, [teamOf(caller), price]));
      }),
  };
}

function named(name: string, text: string, values: string[]): QueryConfig {
  return { name, text, values };
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
