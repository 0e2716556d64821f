import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedServers, testDatabase, uniqueName } from '../support';
import {
  anotherNode,
  inFolder,
  manifest,
  npmInstall,
  pack,
  requiredPeers,
  serve,
  versionOf,
  withPath,
  writeProject,
  type Packed,
} from './packed';

/** Installs come from a registry, and projects are compiled. */
const LONG = 300_000;
const NODES = (process.env['FLOW_CREDITS_TEST_NODES'] ?? '22 24').split(/[\s,]+/).filter(Boolean);

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
}, LONG);
afterAll(() => {
  packed.remove();
});

/** Runs the project's program against the test's servers: what a team was charged for one order. */
async function runProject(folder: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { url } = await testDatabase();
  const { temporalAddress, namespace } = sharedServers();
  const printed = await inFolder(folder, 'node', ['out/main.js'], {
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    PROJECT: uniqueName('project'),
    ...env,
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

/** Two credits for `charge`, twice three for the model calls that `summarise` reported. */
const CHARGED = {
  result: 'charged o-1; o-1 in short; never RunCreditLimitReached',
  charged: '8000',
  card: 'orders-2026-05-01',
};

/** What only some want, by the names of their folders in `node_modules`. */
const OPTIONAL = Object.keys(manifest.peerDependenciesMeta);

/** Tokens are nobody's here: whoever comes is a stranger. */
const settingsOfApi = {
  FLOW_CREDITS_JWKS_URL: 'http://127.0.0.1:9/jwks.json',
  FLOW_CREDITS_JWT_ISSUER: 'https://id.example/',
  FLOW_CREDITS_JWT_AUDIENCE: 'flow-credits',
};

describe('the published package', () => {
  it('holds what it needs: no test, no demo, no source map that points nowhere', () => {
    const strange = packed.files.filter(
      (path) =>
        !/^(dist\/.+\.(js|mjs|json|sql|d\.ts)|dist\/dashboard\/.+|package\.json|README\.md|LICENSE)$/.test(
          path,
        ) || /(^|\/)(test|demo|bench|examples)s?([./]|$)/.test(path),
    );
    expect(strange).toEqual([]);
    expect(packed.files.length).toBeGreaterThan(100);
  });

  it(
    'meters a CommonJS project with its own workflowsPath, and installs neither API nor agents nor page',
    async () => {
      const folder = writeProject(packed, 'in-commonjs', 'commonjs');
      await npmInstall(folder);
      const installed = readdirSync(join(folder, 'node_modules'));
      expect(installed).toContain('temporal-flow-credits');
      expect(OPTIONAL.length).toBeGreaterThan(0);
      const unwanted = [...OPTIONAL, 'react', 'vite', 'fastify', 'jest', 'playwright-core'];
      expect(unwanted.filter((name) => existsSync(join(folder, 'node_modules', name)))).toEqual([]);
      await inFolder(folder, 'node', ['node_modules/typescript/bin/tsc', '-p', '.']);
      expect(await runProject(folder)).toEqual({ ...CHARGED, node: process.version });
      const help = await inFolder(folder, 'npx', ['--no-install', 'flow-credits', '--help']);
      expect(help).toContain('validate');
      expect(help).not.toMatch(/^ +demo /m);
    },
    LONG,
  );

  it(
    `meters an ES module project, also under Node ${NODES.join(', ')}`,
    async () => {
      const folder = writeProject(packed, 'in-esm', 'module');
      await npmInstall(folder);
      await inFolder(folder, 'node', ['node_modules/typescript/bin/tsc', '-p', '.']);
      expect(await runProject(folder)).toEqual({ ...CHARGED, node: process.version });
      for (const major of NODES) {
        const bin = await anotherNode(packed, major);
        expect(await runProject(folder, withPath(bin))).toEqual({
          ...CHARGED,
          node: expect.stringMatching(new RegExp(`^v${major}\\.`)),
        });
      }
    },
    LONG,
  );

  it(
    'meters a project under strict pnpm, where nobody sees what he did not ask for',
    async () => {
      const tools = join(packed.workshop, 'tools');
      await inFolder(packed.workshop, 'npm', [
        'install',
        '--prefix',
        tools,
        '--no-audit',
        '--no-fund',
        '--prefer-offline',
        'pnpm@10',
      ]);
      const asked = Object.fromEntries(requiredPeers);
      const folder = writeProject(packed, 'in-pnpm', 'module', asked);
      const strict = [
        '--config.auto-install-peers=false',
        '--config.strict-peer-dependencies=true',
        '--config.hoist=false',
      ];
      await inFolder(folder, join(tools, 'node_modules', '.bin', 'pnpm'), [
        'install',
        '--no-frozen-lockfile',
        '--prefer-offline',
        ...strict,
      ]);
      await inFolder(folder, 'node', ['node_modules/typescript/bin/tsc', '-p', '.']);
      expect(await runProject(folder)).toEqual({ ...CHARGED, node: process.version });
    },
    LONG,
  );

  it(
    'serves the API and the page to who installs what they need',
    async () => {
      const folder = join(packed.workshop, 'in-commonjs');
      // Who has not is told what to install, and that is enough.
      const refused = serve(folder, settingsOfApi);
      const told = await refused.address.then(String, String);
      const [, names = ''] = /"[^"]+" is not installed; the API needs: npm install (.+)/.exec(told) ?? [told];
      await npmInstall(folder, '--no-save', ...names.split(' ').map((name) => `${name}@${versionOf(name)}`));
      const { url } = await testDatabase();
      const { temporalAddress, namespace } = sharedServers();
      const served = serve(folder, {
        DATABASE_URL: url,
        TEMPORAL_ADDRESS: temporalAddress,
        TEMPORAL_NAMESPACE: namespace,
        ...settingsOfApi,
      });
      try {
        const address = await served.address;
        const ready = await fetch(`${address}/ready`);
        expect({ status: ready.status, body: await ready.text() }).toMatchObject({ status: 200 });
        const page = await fetch(`${address}/`);
        expect(await page.text()).toContain('<div id="root">');
        expect((await fetch(`${address}/v1/me`)).status).toBe(401);
      } finally {
        await served.stop();
      }
    },
    LONG,
  );

  it(
    'has declarations that hold without skipLibCheck',
    async () => {
      const folder = join(packed.workshop, 'in-esm');
      const tsc = ['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit', '--skipLibCheck', 'false'];
      const faults = await inFolder(folder, 'node', tsc).then(
        () => '',
        (error: unknown) => String(error),
      );
      // Others' declarations are theirs.
      expect(faults.split('\n').filter((line) => line.includes('temporal-flow-credits/dist'))).toEqual([]);
    },
    LONG,
  );
});
