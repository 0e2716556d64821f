import { NativeConnection, Runtime } from '@temporalio/worker';
import { blockSettingsFrom } from '../activities/blocks';
import { temporalSettings } from '../client/connection';
import { loadOwn, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';
import { createPrivateRunner } from './create-runner';
import { runtimeLogs } from './logs';
import { untilThere } from './starting';

/** Whose private runner a process is, and who is told where it polls. */
export interface RunnerProcessOptions {
  readonly team: string;
  /** Told once it is there to poll. */
  readonly onPolling?: (where: { readonly taskQueue: string; readonly address: string }) => void;
}

/**
 * A whole private runner by its environment: the variables of Temporal's own CLI, those of `blockSettingsFrom`,
 * `FLOW_CREDITS_SECRET_…`, `FLOW_CREDITS_BLOCKS`, `FLOW_CREDITS_LOG_LEVEL`, `FLOW_CREDITS_LOG_FORMAT` and `FLOW_CREDITS_TASK_QUEUE`. No database. Runs until
 * SIGINT or SIGTERM, and ends in order. A Temporal that is not there yet is waited for.
 */
export async function runRunnerProcess(
  env: NodeJS.ProcessEnv,
  { team, onPolling }: RunnerProcessOptions,
): Promise<void> {
  // What is wrong with files is found before anything is waited for.
  const registry = blockSettingsFrom(env);
  const { blocks, connectors } = loadOwn(env[OWN_BLOCKS_VARIABLE]);
  const { address, namespace, connection: settings } = temporalSettings(env);
  Runtime.install(runtimeLogs(env, isOfWorkflows));
  const connection = await untilThere(`Temporal at ${address}`, () => NativeConnection.connect(settings));
  try {
    const taskQueue = env['FLOW_CREDITS_TASK_QUEUE'];
    const runner = await createPrivateRunner({
      connection,
      namespace,
      team,
      registry,
      blocks,
      connectors,
      ...(taskQueue ? { taskQueue } : {}),
    });
    onPolling?.({ taskQueue: runner.taskQueue, address });
    await runner.run();
  } finally {
    await connection.close();
  }
}

/** A runner has no workflows, ever. */
function isOfWorkflows(message: string): boolean {
  return message.startsWith('No workflows registered');
}
