import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The file of our workflows: what a bundler starts from. */
export function workflowsPath(): string {
  return require.resolve('../workflows');
}

let bundle: Promise<WorkflowBundleWithSourceMap> | null = null;

/** Our workflows as one bundle, built once in a process. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({ workflowsPath: workflowsPath() });
  return bundle;
}
