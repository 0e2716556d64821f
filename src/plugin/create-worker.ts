import { Client } from '@temporalio/client';
import { type DataConverter } from '@temporalio/common';
import {
  Runtime,
  Worker,
  type NativeConnection,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import {
  DEADLINES,
  flowActivities,
  type ActivityReader,
  type Deadlines,
  type EventSettings,
  type Observer,
  type Submitter,
} from '../activities';
import { createBlockRegistry, servicesCatalog, type BlockRegistryOptions } from '../activities/blocks';
import { type DeliveryOptions } from '../client/events';
import { missingSearchAttributes } from '../client/search-attributes';
import { type TeamBillingOptions } from '../client/team-billing';
import { type Connector } from '../contracts/connectors';
import { TASK_QUEUE } from '../contracts/names';
import { catalogWith, type OwnBlock } from '../contracts/own-blocks';
import { type Observable } from '../ledger';
import { type Pricing } from '../pricing';
import { workflowBundle, workflowsPath } from './bundle';
import { deliverOnEvents, type EventSource } from './deliver-on-events';
import { wakeOnRelease, type WakeSource } from './wake-on-release';

export interface FlowCreditsWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace?: string;
  /** The caller opens and closes it. */
  readonly ledger: Submitter & WakeSource & EventSource & Partial<Observable>;
  readonly reader: ActivityReader;
  readonly pricing: Pricing;
  /** Secrets, connector services, and what HTTP requests may reach. */
  readonly registry?: Omit<BlockRegistryOptions, 'own' | 'connectors' | 'blocks'>;
  /** A platform's own block types, by `defineBlock`. Their prices are rows of the rate card. */
  readonly blocks?: readonly OwnBlock[];
  /** A platform's own connectors, by `defineConnector`: services that `connector` blocks may call, beside those of `registry`. */
  readonly connectors?: readonly Connector[];
  /** Default `flow-credits`. */
  readonly taskQueue?: string;
  /** Left out: our workflows are bundled, once in a process. */
  readonly workflowBundle?: WorkflowBundleOption;
  /**
   * A platform's own codec or converters. Whoever starts and asks our workflows needs the same: Temporal's `Client` that
   * `FlowCreditsClient` is given.
   */
  readonly dataConverter?: DataConverter;
  readonly deadlines?: Partial<Deadlines>;
  /** How the keepers of teams are started. */
  readonly teamBilling?: TeamBillingOptions;
  /** The webhook that events are delivered to, and how long events are kept. */
  readonly events?: EventSettings;
  /** Looks at how it works: `flowCreditsMetrics().observer` is one. Left out: nothing is measured. */
  readonly observer?: Observer;
  /** How their delivery is started. */
  readonly delivery?: Omit<DeliveryOptions, 'taskQueue'>;
  /** Whatever else Temporal's worker can be told: concurrency, cache, pollers. */
  readonly worker?: Partial<Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'activities'>>;
}

export interface FlowCreditsWorker {
  readonly worker: Worker;
  /** Runs until {@link FlowCreditsWorker.shutdown}, or a signal of the process, then ends what it started. */
  run(): Promise<void>;
  /** Lets what is under way end, then {@link FlowCreditsWorker.run} returns. Any number of calls is as good as one. */
  shutdown(): void;
}

/**
 * Our worker: `flowRun`, `teamBilling`, `monthlyReset`, `reconcile`, `deliverEvents` and their activities on one task
 * queue. Teams that the ledger names after a transaction are woken from here, and so is the delivery of its events.
 */
export async function createFlowCreditsWorker(options: FlowCreditsWorkerOptions): Promise<FlowCreditsWorker> {
  const { connection, namespace = 'default', ledger, reader, pricing, taskQueue = TASK_QUEUE } = options;
  const { blocks: own = [], connectors = [] } = options;
  // A name that is taken is refused before anything is opened.
  const blocks = catalogWith(own, servicesCatalog({ ...options.registry, connectors }));
  const dataConverter = options.dataConverter ?? options.worker?.dataConverter;
  const converter = dataConverter === undefined ? {} : { dataConverter };
  const client = new Client({ connection, namespace, ...converter });
  const { logger } = Runtime.instance();
  const waker = wakeOnRelease(
    client,
    ledger,
    (team, error) => {
      logger.warn('a team could not be woken; reconcile will', { team, error });
    },
    { taskQueue, ...options.teamBilling },
  );
  const closing: (() => Promise<void>)[] = [waker.close];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const { observer = {} } = options;
  const stopLooking = observer.ledger === undefined ? undefined : ledger.observe?.(observer.ledger);
  closing.push(() => {
    stopLooking?.();
    return Promise.resolve();
  });
  try {
    const executors = createBlockRegistry({ ...options.registry, own, connectors });
    closing.push(() => executors.close());
    const delivery = deliverOnEvents(
      client,
      ledger,
      options.events ?? {},
      (error) => {
        logger.warn('the delivery of events could not be started; reconcile will', { error });
      },
      { taskQueue, ...options.delivery },
    );
    closing.push(delivery.close);
    const activities = flowActivities({
      ledger,
      reader,
      pricing,
      executors,
      blocks,
      wake: waker.wake,
      events: delivery.deps,
      ...(observer.activities === undefined ? {} : { observer: observer.activities }),
      deadlines: { ...DEADLINES, ...options.deadlines },
      // One that is not registered makes an upsert loop for ever: then runs set none.
      searchAttributes: (await missingSearchAttributes(connection, namespace)).length === 0,
    });
    const worker = await Worker.create({
      shutdownGraceTime: '10s',
      // A heartbeat also brings a cancellation: by default only every 8 s.
      maxHeartbeatThrottleInterval: '2s',
      ...options.worker,
      connection,
      namespace,
      taskQueue,
      ...converter,
      ...(await workflowCode(options, dataConverter)),
      activities,
    });
    return {
      worker,
      run: async () => {
        delivery.begin();
        try {
          await worker.run();
        } finally {
          await close();
        }
      },
      shutdown: () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Temporal's plugins may add to workflow code: then the worker bundles it, with them. */
async function workflowCode(
  { workflowBundle: given, worker }: FlowCreditsWorkerOptions,
  dataConverter: DataConverter | undefined,
): Promise<Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'>> {
  if (given !== undefined) return { workflowBundle: given };
  if ((worker?.plugins ?? []).length > 0) return { workflowsPath: workflowsPath() };
  return { workflowBundle: await workflowBundle(dataConverter, Runtime.instance().logger) };
}
