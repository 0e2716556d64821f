import { once } from 'node:events';
import { type CustomTypesConfig, type PoolClient, type ResultBuilder } from 'pg';
import { jsonBytes, sizeText } from '../../../contracts/blocks-size';
import { type Json } from '../../../contracts/json';
import { BlockError } from '../errors';
import { type JsonObject } from '../json';
import { postgresFailure, type Phase } from './postgres-errors';
import { type PostgresPools } from './postgres-pools';
import { type PostgresSettings } from './postgres-settings';
import { cellValue } from './postgres-values';

export interface PostgresConfig {
  readonly service: string;
  readonly settings: PostgresSettings;
  readonly connection: string;
  readonly conceal: (text: string) => void;
}

export interface Statement {
  readonly sql: string;
  readonly params: readonly Json[];
}

/** How long the server has to take our word that nobody waits any more, and then to end the session. Milliseconds. */
const END_TIMEOUT_MS = 2_000;
/** What a transaction may idle: between our own commands only. Milliseconds. */
const IDLE_MS = 15_000;

/** Columns arrive as text, and are read by their types. */
const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/**
 * Executes one statement in a transaction of its own and gives `{rows, rowCount}`. When the signal is aborted, or the
 * result too large, the server is told to end it, and nothing of it stays.
 */
export async function runStatement(
  pools: PostgresPools,
  config: PostgresConfig,
  statement: Statement,
  signal: AbortSignal,
): Promise<Json> {
  checkConnection(config);
  const { service, settings } = config;
  let phase: Phase = 'connect';
  let client: PoolClient | null = null;
  const endings: Promise<void>[] = [];
  try {
    client = await pools.connect(config.connection, signal);
    const session = client;
    session.on('error', () => undefined);
    phase = 'begin';
    const pid = await begin(session, settings);
    const end = (): void => {
      if (endings.length === 0) endings.push(endOnServer(config.connection, session, pid));
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      phase = 'statement';
      const result = await collect(session, config, statement, end);
      signal.throwIfAborted();
      phase = 'commit';
      await session.query('COMMIT');
      return result;
    } finally {
      signal.removeEventListener('abort', end);
    }
  } catch (error) {
    await Promise.all(endings);
    signal.throwIfAborted();
    throw postgresFailure(error, { service, phase, access: settings.access });
  } finally {
    // Whatever is left of the transaction goes with its connection.
    client?.release(true);
  }
}

/** What the string holds beside what it says is in no message: neither it nor its password may leave the block. */
function checkConnection({ service, connection, conceal }: PostgresConfig): void {
  if (!URL.canParse(connection) || !/^postgres(ql)?:$/.test(new URL(connection).protocol)) {
    throw new BlockError(
      'PostgresSettingsInvalid',
      `the connection of service "${service}" is no address of a Postgres; it must be like postgres://user:password@host:5432/database`,
    );
  }
  const { password } = new URL(connection);
  conceal(password);
  conceal(decodeURIComponent(password));
}

/**
 * Begins the transaction and gives the process of the server. The select takes the transaction's snapshot: from then on it
 * cannot be made to write any more.
 */
async function begin(
  client: PoolClient,
  { access, statementTimeoutSeconds }: PostgresSettings,
): Promise<number> {
  // A worker that dies is noticed while its statement runs. Servers before 14, and some machines, do not know it.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined);
  await client.query(access === 'read' ? 'BEGIN READ ONLY' : 'BEGIN READ WRITE');
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid,
       set_config('statement_timeout', $1, true),
       set_config('idle_in_transaction_session_timeout', $2, true),
       set_config('TimeZone', 'UTC', true),
       set_config('DateStyle', 'ISO, YMD', true),
       set_config('IntervalStyle', 'iso_8601', true),
       set_config('bytea_output', 'hex', true),
       set_config('extra_float_digits', '1', true)`,
    [String(Math.ceil(statementTimeoutSeconds * 1000)), String(IDLE_MS)],
  );
  return rows[0]?.pid ?? 0;
}

/** Ends the session from a connection beside it, and waits until it has ended. */
async function endOnServer(connectionString: string, client: PoolClient, pid: number): Promise<void> {
  const { Client } = await import('pg');
  const { stream } = client.connection;
  const beside = new Client({ connectionString, connectionTimeoutMillis: END_TIMEOUT_MS });
  beside.on('error', () => undefined);
  try {
    await beside.connect();
    await beside.query('SELECT pg_terminate_backend($1)', [pid]);
    // Its process closes the connection as the last thing it does.
    if (!stream.destroyed) await once(stream, 'close', { signal: AbortSignal.timeout(END_TIMEOUT_MS) });
  } catch {
    // It ends when it finds that nobody listens, or by its timeout.
  } finally {
    stream.destroy();
    await beside.end().catch(() => undefined);
  }
}

/** Reads rows as they come, up to what the connection's settings allow. */
async function collect(
  client: PoolClient,
  { service, settings }: PostgresConfig,
  { sql, params }: Statement,
  end: () => void,
): Promise<Json> {
  const { Query } = await import('pg');
  const { mostRows, mostBytes } = settings;
  // Extended: one statement, also without parameters.
  const config = { text: sql, values: [...params], rowMode: 'array', queryMode: 'extended', types: AS_TEXT };
  const { stream } = client.connection;
  // What is on the wire is about as long as its JSON; a single value may be longer than memory.
  const wireMost = 2 * mostBytes + 64 * 1024;
  let wire = 0;
  let bytes = 0;
  const rows: JsonObject[] = [];
  return new Promise<Json>((resolve, reject) => {
    const tooLarge = (what: string): void => {
      stop();
      end();
      reject(
        new BlockError(
          'ResultTooLarge',
          `service "${service}" gives at most ${mostRows} rows in ${sizeText(mostBytes)}, and the result has more ${what}; select less, or add a LIMIT`,
        ),
      );
    };
    const onData = (chunk: Buffer): void => {
      wire += chunk.length;
      if (wire > wireMost) tooLarge('bytes');
    };
    const stop = (): void => {
      stream.off('data', onData);
    };
    stream.on('data', onData);
    const query = new Query(config);
    query.on('row', (cells: object, result) => {
      if (rows.length >= mostRows) {
        tooLarge('rows');
        return;
      }
      try {
        const row = rowOf(Object.values<unknown>({ ...cells }), result);
        bytes += jsonBytes(row) + 1;
        if (bytes > mostBytes) tooLarge('bytes');
        else rows.push(row);
      } catch (error) {
        stop();
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    query.on('error', (error) => {
      stop();
      reject(error);
    });
    query.on('end', ({ rowCount }) => {
      stop();
      resolve({ rows, rowCount: rowCount ?? rows.length });
    });
    client.query(query);
  });
}

function rowOf(cells: readonly unknown[], result: ResultBuilder | undefined): JsonObject {
  const fields = result?.fields ?? [];
  const row: JsonObject = {};
  for (const [place, { name, dataTypeID }] of fields.entries()) {
    if (Object.hasOwn(row, name)) {
      throw new BlockError(
        'PostgresColumnTwice',
        `the result has two columns named "${name}"; give one of them another name, by AS`,
      );
    }
    const cell = cells[place];
    row[name] = typeof cell === 'string' ? cellValue(dataTypeID, cell) : null;
  }
  return row;
}
