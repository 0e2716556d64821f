import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { type Writable } from 'node:stream';

type Command =
  | { readonly do: 'watch'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly do: 'forget'; readonly pid: number }
  | { readonly do: 'keep' | 'release'; readonly folder: string };

/** What the guardian knows; a new one is told all of it should the old one be killed. */
const servers = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();
let pipe: Writable | null = null;

/** Starts the guardian if there is none. Before a server is spawned: one that cannot be watched must not run. */
export function ensureGuardian(): void {
  if (pipe === null) startGuardian();
}

/** Should this process die, `pid` gets `signal`, and SIGKILL if it is still there some seconds later. */
export function watchProcess(pid: number, signal: NodeJS.Signals): void {
  servers.set(pid, signal);
  tell({ do: 'watch', pid, signal });
}

/** The process has ended: its id may soon be another's. */
export function forgetProcess(pid: number): void {
  servers.delete(pid);
  tell({ do: 'forget', pid });
}

/** Should this process die, the folder is removed after the servers have ended. */
export function watchFolder(folder: string): void {
  folders.add(folder);
  tell({ do: 'keep', folder });
}

export function forgetFolder(folder: string): void {
  folders.delete(folder);
  tell({ do: 'release', folder });
}

function tell(command: Command): void {
  if (pipe === null) startGuardian();
  else write(pipe, command);
}

/**
 * The watchdog of this process: one child that outlives it just long enough to end the servers and remove the
 * folders it was told of. It is told before anything can go wrong, so no way of dying leaves a server behind.
 */
function startGuardian(): void {
  const child = spawn(process.execPath, [scriptPath()], {
    detached: true, // its own session: Ctrl-C in the terminal is not for it
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  const { stdin } = child;
  pipe = stdin;
  // Neither the child nor its pipe keeps this process alive.
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
  stdin.on('error', () => undefined);
  child.once('exit', () => {
    pipe = null;
    if (servers.size > 0 || folders.size > 0) startGuardian();
  });
  for (const [pid, signal] of servers) write(stdin, { do: 'watch', pid, signal });
  for (const folder of folders) write(stdin, { do: 'keep', folder });
}

function write(stream: Writable, command: Command): void {
  stream.write(`${JSON.stringify(command)}\n`);
}

function scriptPath(): string {
  const path = join(__dirname, 'guardian-process.mjs');
  if (!existsSync(path)) throw new Error(`${path} is missing: the package was built without its data files`);
  return path;
}
