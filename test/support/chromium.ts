import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { isAlive } from '../../src/dev/alive';
import { cacheDir } from '../../src/dev/cache';
import { codeOf, MissingPiece, stderrOf } from '../../src/dev/errors';
import { findOnPath, isExecutable } from '../../src/dev/temporal-binary';

const run = promisify(execFile);

export const CHROMIUM_VARIABLE = 'FLOW_CREDITS_CHROMIUM';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const INSTALL_TIMEOUT_MS = 600_000;

interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
}

/** A headless browser. Sandboxes need rights that root in a container does not have. */
export async function startChromium(options: FindOptions = {}): Promise<Browser> {
  const executablePath = await findChromium(options);
  return chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

/**
 * Where a Chromium is: what `FLOW_CREDITS_CHROMIUM` names, on PATH, in playwright's cache; else it is installed, by
 * apt-get where we are root, or by playwright. With `FLOW_CREDITS_OFFLINE` set nothing is fetched.
 * Throws {@link MissingPiece} with what was tried and the ways out.
 */
export async function findChromium({
  env = process.env,
  onProgress = say,
}: FindOptions = {}): Promise<string> {
  const named = env[CHROMIUM_VARIABLE];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new MissingPiece('Chromium', [`${CHROMIUM_VARIABLE}: ${named} cannot be executed`], WAYS_OUT);
  }
  const tried: string[] = [];
  const there = await present(env, tried);
  if (there !== null) return there;
  if (env['FLOW_CREDITS_OFFLINE']) {
    throw new MissingPiece(
      'Chromium',
      [...tried, 'installing it: not tried, FLOW_CREDITS_OFFLINE is set'],
      WAYS_OUT,
    );
  }
  return oneAtATime(async () => {
    const meanwhile = await present(env, []);
    if (meanwhile !== null) return meanwhile;
    for (const [name, install] of SOURCES) {
      try {
        await install(env, onProgress);
        const installed = await present(env, []);
        if (installed !== null) return installed;
        tried.push(`${name}: it installed something, but no browser`);
      } catch (error) {
        tried.push(`${name}: ${stderrOf(error).split('\n').slice(-2).join(' ')}`);
      }
    }
    throw new MissingPiece('Chromium', tried, WAYS_OUT);
  });
}

const WAYS_OUT = [
  'install it: apt-get install chromium',
  'have playwright fetch its own: npx playwright-core install --with-deps chromium',
  `name one: ${CHROMIUM_VARIABLE}=/path/to/chromium`,
];

async function present(env: NodeJS.ProcessEnv, tried: string[]): Promise<string | null> {
  for (const name of NAMES) {
    const path = await findOnPath(name, env);
    // Ubuntu's package is a script that asks for a snap: it is there and starts nothing.
    if (path !== null && (await starts(path))) return path;
  }
  tried.push(`PATH: none of ${NAMES.join(', ')} starts`);
  const cached = chromium.executablePath();
  if (cached !== '' && (await isExecutable(cached))) return cached;
  tried.push(`playwright's cache, ${cached}: not there`);
  return null;
}

async function starts(path: string): Promise<boolean> {
  return run(path, ['--version'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  );
}

type Install = (env: NodeJS.ProcessEnv, onProgress: (line: string) => void) => Promise<void>;

const SOURCES: readonly (readonly [string, Install])[] = [
  [
    'apt-get',
    async (env, onProgress) => {
      if (process.getuid?.() !== 0) throw new Error('only root may use it');
      if ((await findOnPath('apt-get', env)) === null) throw new Error('not on PATH');
      onProgress('installing Chromium by apt-get (once)');
      const options = { timeout: INSTALL_TIMEOUT_MS, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
      await run('apt-get', ['update', '-q'], options);
      await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options);
    },
  ],
  [
    'playwright',
    async (env, onProgress) => {
      onProgress("fetching playwright's Chromium (once)");
      const cli = require.resolve('playwright-core/cli.js');
      await run(process.execPath, [cli, 'install', 'chromium'], { timeout: INSTALL_TIMEOUT_MS, env });
    },
  ],
];

/** Suites run side by side: one installs, the others wait for it. The lock of a dead process is taken over. */
async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(cacheDir(), { recursive: true });
  const lock = join(cacheDir(), 'chromium.lock');
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
    if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
    else await delay(200);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
