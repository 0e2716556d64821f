import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { type Writable } from 'node:stream';

type Command =
  | { readonly do: 'watch'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly do: 'forget'; readonly pid: number }
  | { readonly do: 'keep' | 'release'; readonly folder: string };

let pipe: Writable | null = null;

/**
 * The watchdog of this process: one child that outlives it just long enough to end the servers and remove the
 * folders it was told of. It is told before anything can go wrong, so no way of dying leaves a server behind.
 */
function guardian(): Writable {
  if (pipe !== null) return pipe;
  const child = spawn(process.execPath, [scriptPath()], {
    detached: true, // its own session: Ctrl-C in the terminal is not for it
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  pipe = child.stdin;
  // Neither the child nor its pipe keeps this process alive.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.stdin.on('error', () => undefined);
  child.once('exit', () => {
    pipe = null;
  });
  return pipe;
}

function scriptPath(): string {
  const path = join(__dirname, 'guardian-process.mjs');
  if (!existsSync(path)) throw new Error(`${path} is missing: the package was built without its data files`);
  return path;
}

function tell(command: Command): void {
  guardian().write(`${JSON.stringify(command)}\n`);
}

/** Should this process die, `pid` gets `signal`, and SIGKILL if it is still there some seconds later. */
export function watchProcess(pid: number, signal: NodeJS.Signals): void {
  tell({ do: 'watch', pid, signal });
}

/** The process has ended: its id may soon be another's. */
export function forgetProcess(pid: number): void {
  tell({ do: 'forget', pid });
}

/** Should this process die, the folder is removed after the servers have ended. */
export function watchFolder(folder: string): void {
  tell({ do: 'keep', folder });
}

export function forgetFolder(folder: string): void {
  tell({ do: 'release', folder });
}
