import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/**
 * Where the page's files lie, or null where there are none. In a checkout they are built when they are missing or older
 * than their sources; an installed package has them.
 */
export async function builtPage(onProgress: (line: string) => void): Promise<string | null> {
  const sources = join(ROOT, 'dashboard');
  if (!existsSync(join(sources, 'vite.config.mjs'))) {
    const folder = resolve(ROOT, 'dashboard');
    return existsSync(join(folder, 'index.html')) ? folder : null;
  }
  const folder = join(ROOT, 'dist', 'dashboard');
  if (timeOf(join(folder, 'index.html')) > newest(sources)) return folder;
  onProgress('building the page (once; some seconds) …');
  const draft = `${folder}.${String(process.pid)}`;
  const failure = await build(draft);
  if (failure !== null) {
    rmSync(draft, { recursive: true, force: true });
    onProgress(`the page could not be built, so the API serves none: ${failure}`);
    return null;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return folder;
}

function build(folder: string): Promise<string | null> {
  return new Promise((done) => {
    const script = join(ROOT, 'scripts', 'build-page.mjs');
    const child = spawn(process.execPath, [script, folder], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.once('error', (error) => {
      done(error.message);
    });
    child.once('close', (status) => {
      done(status === 0 ? null : (said.trim().split('\n').at(-1) ?? `exit status ${String(status)}`));
    });
  });
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(0, ...files.map((name) => timeOf(join(folder, name))));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
