import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { printError } from './output';

/** A file of `commands/`: adds its command, with options and examples, to the program. */
export interface CommandModule {
  register(program: Command): void;
}

/** Only the command that is called gets loaded: no command pays for another's imports. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  // A checkout has the demo; the published package does not.
  ...(existsSync(join(__dirname, '..', 'dev', 'demo')) ? { demo: () => import('./commands/demo.js') } : {}),
  dev: () => import('./commands/dev.js'),
  setup: () => import('./commands/setup.js'),
  runner: () => import('./commands/runner.js'),
  run: () => import('./commands/run.js'),
  team: () => import('./commands/team.js'),
  payg: () => import('./commands/payg.js'),
  plan: () => import('./commands/plan.js'),
  pack: () => import('./commands/pack.js'),
  adjust: () => import('./commands/adjust.js'),
  reverse: () => import('./commands/reverse.js'),
  line: () => import('./commands/line.js'),
  runs: () => import('./commands/runs.js'),
  usage: () => import('./commands/usage.js'),
  observed: () => import('./commands/observed.js'),
  statements: () => import('./commands/statements.js'),
  audit: () => import('./commands/audit.js'),
  events: () => import('./commands/events.js'),
  verify: () => import('./commands/verify.js'),
  periods: () => import('./commands/periods.js'),
  price: () => import('./commands/price.js'),
  reprice: () => import('./commands/reprice.js'),
  estimate: () => import('./commands/estimate.js'),
  validate: () => import('./commands/validate.js'),
  schema: () => import('./commands/schema.js'),
};

/**
 * Runs one command. Gives the exit status: 0, or 1 for whatever went wrong; a failure is one line on standard error.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await programFor(args);
    await program.parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    // Commander has said what it has to say: help, the version, or what is wrong with the line.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    printError(error);
    return 1;
  }
}

async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command('flow-credits')
    .description('Monthly credits for flow runs on Temporal.')
    .exitOverride()
    // What follows a command's name is that command's: `line` and `line discard` both have --json.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nEvery command has --help with examples; those with a result have --json.\n' +
        'TEMPORAL_ADDRESS and DATABASE_URL say where; without them the stack of "flow-credits dev" is used.\n' +
        'FLOW_CREDITS_DEBUG=1 shows the stack of an error.',
    );
  const called = args.find((arg) => !arg.startsWith('-'));
  const load = called === undefined ? undefined : COMMANDS[called];
  const modules = await Promise.all((load ? [load] : Object.values(COMMANDS)).map((each) => each()));
  for (const module of modules) module.register(program);
  sayFaultsOnOneLine(program, program.name());
  return program;
}

/** What is wrong with a command line is one line as well, and says how to get help. Commander would take two. */
function sayFaultsOnOneLine(command: Command, path: string): void {
  command.configureOutput({
    outputError: (text, write) => {
      write(`${text.trim().replace(/\s*\n\s*/g, ' ')} (help: ${path} --help)\n`);
    },
  });
  for (const part of command.commands) sayFaultsOnOneLine(part, `${path} ${part.name()}`);
}
