import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const root = resolve(__dirname, '..', '..');
const manifestSchema = z.object({
  peerDependencies: z.record(z.string(), z.string()),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
  devDependencies: z.record(z.string(), z.string()),
});
export const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** The peers that everybody needs; the others are for who asks for an agent, the API or a local stack. */
export const requiredPeers = Object.entries(manifest.peerDependencies).filter(
  ([name]) => manifest.peerDependenciesMeta[name]?.optional !== true,
);

export interface Packed {
  /** The archive that `npm publish` would upload. */
  readonly archive: string;
  readonly files: readonly string[];
  /** A folder for projects; outside of the checkout, so that nothing is found there by chance. */
  readonly workshop: string;
  remove(): void;
}

const packSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

/** Builds and packs what `npm publish` would upload, in a folder of its own: other suites build `dist/` meanwhile. */
export async function pack(): Promise<Packed> {
  const workshop = mkdtempSync(join(tmpdir(), 'flow-credits-pack-'));
  const stage = join(workshop, 'stage');
  await inFolder(root, process.execPath, ['scripts/build.mjs', join(stage, 'dist')]);
  for (const name of ['package.json', 'README.md', 'LICENSE']) cpSync(join(root, name), join(stage, name));
  const stdout = await inFolder(stage, 'npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    '--pack-destination',
    workshop,
  ]);
  const [{ filename, files }] = packSchema.parse(JSON.parse(stdout));
  return {
    archive: join(workshop, filename),
    files: files.map(({ path }) => path),
    workshop,
    remove: () => {
      rmSync(workshop, { recursive: true, force: true });
    },
  };
}

export type ModuleKind = 'module' | 'commonjs';

/** Writes a user's project: the sources of `project/`, a manifest that asks for the archive, and a `tsconfig.json`. */
export function writeProject(
  { archive, workshop }: Packed,
  name: string,
  type: ModuleKind,
  dependencies: Readonly<Record<string, string>> = {},
): string {
  const folder = join(workshop, name);
  mkdirSync(folder);
  cpSync(join(__dirname, 'project'), folder, { recursive: true });
  const { typescript = '', '@types/node': nodeTypes = '' } = manifest.devDependencies;
  writeJson(join(folder, 'package.json'), {
    name,
    private: true,
    type,
    dependencies: { 'temporal-flow-credits': `file:${archive}`, ...dependencies },
    devDependencies: { typescript, '@types/node': nodeTypes },
  });
  writeJson(join(folder, 'tsconfig.json'), {
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      outDir: 'out',
      types: ['node'],
    },
    include: ['*.ts'],
  });
  return folder;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, null, 2));
}

/** What npm tells its scripts is about our checkout, not about the user's project. */
function ownEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(
    ([key]) => !/^(npm_(?!config_registry)|NODE_OPTIONS|NODE_PATH|INIT_CWD)/.test(key),
  );
  return Object.fromEntries(own);
}

/** Runs a program in a folder; its failure tells what it printed. */
export async function inFolder(
  cwd: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run(program, args, {
      cwd,
      env: { ...ownEnvironment(), ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = z
      .object({ stdout: z.string(), stderr: z.string() })
      .partial()
      .parse(error);
    throw new Error(`${program} ${args.join(' ')}: ${String(error)}\n${stdout}\n${stderr}`, { cause: error });
  }
}

export async function npmInstall(folder: string, ...packages: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await inFolder(folder, 'npm', ['install', ...quiet, ...packages]);
}

/** A folder for PATH with another Node, as npm's packages of it bring it. */
export async function anotherNode({ workshop }: Packed, major: string): Promise<string> {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(workshop, `node-${major}`);
  mkdirSync(folder);
  writeJson(join(folder, 'package.json'), { private: true });
  await npmInstall(folder, `${name}@${major}`);
  return join(folder, 'node_modules', name, 'bin');
}

export function withPath(first: string): Record<string, string> {
  return { PATH: [first, process.env['PATH'] ?? dirname(process.execPath)].join(delimiter) };
}

/** The version of a peer that the package asks for. */
export function versionOf(name: string): string {
  const version = manifest.peerDependencies[name];
  if (version === undefined) throw new Error(`"${name}" is no peer of the package`);
  return version;
}

export interface Served {
  /** Where it answers; rejects with what it printed if it ends before. */
  readonly address: Promise<string>;
  stop(): Promise<void>;
}

/** Runs the package's own `flow-credits api` in a project, on a free port. */
export function serve(cwd: string, env: Readonly<Record<string, string>>): Served {
  const bin = join(cwd, 'node_modules', '.bin', 'flow-credits');
  const child = spawn(process.execPath, [bin, 'api', '--port', '0'], {
    cwd,
    env: { ...ownEnvironment(), ...env },
  });
  const ended = once(child, 'exit');
  let printed = '';
  const address = new Promise<string>((resolveTo, reject) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
      if (found !== null) resolveTo(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => {
      reject(new Error(`flow-credits api ended: ${printed}`));
    });
  });
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
