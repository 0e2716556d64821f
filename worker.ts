/**
 * The platform's worker process: `tsx worker.ts`, or `node dist/worker.js`. Where Temporal and Postgres are, and the
 * platform's own rate cards, plans, connector services and secrets, come from the environment
 * (`src/plugin/worker-process.ts` lists it). Ends in order on SIGINT and SIGTERM.
 */
import { runWorkerProcess } from './src';

runWorkerProcess(process.env).then(
  () => {
    process.exitCode = 0;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? `flow-credits worker: ${error.message}` : error);
    process.exitCode = 1;
  },
);
