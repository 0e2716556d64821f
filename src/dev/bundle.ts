import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bundleWorkflowCode, type BundleOptions, type Logger } from '@temporalio/worker';
import { cacheDir } from './cache';

/** Our sources, compiled or not: all that a bundle could contain of ours. */
const SOURCES = resolve(__dirname, '..');
const KEPT_BUNDLES = 12;

/**
 * Bundles workflow code once for all processes that need it: the bundle is kept in the cache under a hash of every
 * source file it could contain, and of what its plugins add. `salt` names what the options cannot show.
 */
export async function cachedBundle(options: BundleOptions, salt = ''): Promise<{ codePath: string }> {
  const cache = join(cacheDir(), 'bundles');
  const codePath = join(cache, `${hashOf(options, salt)}.js`);
  if (!existsSync(codePath)) {
    const { code } = await bundleWorkflowCode({ logger: QUIET, ...options });
    await mkdir(cache, { recursive: true });
    const draft = `${codePath}.${String(process.pid)}`;
    await writeFile(draft, code);
    await rename(draft, codePath);
    await prune(cache);
  }
  return { codePath };
}

function hashOf(options: BundleOptions, salt: string): string {
  const sdk = readFileSync(require.resolve('@temporalio/workflow/package.json'));
  const { workflowsPath, ignoreModules, plugins } = options;
  const { payloadConverterPath, failureConverterPath } = options;
  const names = plugins?.map((plugin) => plugin.name);
  const { workflowInterceptorModules } = (plugins ?? []).reduce<BundleOptions>(
    (changed, plugin) => plugin.configureBundler?.(changed) ?? changed,
    options,
  );
  const hash = createHash('sha256').update(salt).update(sdk);
  hash.update(
    JSON.stringify([
      workflowsPath,
      workflowInterceptorModules,
      payloadConverterPath,
      ignoreModules,
      names,
      failureConverterPath,
    ]),
  );
  const folder = workflowsPath.endsWith('.ts') ? dirname(workflowsPath) : workflowsPath;
  const folders = folder.startsWith(SOURCES) ? [SOURCES] : [SOURCES, folder];
  for (const file of folders.flatMap(sourceFiles)) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|json)$/.test(name) && !name.endsWith('.test.ts'))
    .sort()
    .map((name) => join(folder, name));
}

async function prune(cache: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(cache)).map(async (name) => {
      const path = join(cache, name);
      const at = await stat(path).catch(() => null);
      return { path, at: at?.mtimeMs ?? 0 };
    }),
  );
  const old = files.sort((a, b) => b.at - a.at).slice(KEPT_BUNDLES);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}

const silent = (): void => undefined;
/** The bundler writes its whole list of modules at level info. */
const QUIET: Logger = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: (message, meta) => {
    console.error(message, meta);
  },
};
