import { type Command } from 'commander';
import { register as create } from './team-create';
import { register as list } from './team-list';
import { register as show } from './team-show';
import { register as status } from './team-status';

const EXAMPLES = `
Examples:
  $ flow-credits team create acme --plan solo
  $ flow-credits team show acme
  $ flow-credits team list --json
  $ flow-credits team suspend acme`;

export function register(program: Command): void {
  const team = program
    .command('team')
    .description('Teams: create, show, list, suspend, activate, close.')
    .addHelpText('after', EXAMPLES);
  for (const add of [create, show, list, status]) add(team);
}
