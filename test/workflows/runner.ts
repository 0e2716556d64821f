import { LOOPBACK } from '../../src/activities/blocks';
import {
  createPrivateRunner,
  type PrivateRunner,
  type PrivateRunnerOptions,
} from '../../src/plugin/create-runner';
import { atEnd, testNamespace, testNativeConnection } from '../support';
import { type Desk } from './desk';

/** A team's private runner in this process, beside the desk whose runs it executes. It may call what is on this machine. */
export async function startRunner(
  { taskQueue }: Pick<Desk, 'taskQueue'>,
  team: string,
  { registry, ...options }: Partial<PrivateRunnerOptions> = {},
): Promise<PrivateRunner> {
  const runner = await createPrivateRunner({
    connection: await testNativeConnection(),
    namespace: testNamespace(),
    team,
    taskQueue,
    registry: { httpAllow: LOOPBACK, ...registry },
    ...options,
  });
  const running = runner.run();
  atEnd(async () => {
    runner.shutdown();
    await running;
  });
  return runner;
}
