import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

const root = resolve(__dirname, '..');
const run = promisify(execFile);

function pagesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('the public interface', () => {
  it('has a docstring for every export and every method, exports what its types name, and is as docs/api tells', async () => {
    const out = mkdtempSync(join(tmpdir(), 'flow-credits-api-'));
    try {
      const typedoc = join(root, 'node_modules', 'typedoc', 'bin', 'typedoc');
      const { stdout, stderr } = await run(process.execPath, [typedoc, '--out', out], { cwd: root });
      expect(`${stdout}${stderr}`).not.toMatch(/warning/);
      // Where it differs: npm run docs:api, and read what has changed as a newcomer would.
      expect(pagesOf(out)).toEqual(pagesOf(join(root, 'docs', 'api')));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });

  it('documents every entry of the package', () => {
    const { exports: entries } = z
      .object({ exports: z.record(z.string(), z.union([z.string(), z.object({ default: z.string() })])) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const { entryPoints } = z
      .object({ entryPoints: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'typedoc.json'), 'utf8')));
    const sources = Object.values(entries).flatMap((entry) =>
      typeof entry === 'string' ? [] : [entry.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts')],
    );
    expect([...entryPoints].sort()).toEqual(sources.sort());
  });
});
