import { type Command } from 'commander';
import { print, printJson, UserError } from '../output';
import { inCredits } from './amounts';
import { changing, identity, reasonOption, type ChangingOptions } from './changing';
import { done, knownTeam, withSession } from './connect';
import { knownRun } from './runs-show';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits reverse acme order-17 --reason "our mistake"
  $ flow-credits reverse acme order-17 --key 'loop[2]/ask' --reason "our mistake"
  $ flow-credits reverse acme order-17 --key ask --line 1 --reason "that tool failed" --json

The run by its workflow id (its latest run) or the ledger's id. Keys and lines are those of "runs show"; lines count
from 0. Each can be reversed once; the credits go back to where they came from.`;

interface Options extends ChangingOptions {
  readonly key?: string;
  readonly line?: string;
  readonly reason: string;
}

export function register(program: Command): void {
  changing(
    program
      .command('reverse')
      .description('Reverse all charges of a run, one of them, or one line of it.')
      .argument('<team>')
      .argument('<run>')
      .option('--key <key>', "one charge, by its block's key (default: all of the run)")
      .option('--line <n>', 'one line of it')
      .addOption(reasonOption()),
  )
    .addHelpText('after', EXAMPLES)
    .action(reverse);
}

async function reverse(team: string, run: string, options: Options): Promise<void> {
  const { key, reason } = options;
  if (options.line !== undefined && key === undefined) {
    throw new UserError(`--line ${options.line}: is a line of a charge; name the charge by --key`);
  }
  const line =
    options.line === undefined
      ? {}
      : { line: wholeNumber('--line', options.line, { least: 0, most: 1_000_000 }) };
  await withSession(async ({ client, reader }) => {
    await knownTeam(reader, team);
    const { runId } = await knownRun(reader, team, run);
    const command = { ...identity(options), runId, reason };
    if (key === undefined) {
      const answer = await done(client.reverseRun(team, command));
      if (options.json) printJson({ team, runId, ...answer });
      else
        print(
          `run ${runId}: ${inCredits(answer.amount)} credits of ${String(answer.charges)} charges reversed`,
        );
      return;
    }
    const answer = await done(client.reverseCharge(team, { ...command, key, ...line }));
    if (options.json) printJson({ team, runId, key, ...line, ...answer });
    else print(`run ${runId}, ${key}: ${inCredits(answer.amount)} credits reversed`);
  });
}
