import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contracts/names';
import { DEFAULT_NAMESPACE } from '../client/connection';
import { freePort, isFree } from './ports';
import { patiently, portWasTaken, spawnServer, waitUntilReady, type ServerProcess } from './server-process';
import { findTemporal, type FindOptions } from './temporal-binary';

const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  // Without it the server ignores fairness keys, and a team's one run waits behind another team's five hundred.
  'matching.enableFairness': 'true',
  // `temporal workflow pause` is refused without it: what a paused run means for its credits is to be seen here too.
  'frontend.WorkflowPauseEnabled': 'true',
};
const PORT_TRIES = 4;

export interface TemporalOptions extends FindOptions {
  /** Left out: a free one. */
  readonly port?: number;
  /** Left out: a free one. */
  readonly uiPort?: number;
  /** No web UI. */
  readonly headless?: boolean;
  /** Keeps workflows in this file over restarts. Left out: in memory. */
  readonly dbFilename?: string;
  /** More dynamic configuration; values are JSON text. */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  /** False starts it without our search attributes: a namespace as `setup` finds it. Default true. */
  readonly registerSearchAttributes?: boolean;
  /** More search attributes: name to type. */
  readonly searchAttributes?: Readonly<Record<string, string>>;
}

/** A server that can be ended and started again on the same port and data: what failure tests are made of. */
export interface Server {
  /** Ends it at once, by SIGKILL. Data in files stays. */
  kill(): Promise<void>;
  /** Ends it cleanly. Data in files stays. */
  halt(): Promise<void>;
  /** Starts it again after {@link kill} or {@link halt}, on the same port and data; ready when it resolves. */
  start(): Promise<void>;
  /** Ends it for good and removes what was temporary. */
  stop(): Promise<void>;
  /** The process id of the running server; null while it is down. */
  pid(): number | null;
}

export interface TemporalServer extends Server {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
  /** The CLI that runs it. */
  readonly cli: string;
}

/**
 * Starts Temporal's dev server on 127.0.0.1 and waits until it answers and knows our search attributes.
 * Throws `MissingPiece` where the CLI cannot be had, `ServerFailed` where it does not come up.
 */
export async function startTemporal(options: TemporalOptions = {}): Promise<TemporalServer> {
  const binary = await findTemporal(options);
  if (options.dbFilename !== undefined) await mkdir(dirname(options.dbFilename), { recursive: true });

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const uiPort = options.headless ? null : (options.uiPort ?? (await freePort()));
    const launch = (): Promise<ServerProcess> => launchTemporal(binary.path, port, uiPort, options);
    try {
      return handle(await launch(), launch, { port, uiPort, cli: binary.path });
    } catch (error) {
      // Between finding a port free and binding it another process may have taken it: one of those found here, or one
      // of those that the server finds itself. A port that the caller names and another process has stays taken.
      if (!portWasTaken(error) || attempt === PORT_TRIES || !(await namedPortsAreFree(options))) throw error;
    }
  }
}

async function namedPortsAreFree({ port, uiPort }: TemporalOptions): Promise<boolean> {
  const named = [port, uiPort].filter((one) => one !== undefined);
  return (await Promise.all(named.map(isFree))).every(Boolean);
}

async function launchTemporal(
  cli: string,
  port: number,
  uiPort: number | null,
  options: TemporalOptions,
): Promise<ServerProcess> {
  const ours = options.registerSearchAttributes === false ? {} : ourSearchAttributes();
  const searchAttributes = { ...ours, ...options.searchAttributes };
  const dynamicConfig = { ...DYNAMIC_CONFIG, ...options.dynamicConfig };
  const server = await spawnServer({
    name: 'the Temporal dev server',
    command: cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
      ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
      ...(options.dbFilename === undefined ? [] : ['--db-filename', options.dbFilename]),
      ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
        '--dynamic-config-value',
        `${key}=${value}`,
      ]),
      ...Object.entries(searchAttributes).flatMap(([key, value]) => [
        '--search-attribute',
        `${key}=${value}`,
      ]),
    ],
    env: withoutTemporalVariables(options.env ?? process.env),
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
  });
  const wanted = Object.keys(searchAttributes);
  await waitUntilReady(server, 'the Temporal dev server', () => answers(`127.0.0.1:${String(port)}`, wanted));
  return server;
}

function handle(
  first: ServerProcess,
  launch: () => Promise<ServerProcess>,
  at: { port: number; uiPort: number | null; cli: string },
): TemporalServer {
  let server = first;
  return {
    address: `127.0.0.1:${String(at.port)}`,
    namespace: DEFAULT_NAMESPACE,
    uiUrl: at.uiPort === null ? null : `http://127.0.0.1:${String(at.uiPort)}`,
    cli: at.cli,
    kill: () => server.stop('SIGKILL'),
    halt: () => server.stop(),
    stop: () => server.stop(),
    start: async () => {
      if (server.ended() !== null) server = await patiently(launch, portWasTaken);
    },
    pid: () => (server.ended() === null ? server.pid : null),
  };
}

function ourSearchAttributes(): Record<string, string> {
  return Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, 'Keyword']));
}

/** The CLI reads TEMPORAL_* too; what points us at a cluster is not meant for a server of our own. */
function withoutTemporalVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function answers(address: string, searchAttributes: readonly string[]): Promise<boolean> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1000 });
  } catch {
    return false;
  }
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: DEFAULT_NAMESPACE,
    });
    return searchAttributes.every((name) => name in customAttributes);
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
