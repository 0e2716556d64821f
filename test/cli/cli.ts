import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person runs it: a process of its own. */
export function cli(
  args: readonly string[],
  input = '',
  env: Record<string, string | undefined> = {},
): Promise<Ended> {
  return new Promise((end, fail) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/cli/bin.ts'), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', fail).on('close', (status) => {
      end({ status, out, err });
    });
    child.stdin.end(input);
  });
}
