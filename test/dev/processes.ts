import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = resolve(__dirname, '../..');

/** Whether a process has ended. A zombie that its new parent has not asked about has. */
export function isGone(pid: number): boolean {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return true;
  }
}

/** An empty folder for temporary files that other users may enter. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fc-test-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** What our servers left in a folder for temporary files. */
export function leftovers(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('flow-credits-'));
}

export interface Script {
  readonly child: ChildProcess;
  /** The next line of its standard output. Throws when it ends without one. */
  nextLine(): Promise<string>;
  /** Everything it wrote to standard error so far. */
  errors(): string;
  /** Exit status or signal. */
  readonly end: Promise<number | NodeJS.Signals>;
}

/** Runs one of our TypeScript files as a process of its own. */
export function runScript(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Script {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, file), ...args], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = once(child, 'close').then(
    ([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 0,
  );
  return {
    child,
    end,
    errors: () => errors,
    nextLine: async () => {
      const next = await lines.next();
      if (next.done) throw new Error(`${file} ended without a line:\n${errors}`);
      return next.value;
    },
  };
}
