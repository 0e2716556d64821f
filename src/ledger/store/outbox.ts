import { Pool, type ClientConfig, type PoolClient } from 'pg';
import { queryOn, type Query } from '../read/rows';
import { Cells, type RawRow } from './rows/cells';
import { EVENT, eventFrom, type EventOfTeam } from './rows/events';

/** An event whose turn it is. */
export interface DueEvent extends EventOfTeam {
  /** How often it was tried so far. */
  readonly attempts: number;
}

export interface FailedAttempt {
  readonly error: string;
  /** It is tried again after so many milliseconds; null: never again by itself. */
  readonly againInMs: number | null;
}

export interface EventId {
  readonly team: string;
  readonly seq: number;
}

/**
 * The ledger's time. Whether an event is due is asked of one clock, that of the database, whichever process asks: the
 * one that dated the event. Where a developer moves it forward, an event is due sooner and never later.
 */
const NOW =
  '(SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + offset_ms FROM flow_credits.ledger_clock)';

/** Rights are those of the worker's role where the user may take it, as everywhere. */
const TAKE_ROLE = `
  SELECT set_config('role', rolname, false) FROM pg_roles
  WHERE rolname = 'flow_credits_worker' AND pg_has_role(session_user, oid, 'MEMBER')`;

/** Marks may come from several activities at once; deliveries are far apart compared with them. */
const CONNECTIONS = 4;

/**
 * How the delivery of events goes. Events themselves are written with the transaction they happened in, and never
 * change; this changes their status alone. Each step may be done twice.
 */
export class Outbox {
  private pool: Pool | null = null;
  private readonly inRole = new WeakSet<PoolClient>();

  constructor(
    private readonly client: ClientConfig,
    private readonly statementTimeoutMs: number,
  ) {}

  /** Events whose turn it is, longest due first; those of a team that were not tried yet are in their order. */
  async due(limit: number): Promise<readonly DueEvent[]> {
    const rows = await this.query(
      `SELECT ${EVENT}, v.attempts FROM flow_credits.events v
       WHERE v.status = 'pending' AND v.due_ms <= ${NOW} ORDER BY v.due_ms, v.team_id, v.seq LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ ...eventFrom(row.slice(0, -1)), attempts: Number(row.at(-1)) }));
  }

  /** Milliseconds until the next pending event is due, 0 or less if one is; null if none is pending. */
  async nextDueInMs(): Promise<number | null> {
    const [row] = await this.query(
      `SELECT due_ms - ${NOW} FROM flow_credits.events WHERE status = 'pending' ORDER BY due_ms LIMIT 1`,
    );
    return row === undefined ? null : new Cells(row).int();
  }

  /** It was taken. Counts also where another attempt gave it up in the meantime. */
  async delivered({ team, seq }: EventId): Promise<void> {
    await this.query(
      `UPDATE flow_credits.events
       SET status = 'delivered', attempts = attempts + 1, delivered_at_ms = ${NOW}, last_error = NULL
       WHERE team_id = $1 AND seq = $2 AND status <> 'delivered'`,
      [team, seq],
    );
  }

  async failed({ team, seq }: EventId, { error, againInMs }: FailedAttempt): Promise<void> {
    await this.query(
      `UPDATE flow_credits.events
       SET status = CASE WHEN $3::bigint IS NULL THEN 'dead' ELSE 'pending' END,
           due_ms = ${NOW} + coalesce($3::bigint, 0), attempts = attempts + 1, last_error = $4
       WHERE team_id = $1 AND seq = $2 AND status = 'pending'`,
      [team, seq, againInMs, error],
    );
  }

  /** Nobody is to be sent these: they stay to be read. */
  async keep(events: readonly EventId[]): Promise<void> {
    if (events.length === 0) return;
    await this.query(
      `UPDATE flow_credits.events e SET status = 'kept'
       FROM unnest($1::text[], $2::bigint[]) AS v (team_id, seq)
       WHERE e.team_id = v.team_id AND e.seq = v.seq AND e.status = 'pending'`,
      [events.map(({ team }) => team), events.map(({ seq }) => String(seq))],
    );
  }

  /** Puts dead events back, due now and with all attempts before them. Returns how many. */
  async retry(which: { readonly team?: string; readonly seq?: number }, limit: number): Promise<number> {
    const rows = await this.query(
      `UPDATE flow_credits.events e SET status = 'pending', attempts = 0, due_ms = ${NOW}
       FROM (SELECT team_id, seq FROM flow_credits.events
             WHERE status = 'dead' AND ($1::text IS NULL OR team_id = $1) AND ($2::bigint IS NULL OR seq = $2)
             ORDER BY team_id, seq LIMIT $3) AS d
       WHERE e.team_id = d.team_id AND e.seq = d.seq AND e.status = 'dead' RETURNING 1`,
      [which.team ?? null, which.seq ?? null, limit],
    );
    return rows.length;
  }

  /** Deletes events that are done with and older than so long; with `pending`, also those nobody was ever sent. */
  async prune(what: {
    readonly olderThanMs: number;
    readonly pending: boolean;
    readonly limit: number;
  }): Promise<number> {
    const { olderThanMs, pending, limit } = what;
    const done = await this.query(
      `DELETE FROM flow_credits.events e
       USING (SELECT team_id, seq FROM flow_credits.events
              WHERE status IN ('delivered', 'kept') AND at_ms < ${NOW} - $1::bigint ORDER BY at_ms LIMIT $2) AS d
       WHERE e.team_id = d.team_id AND e.seq = d.seq RETURNING 1`,
      [olderThanMs, limit],
    );
    if (!pending) return done.length;
    const unsent = await this.query(
      `DELETE FROM flow_credits.events e
       USING (SELECT team_id, seq FROM flow_credits.events
              WHERE status = 'pending' AND due_ms < ${NOW} - $1::bigint ORDER BY due_ms LIMIT $2) AS d
       WHERE e.team_id = d.team_id AND e.seq = d.seq AND e.status = 'pending' RETURNING 1`,
      [olderThanMs, limit],
    );
    return done.length + unsent.length;
  }

  async close(): Promise<void> {
    const { pool } = this;
    this.pool = null;
    await pool?.end();
  }

  private async query(...args: Parameters<Query>): Promise<readonly RawRow[]> {
    this.pool ??= this.open();
    const client = await this.pool.connect();
    try {
      if (!this.inRole.has(client)) await client.query(TAKE_ROLE);
      this.inRole.add(client);
      return await queryOn(client)(...args);
    } finally {
      client.release();
    }
  }

  private open(): Pool {
    const pool = new Pool({
      connectionTimeoutMillis: 5_000,
      application_name: 'flow-credits outbox',
      ...this.client,
      statement_timeout: this.statementTimeoutMs,
      max: CONNECTIONS,
    });
    // An idle connection that breaks is replaced by the pool; the next query says if the database is still away.
    pool.on('error', () => undefined);
    return pool;
  }
}
