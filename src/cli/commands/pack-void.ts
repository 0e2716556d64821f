import { type Command } from 'commander';
import { print, printJson } from '../output';
import { inCredits } from './amounts';
import { changing, identity, reasonOption, type ChangingOptions } from './changing';
import { done, withSession } from './connect';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits pack void acme 4 --reason "ordered twice"
  $ flow-credits pack void acme 4 --reason "ordered twice" --actor billing@example.com --json

A pack is voided whole, as long as nothing of it is used or held; its rest can be withdrawn by "adjust".`;

export function register(pack: Command): void {
  changing(
    pack
      .command('void')
      .description('Take a pack back of which nothing was used.')
      .argument('<team>')
      .argument('<pack>', 'its number, as "pack list" names it')
      .addOption(reasonOption()),
  )
    .addHelpText('after', EXAMPLES)
    .action(voidPack);
}

async function voidPack(
  team: string,
  pack: string,
  options: ChangingOptions & { readonly reason: string },
): Promise<void> {
  const grant = wholeNumber('pack', pack, { least: 1, most: 1_000_000_000 });
  await withSession(async ({ client }) => {
    const answer = await done(client.voidPack(team, { ...identity(options), grant, reason: options.reason }));
    if (options.json) printJson({ team, grant, ...answer });
    else print(`team ${team}: pack ${pack} of ${inCredits(answer.amount)} credits is taken back`);
  });
}
