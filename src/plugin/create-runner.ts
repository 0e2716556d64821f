import { type DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createBlockRegistry, type BlockRegistryOptions } from '../activities/blocks';
import { runnerActivities } from '../activities/run-block';
import { type Connector } from '../contracts/connectors';
import { runnerTaskQueue } from '../contracts/names';
import { catalogWith, type OwnBlock } from '../contracts/own-blocks';

/** What {@link createPrivateRunner} takes. */
export interface PrivateRunnerOptions {
  readonly connection: NativeConnection;
  readonly namespace?: string;
  /** Whose blocks it executes. */
  readonly team: string;
  /** Secrets, connector services, and what HTTP requests may reach: the runner's own, not the platform's. */
  readonly registry?: Omit<BlockRegistryOptions, 'own' | 'connectors' | 'blocks'>;
  /** The platform's own block types, by `defineBlock`: it validates and prices them, the runner executes them. */
  readonly blocks?: readonly OwnBlock[];
  /** The runner's own connectors, by `defineConnector`. Only it knows them: flows are held to them as they execute. */
  readonly connectors?: readonly Connector[];
  /** The platform's task queue, which the runner's is named after. Default `flow-credits`. */
  readonly taskQueue?: string;
  /** The platform's own, if it has one. */
  readonly dataConverter?: DataConverter;
  /** Whatever else Temporal's worker can be told. */
  readonly worker?: Partial<
    Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'activities' | 'workflowBundle'>
  >;
}

/** A team's own worker, made by {@link createPrivateRunner}. */
export interface PrivateRunner {
  readonly worker: Worker;
  /** Where it polls. */
  readonly taskQueue: string;
  /** Runs until {@link PrivateRunner.shutdown}, or a signal of the process, then ends what it started. */
  run(): Promise<void>;
  /** Lets what is under way end, then {@link PrivateRunner.run} returns. Any number of calls is as good as one. */
  shutdown(): void;
}

/**
 * A team's own worker: executes the blocks of its private runs, and nothing else. It needs Temporal and no database; the
 * platform's workflows reserve before each block and commit after it.
 */
export async function createPrivateRunner(options: PrivateRunnerOptions): Promise<PrivateRunner> {
  const { connection, namespace = 'default', team, blocks: own = [], connectors = [] } = options;
  // A name that is taken is refused before anything is opened.
  catalogWith(own);
  const taskQueue = runnerTaskQueue(team, options.taskQueue);
  const executors = createBlockRegistry({ ...options.registry, own, connectors });
  try {
    const worker = await Worker.create({
      shutdownGraceTime: '10s',
      // A heartbeat also brings a cancellation: by default only every 8 s.
      maxHeartbeatThrottleInterval: '2s',
      ...options.worker,
      ...(options.dataConverter === undefined ? {} : { dataConverter: options.dataConverter }),
      connection,
      namespace,
      taskQueue,
      activities: runnerActivities(executors),
    });
    return {
      worker,
      taskQueue,
      run: async () => {
        try {
          await worker.run();
        } finally {
          await executors.close();
        }
      },
      shutdown: () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      },
    };
  } catch (error) {
    await executors.close();
    throw error;
  }
}
