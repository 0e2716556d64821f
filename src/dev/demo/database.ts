import { Client } from 'pg';

/**
 * A database of the demo's own on somebody's server: the demo moves the ledger's clock, and a ledger that is in use must
 * not see that.
 */
export async function databaseOfOurOwn(url: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `flow_credits_demo_${Date.now().toString(36)}`;
  await asOwner(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.toString(),
    drop: () => asOwner(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function asOwner(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
