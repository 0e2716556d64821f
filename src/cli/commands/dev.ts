import { type Command } from 'commander';
import { messageOf } from '../../contracts/error-text';
import { type StackApi } from '../../dev/api';
import { type Stack } from '../../dev/stack';
import { A_FLOW, CALLED, note, print, UserError } from '../output';

const EXAMPLES = `
Examples:
  $ flow-credits dev                                    everything temporary, gone with Ctrl-C
  $ flow-credits dev --data .flow-credits               runs and credits stay for the next time
  $ TEMPORAL_ADDRESS=127.0.0.1:7233 flow-credits dev    your own Temporal, our Postgres

It ends with addresses of the page, one for each reader. A new stack gets three sample teams with two months of usage;
--no-sample leaves them out.

In another terminal, without further settings:
  $ flow-credits team create acme --plan solo
  $ flow-credits run examples/hello.json --team acme --trigger api --wait`;

interface Options {
  readonly data?: string;
  readonly port?: string;
  readonly uiPort?: string;
  readonly apiPort?: string;
  readonly sample: boolean;
}

export function register(program: Command): void {
  program
    .command('dev')
    .description('Keep Temporal, Postgres, the worker, the API and its page up on this machine until Ctrl-C.')
    .option('--data <folder>', 'keep workflows and credits here over restarts')
    .option('--port <port>', "Temporal's port (default: a free one)")
    .option('--ui-port <port>', "the port of Temporal's UI (default: a free one)")
    .option('--api-port <port>', 'the port of the API and the page (default: 8080, or a free one)')
    .option('--no-sample', 'no sample teams where there are none')
    .addHelpText('after', EXAMPLES)
    .action(dev);
}

async function dev(options: Options): Promise<void> {
  const temporal = { ...port('port', options.port), ...port('uiPort', options.uiPort) };
  const api = port('port', options.apiPort);
  const [
    { startStack },
    { startStackWorker },
    { startStackApi },
    { stackMetrics },
    { samplePast, sampleToday },
    { announceDevStack },
    { untilSignalled },
  ] = await Promise.all([
    import('../../dev/stack.js'),
    import('../../dev/worker.js'),
    import('../../dev/api.js'),
    import('../../dev/metrics.js'),
    import('../../dev/sample/index.js'),
    import('../../dev/state-file.js'),
    import('../../dev/signals.js'),
  ]);
  const signalled = untilSignalled();
  const stopping = new AbortController();
  void signalled.first.then(() => {
    stopping.abort();
  });
  try {
    note('starting Temporal and Postgres …');
    const stack = await startStack({
      onProgress: note,
      temporal,
      ...(options.data === undefined ? {} : { dataDir: options.data }),
    });
    const opened: (() => unknown)[] = [];
    try {
      // One process, one address: the API serves what the worker measures.
      const metrics = await stackMetrics();
      const looked = metrics === null ? {} : { registry: metrics.registry };
      const served = await startStackApi(stack, { ...api, ...looked, onProgress: note });
      opened.push(() => served?.close());
      const samples = { apiUrl: served?.url ?? null, onProgress: note, signal: stopping.signal };
      // Somebody's own ledger is not for samples.
      const wanted = options.sample && stack.postgres !== null;
      const made = wanted && (await told(samplePast(stack, samples), signalled.first));
      const worker = await startStackWorker(stack, metrics === null ? {} : { observer: metrics.observer });
      opened.push(() => worker.stop());
      opened.push(announceDevStack(stack, served?.url));
      if (made) await told(sampleToday(stack, samples), signalled.first);
      await tell(stack, served);
      // A worker that fails ends the wait as well, with its error.
      await Promise.race([signalled.first, worker.ended]);
      note('stopping …');
    } finally {
      try {
        for (const close of opened.reverse()) await close();
      } finally {
        await stack.stop();
      }
    }
  } finally {
    signalled.end();
  }
}

/** Teams to look at are no reason not to stop, and none not to start: false where they are not there, or not all of them. */
async function told(teams: Promise<boolean>, stop: Promise<unknown>): Promise<boolean> {
  let stopped = false;
  const done = teams.catch((error: unknown) => {
    if (!stopped) note(`the sample teams are not complete: ${messageOf(error)}`);
    return false;
  });
  const ended = stop.then(() => {
    stopped = true;
    return false;
  });
  return Promise.race([done, ended]);
}

async function tell(stack: Stack, api: StackApi | null): Promise<void> {
  print(`Temporal   ${stack.temporalAddress} (namespace ${stack.namespace})`);
  if (stack.uiUrl !== null) print(`UI         ${stack.uiUrl}`);
  print(`Postgres   ${stack.databaseUrl}`);
  if (api !== null) {
    const { printLinks } = await import('./links.js');
    await printLinks(print, api, stack);
  }
  print();
  print('In another terminal:');
  print(`  ${CALLED} team create acme --plan solo`);
  print(`  ${CALLED} run ${A_FLOW} --team acme --trigger api --wait`);
  print();
  print('Ctrl-C stops everything.');
}

function port<Name extends string>(name: Name, text: string | undefined): Partial<Record<Name, number>> {
  if (text === undefined) return {};
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535)
    throw new UserError(`port ${text}: must be 1 to 65535`);
  const result: Partial<Record<Name, number>> = {};
  result[name] = value;
  return result;
}
