import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const VENV = join(root, 'node_modules', '.cache', 'schemathesis');

/** The command, installed into a folder of its own where it is nowhere else. Needs Python 3 with venv and pip. */
export function schemathesisCommand(): string {
  const named = process.env['SCHEMATHESIS'];
  if (named) return named;
  const found = spawnSync('schemathesis', ['--version'], { stdio: 'ignore' });
  if (found.status === 0) return 'schemathesis';
  const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
  const ours = join(VENV, bin, 'schemathesis');
  if (existsSync(ours)) return ours;
  process.stderr.write('installing schemathesis from PyPI (once)\n');
  must('python3', ['-m', 'venv', VENV]);
  must(join(VENV, bin, 'pip'), ['install', '--quiet', 'schemathesis>=4,<5']);
  return ours;
}

function must(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

/** Runs it to its end; its exit status. */
export function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root });
    child.on('error', fail).on('close', (status) => {
      done(status ?? 1);
    });
  });
}
