import { type DataConverter } from '@temporalio/common';
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The file of our workflows: what a bundler starts from. */
export function workflowsPath(): string {
  return require.resolve('../workflows');
}

const bundles = new Map<string, Promise<WorkflowBundleWithSourceMap>>();

/** Our workflows as one bundle, with a platform's own converters in it; built once in a process for each of those. */
export function workflowBundle(
  { payloadConverterPath, failureConverterPath }: DataConverter = {},
  logger?: Logger,
): Promise<WorkflowBundleWithSourceMap> {
  const converters = {
    ...(payloadConverterPath === undefined ? {} : { payloadConverterPath }),
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
  };
  const key = JSON.stringify(converters);
  const bundle =
    bundles.get(key) ??
    bundleWorkflowCode({
      workflowsPath: workflowsPath(),
      ...converters,
      ...(logger === undefined ? {} : { logger }),
    });
  bundles.set(key, bundle);
  return bundle;
}
