import { Client, type ClientConfig, type CustomTypesConfig } from 'pg';
import { type Instant } from '../../contracts/time';
import { type Statement } from './columns';
import { messageOf } from '../../contracts/error-text';
import { ConnectionLost } from './errors';
import { type RawRow } from './rows/cells';

/** Columns arrive as text; `rows/` reads them. */
const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/**
 * What a connection is set to. All statements find their rows by index from a handful of keys, whatever the statistics
 * of a young table say: so the plan is made once, for any parameters, and never reads a whole table. Rights are those
 * of the worker's role where the user may take it, so that not even our own mistake changes an entry.
 */
const SETTINGS = `
  SELECT set_config(name, value, false) FROM (VALUES
    ('plan_cache_mode', 'force_generic_plan'),
    ('enable_seqscan', 'off'),
    ('enable_hashjoin', 'off'),
    ('enable_mergejoin', 'off'),
    ('enable_bitmapscan', 'off'),
    ('enable_material', 'off'),
    ('jit', 'off')
  ) AS setting (name, value)
  UNION ALL
  SELECT set_config('role', rolname, false) FROM pg_roles
  WHERE rolname = 'flow_credits_worker' AND pg_has_role(session_user, oid, 'MEMBER')`;

export interface ConnectionOptions {
  readonly client: ClientConfig;
  /** Any one statement, waiting for a team's lock included. */
  readonly statementTimeoutMs: number;
  /** What time it is where that is the past. Left out: it is the present. */
  readonly past?: () => Instant;
}

/** One connection to Postgres in pipeline mode: statements are sent without waiting for the answers before them. */
export class Connection {
  private lost: Error | null = null;

  private constructor(
    private readonly client: Client,
    private readonly past: (() => Instant) | undefined,
  ) {
    client.on('error', (error) => {
      this.lost ??= error;
    });
    client.on('end', () => {
      this.lost ??= new Error('the connection to Postgres ended');
    });
  }

  /** Throws what Postgres or the network says. */
  static async open({ client: config, statementTimeoutMs, past }: ConnectionOptions): Promise<Connection> {
    const client = new Client({
      connectionTimeoutMillis: 5_000,
      application_name: 'flow-credits ledger',
      keepAlive: true,
      // A process that hangs within a transaction must not hold its teams' locks.
      idle_in_transaction_session_timeout: statementTimeoutMs,
      ...config,
      statement_timeout: statementTimeoutMs,
      pipeline: true,
    });
    const connection = new Connection(client, past);
    try {
      await client.connect();
      await client.query(SETTINGS);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  get usable(): boolean {
    return this.lost === null;
  }

  /** The ledger's time as Postgres told it, or a moment before it. Never a later one: no team gets ahead of the others. */
  timeOf(told: Instant): Instant {
    return this.past === undefined ? told : Math.min(told, this.past());
  }

  /** Sends a prepared statement. The rows' cells are text, in the order of the select list. */
  async query(statement: Statement, values: readonly (string | number | null)[]): Promise<readonly RawRow[]> {
    return (await this.send({ ...statement, values: [...values], rowMode: 'array', types: AS_TEXT })).rows;
  }

  /** Sends `BEGIN`, `COMMIT` or `ROLLBACK`. Returns the command's tag: a failed transaction's COMMIT is a ROLLBACK. */
  async command(text: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): Promise<string> {
    return (await this.send({ text })).command;
  }

  /** Sends what `send` sends in one piece. */
  together<T>(send: () => T): T {
    const { stream } = this.client.connection;
    stream.cork();
    try {
      return send();
    } finally {
      stream.uncork();
    }
  }

  private async send(query: {
    readonly text: string;
    readonly name?: string;
    readonly values?: (string | number | null)[];
    readonly rowMode?: 'array';
    readonly types?: CustomTypesConfig;
  }): Promise<{ readonly rows: readonly RawRow[]; readonly command: string }> {
    try {
      const { rows, command } = await this.client.query({ ...query, rowMode: 'array' });
      return { rows: rows as RawRow[], command };
    } catch (error) {
      // What the driver says by itself carries no code; it is always about the connection.
      if (error instanceof Error && !('code' in error && typeof error.code === 'string')) {
        throw new ConnectionLost(messageOf(this.lost ?? error), { cause: error });
      }
      throw error;
    }
  }

  /** Ends it politely. */
  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  /** Cuts it: whoever waits for an answer gets an error. */
  destroy(): void {
    this.lost ??= new Error('the connection was given up');
    this.client.connection.stream.destroy();
  }
}
