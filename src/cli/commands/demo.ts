import { type Command } from 'commander';
import { type Closing, type Platform } from '../../dev/demo';
import { note, print, printError, printJson } from '../output';

const EXAMPLES = `
Examples:
  $ npm run demo                         the story, live, in about half a minute
  $ npm run demo -- --keep               the stack stays up afterwards, until Ctrl-C
  $ npm run -s flow-credits -- demo --json

Everything runs on this machine and is gone afterwards. With TEMPORAL_ADDRESS or DATABASE_URL those are used: the demo
makes a database and a task queue of its own there. NO_COLOR turns colours off.
Exit status 1: something that the story tells did not happen; the message says what.`;

interface Options {
  readonly keep?: boolean;
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
    .option('--keep', 'keep Temporal, Postgres and the worker up afterwards, until Ctrl-C')
    .option('--json', 'tell nothing; what happened, as JSON')
    .addHelpText('after', EXAMPLES)
    .action(demo);
}

async function demo({ keep = false, json = false }: Options): Promise<void> {
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
      if (keep) {
        await stayUp(done.platform, json, closing);
        await interrupted;
        note('stopping …');
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

/** Other terminals find a stack of our own, as they find that of `flow-credits dev`. */
async function stayUp({ stack }: Platform, json: boolean, closing: Closing): Promise<void> {
  const tell = json ? note : print;
  tell('');
  if (stack.uiUrl !== null) tell(`Temporal UI  ${stack.uiUrl}`);
  // On somebody's Temporal our worker has a task queue of its own, which other commands do not know.
  if (stack.temporal !== null) {
    const { announceDevStack } = await import('../../dev/state-file.js');
    closing.now(announceDevStack(stack), (takeBack) => {
      takeBack();
      return Promise.resolve();
    });
    tell('Start a run  npm run -s flow-credits -- run examples/hello.json --team birch --trigger api');
  }
  tell('Ctrl-C stops everything.');
}
