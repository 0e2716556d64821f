import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { workflowBundle } from '../support';

let modules: readonly string[];
beforeAll(async () => {
  const workflowsPath = require.resolve('../../src/workflows');
  const { codePath } = await workflowBundle({
    workflowsPath,
    workflowInterceptorModules: [require.resolve('../../src/plugin/interceptors/workflow')],
  });
  const code = readFileSync(codePath, 'utf8');
  modules = [...new Set(code.match(/\.\/(?:src|node_modules)\/[\w@./-]+/g) ?? [])];
});

describe('the workflow bundle, interceptors included', () => {
  it('contains our workflows and the SDK', () => {
    expect(modules).toContain('./src/workflows/flow-run.ts');
    expect(modules).toContain('./src/plugin/interceptors/workflow.ts');
    expect(modules.some((name) => name.startsWith('./node_modules/@temporalio/workflow/'))).toBe(true);
  });

  it.each(['zod', 'pg', 'ajv', 'jsonata', 'undici', '@js-joda/core', 'openai', '@modelcontextprotocol'])(
    'contains no %s',
    (name) => {
      expect(modules.filter((module) => module.startsWith(`./node_modules/${name}/`))).toEqual([]);
    },
  );

  it('contains nothing of the ledger and no activity', () => {
    expect(modules.filter((module) => /^\.\/src\/(ledger|activities|client|cli|dev)\//.test(module))).toEqual(
      [],
    );
  });
});
