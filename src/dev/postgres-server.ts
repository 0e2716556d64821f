import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { messageOf } from '../contracts/error-text';
import { ServerFailed, stderrOf } from './errors';
import { forgetFolder, watchFolder } from './guardian';
import { freePort } from './ports';
import { findPostgres, type PostgresBinary } from './postgres-binary';
import { patiently, portWasTaken, spawnServer, waitUntilReady, type ServerProcess } from './server-process';
import { type Server } from './temporal-server';
import {
  canEnter,
  canExecute,
  makeOwnFolder,
  shareFolder,
  unprivileged,
  type Identity,
} from './unprivileged';

const run = promisify(execFile);
const PORT_TRIES = 4;
const USER = 'postgres';

export interface PostgresOptions {
  /** Left out: a free one. */
  readonly port?: number;
  /** Keeps the data here over restarts; made when it is not there. Left out: a temporary folder. */
  readonly dataDir?: string;
  /** Off only where losing everything is fine; benches and tests keep it on. Default true. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
  /** More settings of the server, `{work_mem: '8MB'}`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

export interface PostgresServer extends Server {
  readonly port: number;
  /** The URL of a database of this server; `postgres` is always there. */
  url(database?: string): string;
}

/**
 * Starts a Postgres server on 127.0.0.1 for the superuser `postgres` without a password, and waits until it answers.
 * Throws `MissingPiece` where no server can be had, `ServerFailed` where it does not come up.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const found = await findPostgres(options.env);
  const identity = await unprivileged();
  const temporary = await temporaryFolder(identity);
  try {
    const bin = await executableBin(found, identity, temporary);
    const data = options.dataDir === undefined ? join(temporary, 'data') : resolve(options.dataDir);
    await initialise(bin, data, identity);

    for (let attempt = 1; ; attempt += 1) {
      const port = options.port ?? (await freePort());
      const launch = (): Promise<ServerProcess> => launchPostgres(bin, data, port, identity, options);
      try {
        // A server that was killed a moment ago may still hold the data folder.
        return handle(
          await patiently(launch, isHeld),
          launch,
          port,
          temporary,
          options.dataDir !== undefined,
        );
      } catch (error) {
        // Between finding a port free and binding it another process may have taken it.
        if (!portWasTaken(error) || options.port !== undefined || attempt === PORT_TRIES) throw error;
      }
    }
  } catch (error) {
    await discard(temporary);
    throw error;
  }
}

async function temporaryFolder(identity: Identity): Promise<string> {
  for (const base of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const folder = await mkdtemp(join(base, 'flow-credits-postgres-')).catch(() => null);
    if (folder === null) continue;
    watchFolder(folder);
    await chmod(folder, 0o755); // the server may run as another user; its data folder is closed to all others
    if (await canEnter(folder, identity)) return folder;
    await discard(folder);
  }
  throw new ServerFailed(
    `Postgres has no temporary folder it can enter: set TMPDIR to one that all users may enter`,
  );
}

async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  forgetFolder(folder);
}

async function executableBin(found: PostgresBinary, identity: Identity, temporary: string): Promise<string> {
  if (!('uid' in identity) || (await canExecute(join(found.bin, 'postgres'), identity))) return found.bin;
  const copy = join(temporary, 'server');
  await shareFolder(found.home, copy);
  return join(copy, 'bin');
}

/** Makes the database cluster in `data`, unless it is there. A half-made one is made anew. */
async function initialise(bin: string, data: string, identity: Identity): Promise<void> {
  // Postgres writes this file at the end of initdb's bootstrap and keeps it for as long as the cluster lives.
  if (await isThere(join(data, 'global', 'pg_control'))) return;
  await mkdir(resolve(data, '..'), { recursive: true });
  await makeOwnFolder(data, identity);
  const options = ['--username', USER, '--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync'];
  try {
    await run(join(bin, 'initdb'), ['--pgdata', data, ...options], { ...identity, cwd: '/' });
  } catch (error) {
    throw new ServerFailed(`Postgres could not make its data folder ${data}:\n${stderrOf(error)}`, {
      cause: error,
    });
  }
}

async function launchPostgres(
  bin: string,
  data: string,
  port: number,
  identity: Identity,
  options: PostgresOptions,
): Promise<ServerProcess> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    fsync: options.fsync === false ? 'off' : 'on',
    max_connections: String(options.maxConnections ?? 200),
    timezone: 'UTC',
    ...options.settings,
  };
  const server = await spawnServer({
    name: 'Postgres',
    command: join(bin, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    ...identity,
    cwd: '/',
    stopSignal: 'SIGINT', // a fast shutdown: sessions are ended, data is written
    abandonSignal: 'SIGQUIT', // an immediate one: shared memory is given back, data is recovered at the next start
  });
  await waitUntilReady(server, 'Postgres', () => answers(urlOf(port, 'postgres')));
  return server;
}

function handle(
  first: ServerProcess,
  launch: () => Promise<ServerProcess>,
  port: number,
  temporary: string,
  persistent: boolean,
): PostgresServer {
  let server = first;
  return {
    port,
    url: (database = 'postgres') => urlOf(port, database),
    kill: () => server.stop('SIGKILL'),
    halt: () => server.stop(),
    stop: async () => {
      await server.stop(persistent ? 'SIGINT' : 'SIGQUIT');
      await discard(temporary);
    },
    start: async () => {
      if (server.ended() === null) return;
      server = await patiently(launch, (error) => isHeld(error) || portWasTaken(error));
    },
    pid: () => (server.ended() === null ? server.pid : null),
  };
}

/** After SIGKILL the old server's sessions hold its memory for a moment, and a new one refuses to start beside them. */
function isHeld(error: unknown): boolean {
  return /shared memory block|lock file "postmaster\.pid"/.test(messageOf(error));
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}@127.0.0.1:${String(port)}/${database}`;
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
