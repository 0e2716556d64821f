import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const root = resolve(__dirname, '..');
const packageSchema = z.object({
  bin: z.object({ 'flow-credits': z.string() }),
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string(), default: z.string() })])),
});
const { bin, exports: entries } = packageSchema.parse(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
);

/** The package as it is installed somewhere: other tests build and read the checkout's own `dist`. */
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
}

describe('the compiled package', () => {
  beforeAll(() => {
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    node(join(root, 'scripts/build.mjs'), join(folder, 'dist'));
  });

  const entryNames = Object.keys(entries)
    .filter((name) => name !== './package.json')
    .map((name) => name.replace(/^\./, 'temporal-flow-credits'));

  it.each(entryNames)('%s loads by import and by require, with the same names', (name) => {
    // A package may import itself by its name: what is tested is the "exports" map, not a path.
    const required = node('-p', `Object.keys(require('${name}')).sort().join()`).trim();
    const imported = node(
      '--input-type=module',
      '-e',
      `const m = await import('${name}');
       console.log(Object.keys(m).filter((k) => k !== 'default' && k !== 'module.exports' && k !== '__esModule').sort().join());`,
    ).trim();
    expect(required.length).toBeGreaterThan(0);
    expect(imported).toBe(
      required
        .split(',')
        .filter((key) => key !== '__esModule')
        .join(),
    );
  });

  it('has types for every entry', () => {
    const missing = Object.values(entries)
      .flatMap((entry) => (typeof entry === 'string' ? [] : [entry.types]))
      .filter((file) => !existsSync(join(folder, file)));
    expect(missing).toEqual([]);
  });

  it('carries its data files and its command', () => {
    expect(
      JSON.parse(node(bin['flow-credits'], 'price', '--json', join(root, 'test/fixtures/price.json'))),
    ).toMatchObject({
      millicredits: '1000',
    });
  });

  it('loads the clients of agents for nobody who has not asked for an agent', () => {
    const loaded = node(
      '-p',
      `require('temporal-flow-credits'); Object.keys(require.cache).filter((f) => /node_modules.(openai|@modelcontextprotocol)\\b/.test(f)).length`,
    );
    expect(loaded.trim()).toBe('0');
  });

  it('keeps pg and zod out of what the workflow sandbox loads', () => {
    const loaded = node(
      '-p',
      `require('temporal-flow-credits/workflow'); Object.keys(require.cache).filter((f) => /node_modules.(pg|zod)\\b/.test(f)).length`,
    );
    expect(loaded.trim()).toBe('0');
  });
});
