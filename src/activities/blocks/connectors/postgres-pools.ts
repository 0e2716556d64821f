import { type Pool, type PoolClient } from 'pg';
import { aborting } from '../aborting';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Bounds how many connections a worker has to each database. A connection serves one statement and is closed: no setting,
 * temporary table or lock of one team's is there for the next.
 */
export class PostgresPools {
  private readonly pools = new Map<string, Pool>();
  private closed = false;

  constructor(private readonly connections: number) {}

  /** Throws what the network or Postgres says, or the signal's reason. */
  async connect(connectionString: string, signal: AbortSignal): Promise<PoolClient> {
    // When a block first needs it: a private runner without such a connector loads no client of a database.
    const { Pool } = await import('pg');
    signal.throwIfAborted();
    if (this.closed) throw new Error('the worker is going down');
    const known = this.pools.get(connectionString);
    const pool =
      known ??
      new Pool({
        connectionString,
        max: this.connections,
        maxUses: 1,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        application_name: 'flow-credits connector',
        keepAlive: true,
      });
    if (known === undefined) {
      pool.on('error', () => undefined);
      this.pools.set(connectionString, pool);
    }
    const connecting = pool.connect();
    try {
      return await aborting(connecting, signal);
    } catch (error) {
      connecting.then(
        (client) => {
          client.release(true);
        },
        () => undefined,
      );
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }
}
