// Builds the Resource usage page into a folder, each text beside its compressed self: `node scripts/build-page.mjs DIR`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LEAST_BYTES = 1024;

export async function buildPage(outDir) {
  // Vite leaves what is set, and a test's environment would give the page the development builds of its packages.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: join(root, 'dashboard', 'vite.config.mjs'),
    logLevel: 'warn',
    build: { outDir },
  });
  for (const file of readdirSync(outDir, { recursive: true })) {
    if (!['.js', '.css', '.html', '.svg'].includes(extname(file))) continue;
    const path = join(outDir, file);
    const content = readFileSync(path);
    if (content.length < LEAST_BYTES) continue;
    writeFileSync(`${path}.br`, brotliCompressSync(content));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPage(resolve(process.argv[2] ?? join(root, 'dist', 'dashboard')));
}
