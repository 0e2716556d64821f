import { type Command } from 'commander';
import { type Closing, type Platform } from '../../dev/demo';
import { note, print, printError, printJson } from '../output';

const EXAMPLES = `
Examples:
  $ npm run demo                         the story, live, in about half a minute
  $ npm run demo -- --no-serve           it ends when all is told, as it does where there is no terminal, and in CI
  $ npm run demo -- --keep               it stays up also there
  $ npm run -s flow-credits -- demo --json

Everything runs on this machine and is gone afterwards. With TEMPORAL_ADDRESS or DATABASE_URL those are used: the demo
makes a database and a task queue of its own there. NO_COLOR turns colours off.
Exit status 1: something that the story tells did not happen; the message says what.`;

interface Options {
  readonly keep?: boolean;
  readonly serve: boolean;
  readonly json?: boolean;
}

/** What a shell expects of a program that Ctrl-C ended. */
const INTERRUPTED = 130;
/** Time to stop in order; what is left then the stack's guardian ends. */
const STOP_WITHIN_MS = 15_000;

export function register(program: Command): void {
  program
    .command('demo')
    .description(
      'Three teams run out of credits, live: waiting, pay-as-you-go, the monthly reset; and an agent, charged line by line.',
    )
    .option(
      '--keep',
      'serve the page and keep everything up afterwards, until Ctrl-C: what a terminal gets anyway',
    )
    .option('--no-serve', 'end when all is told')
    .option('--json', 'tell nothing; what happened, as JSON')
    .addHelpText('after', EXAMPLES)
    .action(demo);
}

async function demo({ keep = false, serve, json = false }: Options): Promise<void> {
  const stays = keep || (serve && !json && process.stdout.isTTY && !process.env['CI']);
  const [{ Closing, runDemo }, { untilSignalled }] = await Promise.all([
    import('../../dev/demo/index.js'),
    import('../../dev/signals.js'),
  ]);
  const signalled = untilSignalled();
  const interrupted = signalled.first.then(() => null);
  const closing = new Closing();
  note('starting Temporal, Postgres and a worker …');
  try {
    const done = await Promise.race([runDemo({ silent: json, onProgress: note, closing }), interrupted]);
    if (done === null) await breakOff(closing, INTERRUPTED);
    else {
      if (json) printJson(done.facts);
      if (stays) {
        await Promise.race([stayUp(done.platform, json, closing), interrupted]);
        await interrupted;
        note('stopping …');
      } else if (!json) {
        print();
        print('To look at it on the Resource usage page: npm run demo -- --keep');
      }
    }
  } catch (error) {
    printError(error);
    await breakOff(closing, 1);
  }
  await closing.close();
  signalled.end();
}

/**
 * The story is in the middle of something: closes what is open, and goes. What it has under way fails now, in calls
 * that nobody waits for any more.
 */
async function breakOff(closing: Closing, status: number): Promise<never> {
  note('stopping …');
  process.on('uncaughtException', () => undefined);
  const late = setTimeout(() => process.exit(status), STOP_WITHIN_MS);
  await closing.close();
  clearTimeout(late);
  process.exit(status);
}

/** The page of what was just told, until Ctrl-C. Other terminals find a stack of our own as they find `flow-credits dev`. */
async function stayUp(
  { stack, taskQueue, metrics }: Platform,
  json: boolean,
  closing: Closing,
): Promise<void> {
  const tell = json ? note : print;
  const [{ startStackApi }, { printLinks }, { announceDevStack }] = await Promise.all([
    import('../../dev/api.js'),
    import('./links.js'),
    import('../../dev/state-file.js'),
  ]);
  const starting = startStackApi(stack, {
    taskQueue,
    ...(metrics === null ? {} : { registry: metrics.registry }),
    onProgress: note,
  });
  const api = await closing.keep(starting, async (opened) => opened?.close());
  tell('');
  if (stack.uiUrl !== null) tell(`UI         ${stack.uiUrl}`);
  if (api !== null)
    await printLinks(
      (line = '') => {
        tell(line);
      },
      api,
      stack,
    );
  tell('');
  // On somebody's Temporal our worker has a task queue of its own, which other commands do not know.
  if (stack.temporal !== null) {
    closing.now(announceDevStack(stack, api?.url), (takeBack) => {
      takeBack();
      return Promise.resolve();
    });
    tell('Start a run: npm run -s flow-credits -- run examples/hello.json --team birch --trigger api');
  }
  tell('Ctrl-C stops everything.');
}
