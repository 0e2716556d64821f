const { join, relative, sep } = require('node:path');
const { suitesByNeed } = require('./test/support/needs-servers');

const OUR_DYNAMIC_IMPORTS =
  /^(\.\/commands\/.*|\.\.\/\.\.\/(?:client|contracts|dev|ledger|pricing)\/.*)\.js$/;

/** Packages that are nothing but ES modules: Node requires them all the same, jest does not. */
const ES_MODULES = 'jose|content-disposition|cookie';

/** Tests run the TypeScript sources through swc; nothing needs to be built first. */
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: {
    [`^.+\\.ts$|node_modules.(?:${ES_MODULES}).+\\.js$`]: [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [
    `/node_modules/(?!(?:@fastify/static/node_modules/|light-my-request/node_modules/)?(?:${ES_MODULES})/)`,
  ],
  // `import()` needs the extension of the file it becomes.
  moduleNameMapper: {
    [OUR_DYNAMIC_IMPORTS.source]: '$1',
    // What a platform imports, as the examples do.
    '^temporal-flow-credits$': '<rootDir>/src/index.ts',
    '^temporal-flow-credits/activity$': '<rootDir>/src/activity.ts',
    '^temporal-flow-credits/(client|testing)$': '<rootDir>/src/$1/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

const { unit, integration } = suitesByNeed(join(__dirname, 'test'));
const pattern = (suite) => `<rootDir>/${relative(__dirname, suite).split(sep).join('/')}`;
// jest takes an empty list for its default pattern, which matches everything.
const only = (suites) => (suites.length > 0 ? suites.map(pattern) : ['<rootDir>/test/no-such-suite']);

module.exports = {
  testTimeout: 120_000,
  maxWorkers: 2,
  projects: [
    { ...base, displayName: 'unit', testMatch: only(unit) },
    {
      ...base,
      displayName: 'integration',
      testMatch: only(integration),
      // Jest runs these only when the run has a suite of this project.
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
