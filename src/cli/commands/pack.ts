import { type Command } from 'commander';
import { register as add } from './pack-add';
import { register as list } from './pack-list';
import { register as voidPack } from './pack-void';

const EXAMPLES = `
Examples:
  $ flow-credits pack add acme 10000 --paid 80.00 --currency EUR --reference A-17
  $ flow-credits pack list acme
  $ flow-credits pack void acme 4 --reason "ordered twice"`;

export function register(program: Command): void {
  const pack = program
    .command('pack')
    .description('Credit packs: add, list, void.')
    .addHelpText('after', EXAMPLES);
  for (const part of [add, list, voidPack]) part(pack);
}
