import { join, resolve } from 'node:path';
import { Client as PgClient } from 'pg';
import { connectionFromEnv, temporalSettings } from '../client/connection';
import { setUp } from '../client/setup';
import { lockFolder } from './folder-lock';
import { startPostgres, type PostgresOptions, type PostgresServer } from './postgres-server';
import { startTemporal, type TemporalOptions, type TemporalServer } from './temporal-server';

const DATABASE = 'flow_credits';

export interface StackOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Keeps workflows and credits in this folder over restarts. Left out: everything is temporary. */
  readonly dataDir?: string;
  /** No web UI of Temporal. */
  readonly headless?: boolean;
  /** False leaves the schedules of `monthlyReset` and `reconcile` out. Default true. */
  readonly schedules?: boolean;
  /** Told when something takes its time: a download. */
  readonly onProgress?: (line: string) => void;
  readonly temporal?: Omit<TemporalOptions, 'env' | 'onProgress' | 'headless'>;
  readonly postgres?: Omit<PostgresOptions, 'env'>;
}

/** Temporal and Postgres, migrated and set up, ready for a worker. */
export interface Stack {
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly databaseUrl: string;
  /** The web UI, where the stack has one. */
  readonly uiUrl: string | null;
  /** The servers that this stack started; null where `TEMPORAL_ADDRESS` or `DATABASE_URL` named a real one. */
  readonly temporal: TemporalServer | null;
  readonly postgres: PostgresServer | null;
  /** The environment in which other processes, and `connectionFromEnv`, reach this stack. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends what this stack started and removes what was temporary. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Brings up Temporal and Postgres, both at once, or takes the real ones that `TEMPORAL_ADDRESS` and `DATABASE_URL`
 * name; then migrates the database and sets the namespace up. Whatever fails, nothing is left running.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const env = options.env ?? process.env;
  const dataDir = options.dataDir === undefined ? null : resolve(options.dataDir);
  const unlock = dataDir === null ? () => undefined : lockFolder(dataDir);
  const started: { stop(): Promise<void> }[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= Promise.all(started.map((server) => server.stop())).then(unlock);
    return stopping;
  };
  const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    started.push(server);
    return server;
  };

  const [temporal, postgres] = await Promise.allSettled([
    env['TEMPORAL_ADDRESS'] ? null : keep(startTemporal(temporalOptions(options, env, dataDir))),
    env['DATABASE_URL'] ? null : keep(startPostgres(postgresOptions(options, env, dataDir))),
  ]);
  try {
    const stack = await assemble({ temporal: value(temporal), postgres: value(postgres), env, stop });
    await prepare(stack, options.schedules);
    return stack;
  } catch (error) {
    await stop();
    throw error;
  }
}

function temporalOptions(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  dataDir: string | null,
): TemporalOptions {
  return {
    env,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.headless === undefined ? {} : { headless: options.headless }),
    ...(dataDir === null ? {} : { dbFilename: join(dataDir, 'temporal.db') }),
    ...options.temporal,
  };
}

function postgresOptions(
  options: StackOptions,
  env: NodeJS.ProcessEnv,
  dataDir: string | null,
): PostgresOptions {
  return { env, ...(dataDir === null ? {} : { dataDir: join(dataDir, 'postgres') }), ...options.postgres };
}

function value<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function assemble(parts: {
  temporal: TemporalServer | null;
  postgres: PostgresServer | null;
  env: NodeJS.ProcessEnv;
  stop: () => Promise<void>;
}): Promise<Stack> {
  const { temporal, postgres, stop } = parts;
  const databaseUrl = postgres === null ? parts.env['DATABASE_URL'] : await ownDatabase(postgres);
  if (!databaseUrl) throw new Error('DATABASE_URL is empty');
  const env: NodeJS.ProcessEnv = {
    ...parts.env,
    DATABASE_URL: databaseUrl,
    ...(temporal === null
      ? {}
      : { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace }),
  };
  const settings = temporalSettings(env);
  return {
    temporalAddress: settings.address,
    namespace: settings.namespace,
    databaseUrl,
    uiUrl: temporal?.uiUrl ?? null,
    temporal,
    postgres,
    env,
    stop,
  };
}

async function ownDatabase(postgres: PostgresServer): Promise<string> {
  const client = new PgClient({ connectionString: postgres.url() });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
  return postgres.url(DATABASE);
}

async function prepare(stack: Stack, schedules: boolean | undefined): Promise<void> {
  const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
  try {
    const { databaseUrl } = stack;
    await setUp({ connection, namespace, databaseUrl, ...(schedules === undefined ? {} : { schedules }) });
  } finally {
    await connection.close();
  }
}
