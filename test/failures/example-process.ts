/**
 * The worker of an example in a process of its own, which a test kills: `example-process.ts NAME SETTINGS`. Says `ready`
 * once it polls. It ends when its owner does.
 */
import { DefaultLogger, Runtime, type Worker } from '@temporalio/worker';
import { createWorker as agents } from '../../examples/agent-loop/worker';
import { createWorker as catalogs } from '../../examples/catalog-loop/worker';
import { createWorker as orders } from '../../examples/order-saga/worker';

type Create = (settings: unknown) => Promise<Worker>;

async function main(): Promise<void> {
  const [name, settings = '{}'] = process.argv.slice(2);
  const examples: Record<string, unknown> = {
    'agent-loop': agents,
    'catalog-loop': catalogs,
    'order-saga': orders,
  };
  const create = examples[name ?? ''];
  if (typeof create !== 'function') throw new Error(`there is no example "${name ?? ''}"`);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const worker = await (create as Create)(JSON.parse(settings));
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
