import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const root = resolve(__dirname, '..');

/** Where code lives, the most specific first; a file belongs to the first folder that holds it. */
const AREAS = [
  'src/contracts',
  'src/pricing',
  'src/ledger/core',
  'src/ledger/read',
  'src/ledger/migrations',
  'src/ledger',
  'src/activities',
  'src/workflows',
  'src/plugin/interceptors',
  'src/plugin',
  'src/testing',
  'src/ops',
  'src/client',
  'src/api',
  'src/cli',
  'src/dev',
  'src',
  'worker.ts',
  'dashboard',
  'scripts',
  'test',
  'bench',
  'examples',
] as const;
type Area = (typeof AREAS)[number];

const EVERYTHING: readonly Area[] = AREAS;
/** What is not in the package's own code, and may use all of it. */
const OUTSIDE: readonly Area[] = ['dashboard', 'scripts', 'test', 'bench', 'examples'];

/** What each area may import of ours, beside itself. Types count like values: an arrow is an arrow. */
const MAY_IMPORT: Record<Area, readonly Area[]> = {
  'src/contracts': [],
  'src/pricing': ['src/contracts'],
  'src/ledger/core': ['src/contracts', 'src/pricing'],
  'src/ledger/migrations': ['src/contracts', 'src/ledger'],
  'src/ledger/read': ['src/contracts', 'src/pricing', 'src/ledger/core', 'src/ledger'],
  'src/ledger': [
    'src/contracts',
    'src/pricing',
    'src/ledger/core',
    'src/ledger/read',
    'src/ledger/migrations',
  ],
  'src/activities': ['src/contracts', 'src/pricing', 'src/ledger', 'src/ledger/core', 'src/ledger/read'],
  'src/workflows': ['src/contracts', 'src/pricing'],
  'src/plugin/interceptors': [
    'src/contracts',
    'src/pricing',
    'src/ledger',
    'src/activities',
    'src/workflows',
    'src/plugin',
    'src/client',
  ],
  'src/plugin': [
    'src/contracts',
    'src/pricing',
    'src/ledger',
    'src/ledger/read',
    'src/ledger/migrations',
    'src/activities',
    'src/workflows',
    'src/plugin/interceptors',
    'src/ops',
    'src/client',
  ],
  'src/ops': ['src/contracts', 'src/ledger', 'src/ledger/read', 'src/activities'],
  'src/testing': [
    'src/contracts',
    'src/pricing',
    'src/ledger/core',
    'src/ledger/read',
    'src/activities',
    'src/plugin',
  ],
  'src/client': ['src/contracts', 'src/pricing', 'src/ledger/read', 'src/ledger/migrations'],
  // Prices are shown (rate cards, plans) and asked for (estimates): pricing is pure, and the client already has it.
  'src/api': ['src/contracts', 'src/pricing', 'src/client', 'src/ledger/read', 'src/ops'],
  'src/cli': [
    'src/contracts',
    'src/pricing',
    'src/client',
    'src/ledger/read',
    'src/ledger/migrations',
    'src/dev',
    'src/api',
  ],
  'src/dev': EVERYTHING.filter((area) => !OUTSIDE.includes(area)),
  src: EVERYTHING.filter((area) => !OUTSIDE.includes(area)),
  'worker.ts': ['src', 'src/plugin', 'src/client', 'src/contracts', 'src/pricing'],
  // In the browser, behind the API: its types come from the API's document, which is generated into it.
  dashboard: [],
  scripts: EVERYTHING,
  test: EVERYTHING,
  bench: EVERYTHING,
  // A platform's code: it has the package, and nothing that is not exported.
  examples: [],
};

/** Packages that an area must not touch, so that it stays what it is. */
const PURE = /^(node:.*|pg|@temporalio\/.*|undici|fs|path|crypto)$/;
const FORBIDDEN_PACKAGES: Partial<Record<Area, RegExp>> = {
  'src/contracts': /^(pg|@temporalio\/.*|undici)$/,
  // zod and hashes are pure, too: a recorded answer is parsed, a command's payload is told from another one's.
  'src/ledger/core': /^(node:(?!crypto$).*|pg|@temporalio\/.*|undici|fs|path)$/,
  'src/workflows': /^(node:.*|pg|zod|undici|ajv|jsonata|@temporalio\/(client|worker|activity))$/,
  'src/client': /^@temporalio\/(worker|workflow|activity)$/,
  'src/api': /^(pg|@temporalio\/(worker|workflow|activity))$/,
  'src/cli': /^(pg|@temporalio\/(worker|workflow|activity))$/,
  dashboard: /^(node:.*|pg|zod|fastify|@temporalio\/.*)$/,
};

/** Of `pricing/`, only the loader may touch the file system or parse with zod. */
const PRICING_IMPURE = /^src\/pricing\/(load|.*schema|index|plans?|cards?)[^/]*\.ts$/;

interface Import {
  readonly file: string;
  readonly specifier: string;
  /** Path below the root of what is imported, or null for a package. */
  readonly target: string | null;
}

/** Nobody wrote it by hand. */
const GENERATED = /(^|\/)api\/schema\.d\.ts$/;

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules') && !GENERATED.test(name))
    .map((name) => `${folder}/${name}`);
}

const files = [
  'worker.ts',
  ...['src', 'dashboard', 'scripts', 'test', 'bench', 'examples'].flatMap(filesBelow),
].filter((file) => existsSync(join(root, file)));

function areaOf(file: string): Area {
  const area = AREAS.find((candidate) => file === candidate || file.startsWith(`${candidate}/`));
  if (area === undefined) throw new Error(`${file} belongs to no area of the design`);
  return area;
}

function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => ({
    file,
    specifier: fileName,
    target: fileName.startsWith('.') ? relative(root, resolve(root, dirname(file), fileName)) : null,
  }));
}

const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('sees its files', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(50);
  });

  it('has imports that go one way', () => {
    const wrong = imports.flatMap(({ file, target }) => {
      if (target === null) return [];
      const from = areaOf(file);
      const to = areaOf(
        /\.tsx?$/.test(target) || ['.ts', '.tsx'].some((end) => existsSync(join(root, target + end)))
          ? target
          : `${target}/`,
      );
      return from === to || MAY_IMPORT[from].includes(to)
        ? []
        : [`${file} imports ${target}: ${from} may not use ${to}`];
    });
    expect(wrong).toEqual([]);
  });

  it('keeps packages where they belong', () => {
    const wrong = imports.flatMap(({ file, specifier, target }) =>
      target === null && FORBIDDEN_PACKAGES[areaOf(file)]?.test(specifier) === true
        ? [`${file} imports ${specifier}`]
        : [],
    );
    expect(wrong).toEqual([]);
  });

  it('keeps pricing pure but for its loader', () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        areaOf(file) === 'src/pricing' &&
        !PRICING_IMPURE.test(file) &&
        (PURE.test(specifier) || specifier === 'zod'),
    );
    expect(wrong).toEqual([]);
  });

  it('names ledger tables only in the ledger', () => {
    const sql = /\b(?:from|into|update|join)\s+flow_credits\.\w+/i;
    const wrong = files
      .filter((file) => file.startsWith('src/') && !file.startsWith('src/ledger/'))
      .filter((file) => sql.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('reads no clock in a rule', () => {
    const clock = /\bDate\.now\(\)|\bnew Date\(\)|\bperformance\.now\(\)/;
    const wrong = files
      .filter((file) => /^src\/(contracts|pricing|ledger\/core)\//.test(file))
      .filter((file) => clock.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('has no file of more than 400 lines', () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  it('has a README in every folder of src, and in test and bench', () => {
    const folders = new Set(['dashboard', ...files.filter((file) => file.includes('/')).map(dirname)]);
    const bare = [...folders]
      .filter((folder) =>
        /^(src\/[^/]+(\/(core|store|read|migrations|interceptors|blocks|interpreter))?|dashboard|test|bench)$/.test(
          folder,
        ),
      )
      .filter((folder) => !existsSync(join(root, folder, 'README.md')));
    expect(bare).toEqual([]);
  });
});
