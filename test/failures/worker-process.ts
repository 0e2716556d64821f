/**
 * Our worker in a process of its own, which a test kills. Says `ready` once it polls. It ends when its owner does:
 * standard input is a pipe that nobody writes to.
 */
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { blockSettingsFrom, LOOPBACK } from '../../src/activities/blocks';
import { temporalSettings } from '../../src/client/connection';
import { eventSettingsFrom } from '../../src/activities';
import { openLedger } from '../../src/ledger';
import { openReader } from '../../src/ledger/read';
import { createFlowCreditsWorker } from '../../src/plugin/create-worker';
import { loadPricing } from '../../src/pricing';

async function main(): Promise<void> {
  const [taskQueue, codePath] = process.argv.slice(2);
  const databaseUrl = process.env['DATABASE_URL'];
  if (taskQueue === undefined || codePath === undefined || databaseUrl === undefined) {
    throw new Error('usage: DATABASE_URL=… worker-process.ts TASK_QUEUE BUNDLE');
  }
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const settings = temporalSettings();
  const pricing = loadPricing();
  const [connection, ledger] = await Promise.all([
    NativeConnection.connect(settings.connection),
    openLedger({ databaseUrl, rules: pricing }),
  ]);
  const worker = await createFlowCreditsWorker({
    connection,
    namespace: settings.namespace,
    ledger,
    reader: openReader(databaseUrl, pricing),
    pricing,
    taskQueue,
    events: eventSettingsFrom(process.env),
    workflowBundle: { codePath },
    registry: { ...blockSettingsFrom(process.env), httpAllow: LOOPBACK },
  });
  const running = worker.run();
  process.stdout.write('ready\n');
  await running;
}

process.stdin.on('end', () => process.exit(0)).resume();
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
