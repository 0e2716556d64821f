/** Workflow code, bundled once for all suites and runs. */
export { cachedBundle as workflowBundle } from '../../src/dev/bundle';
