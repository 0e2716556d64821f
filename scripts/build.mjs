// Compiles the package to dist/: JavaScript and types by tsc, beside the data files the code reads at run time, and the
// page in dist/dashboard.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outDir = resolve(process.argv[2] ?? join(root, 'dist'));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(outDir, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', outDir], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});

for (const file of readdirSync(join(root, 'src'), { recursive: true })) {
  if (['.sql', '.json', '.js', '.mjs'].includes(extname(file)))
    cpSync(join(root, 'src', file), join(outDir, 'src', file));
}

await buildPage(join(outDir, 'dashboard'));
