import { Client } from 'pg';

/**
 * Where a database is, as people may read it: host, port and name, never a password. Null where the URL is none of
 * Postgres's. What it leaves out is as the driver has it.
 */
export function databaseAddress(databaseUrl: string): string | null {
  // The driver takes any other text for the name of a database on a host called "base".
  if (!/^((postgres(ql)?:\/\/)|socket:|\/)/.test(databaseUrl)) return null;
  try {
    const { host, port, database } = new Client({ connectionString: databaseUrl });
    return host.startsWith('/')
      ? `${host} (database ${database ?? ''})`
      : `${host}:${port}/${database ?? ''}`;
  } catch {
    return null;
  }
}
