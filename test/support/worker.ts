import { DefaultLogger, Runtime, Worker, type LogEntry, type WorkerOptions } from '@temporalio/worker';
import { testNamespace, testNativeConnection } from './temporal';

const told: LogEntry[] = [];
const ENTRIES_MOST = 20_000;
const errors = new DefaultLogger('ERROR');

/** All that workers of this process have logged, down to what nobody is shown. */
export function logged(): readonly LogEntry[] {
  return told;
}

// One runtime for the process. Signals are jest's business: a worker must not shut down by itself.
Runtime.install({
  shutdownSignals: [],
  logger: new DefaultLogger('DEBUG', (entry) => {
    if (told.length < ENTRIES_MOST) told.push(entry);
    errors.log(entry.level, entry.message, entry.meta);
  }),
});

export interface RunningWorker {
  readonly worker: Worker;
  /** Ends the worker after its tasks are done. Throws what it failed with. */
  stop(): Promise<void>;
}

export type TestWorkerOptions = Omit<WorkerOptions, 'connection' | 'namespace'>;

/** Starts a worker on the shared Temporal. Without workflows or a bundle it does activities only. */
export async function startWorker(options: TestWorkerOptions): Promise<RunningWorker> {
  const worker = await Worker.create({
    shutdownGraceTime: '5 seconds',
    ...options,
    connection: await testNativeConnection(),
    namespace: testNamespace(),
  });
  const running = worker.run();
  // The failure is told by `stop`; until then it must not end the process as an unhandled one.
  running.catch(() => undefined);
  return {
    worker,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    },
  };
}

/** Runs `use` while a worker runs, and stops the worker whatever happens. */
export async function withWorker<T>(
  options: TestWorkerOptions,
  use: (worker: Worker) => Promise<T>,
): Promise<T> {
  const running = await startWorker(options);
  try {
    return await use(running.worker);
  } finally {
    await running.stop();
  }
}
