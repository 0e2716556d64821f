import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { builtPage } from './built';

const MOST_BYTES = 200 * 1000;
const CHART = 'src/views/charts/day-chart.tsx';

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).optional(),
    dynamicImports: z.array(z.string()).optional(),
  }),
);

describe('the built page', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await builtPage();
  });
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const all = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

  it('loads less than 200 kB of compressed script for its first view, the chart of its usage included', () => {
    const manifest = manifestSchema.parse(JSON.parse(read('.vite/manifest.json')));
    const first = new Set<string>();
    const load = (chunk: string): void => {
      if (first.has(chunk)) return;
      first.add(chunk);
      for (const next of manifest[chunk]?.imports ?? []) load(next);
    };
    for (const [chunk, { isEntry }] of Object.entries(manifest)) if (isEntry === true) load(chunk);
    // Comes by itself where a team has used anything.
    expect([...first]).not.toContain(CHART);
    load(CHART);
    const files = [...first].flatMap((chunk) => manifest[chunk]?.file ?? []);
    const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
    expect(files.length).toBeGreaterThan(2);
    // React alone is more than this: what is counted is what is loaded.
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MOST_BYTES);
    // The other views are not among it.
    const later = Object.keys(manifest).filter((chunk) => !first.has(chunk));
    expect(later).toEqual(
      expect.arrayContaining(['runs/run-view', 'prices/prices-view'].map((name) => `src/views/${name}.tsx`)),
    );
  });

  it('has no inline script or style, and refers to its own files alone', () => {
    const page = read('index.html');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) expect(address).toMatch(/^\.\//);
    for (const style of all().filter((file) => file.endsWith('.css')))
      expect(read(style)).not.toMatch(/@import|url\((?!['"]?\.\/)/);
  });

  it('brings its compressed self for each script', () => {
    const files = all();
    const large = files.filter((file) => file.endsWith('.js') && read(file).length > 1024);
    expect(large.length).toBeGreaterThan(5);
    for (const file of large) expect(files).toEqual(expect.arrayContaining([`${file}.br`, `${file}.gz`]));
  });
});
