import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerFailed } from './errors';
import { ensureGuardian, forgetProcess, watchProcess } from './guardian';

/** A server that fails may say why first and print a stack of a hundred lines after it: both ends are kept. */
const FIRST_LINES = 20;
const LAST_LINES = 60;
const STOP_GRACE_MS = 10_000;
const PATIENCE_MS = 15_000;
/** As Postgres, Go and Go on Windows say it. */
const PORT_TAKEN = /address already in use|only one usage of each socket address/i;

export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  /** The signal by which this server stops cleanly. */
  readonly stopSignal: NodeJS.Signals;
  /** The signal by which it stops at once when its owner died and its data is of no more use. */
  readonly abandonSignal: NodeJS.Signals;
}

/** One running server, a child of this process and watched by the guardian. */
export interface ServerProcess {
  readonly pid: number;
  /** Null while it runs; then how it ended. */
  readonly ended: () => string | null;
  /** The first lines it wrote and the last. */
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Sends the signal and waits for the end; SIGKILL when it takes too long. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/**
 * Starts a server in a session of its own, so that Ctrl-C reaches us alone and we stop things in order.
 * Throws {@link ServerFailed} when it cannot be executed.
 */
export async function spawnServer(spec: ServerCommand): Promise<ServerProcess> {
  ensureGuardian();
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: spec.env ?? process.env,
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  });
  if (child.pid !== undefined) watchProcess(child.pid, spec.abandonSignal);

  const first: string[] = [];
  const last: string[] = [];
  let leftOut = 0;
  let ended: string | null = null;
  const keep = (chunk: Buffer): void => {
    const lines = chunk.toString('utf8').split('\n').filter(Boolean);
    first.push(...lines.splice(0, FIRST_LINES - first.length));
    last.push(...lines);
    leftOut += last.splice(0, last.length - LAST_LINES).length;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exit = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal === null ? `exit status ${String(code)}` : `signal ${signal}`;
      if (child.pid !== undefined) forgetProcess(child.pid);
      resolve();
    });
  });

  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new ServerFailed(`${spec.name} could not be started: ${String(error)}`, { cause: error });
  }
  const pid = child.pid;
  if (pid === undefined) throw new ServerFailed(`${spec.name} could not be started: it has no process id`);
  // A forgotten server must not keep its owner alive: the guardian ends it once the owner is gone.
  child.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();

  return {
    pid,
    ended: () => ended,
    output: () =>
      [...first, ...(leftOut > 0 ? [`[${String(leftOut)} lines left out]`] : []), ...last].join('\n'),
    signal: (signal) => {
      if (ended === null) child.kill(signal);
    },
    stop: async (signal = spec.stopSignal) => {
      if (ended !== null) return;
      child.ref();
      child.kill(signal);
      const patience = new AbortController();
      const late = delay(STOP_GRACE_MS, true, { signal: patience.signal }).catch(() => false);
      const tooLate = await Promise.race([exit.then(() => false), late]);
      patience.abort();
      if (tooLate) child.kill('SIGKILL');
      await exit;
    },
  };
}

/**
 * Asks `ready` again and again until it is true. Throws {@link ServerFailed} with what the server wrote when it ends
 * first, or when the time is up.
 */
export async function waitUntilReady(
  server: ServerProcess,
  name: string,
  ready: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await ready()) return;
    const ended = server.ended();
    if (ended !== null) {
      throw new ServerFailed(`${name} ended while it was starting (${ended}):\n${server.output()}`);
    }
    if (Date.now() > deadline) {
      await server.stop('SIGKILL');
      throw new ServerFailed(
        `${name} did not answer within ${String(timeoutMs / 1000)} s:\n${server.output()}`,
      );
    }
    await delay(20);
  }
}

/** Whether a server ended at its start because a port it wanted was another process's by then. */
export function portWasTaken(error: unknown): boolean {
  return error instanceof ServerFailed && PORT_TAKEN.test(error.message);
}

/** Launches again for as long as what the launch fails for `passes` by itself; 15 seconds at most. */
export async function patiently(
  launch: () => Promise<ServerProcess>,
  passes: (error: unknown) => boolean,
): Promise<ServerProcess> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await launch();
    } catch (error) {
      if (!passes(error) || Date.now() > deadline) throw error;
    }
  }
}
