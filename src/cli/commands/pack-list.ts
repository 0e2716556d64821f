import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { print, printJson, table } from '../output';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits pack list acme
  $ flow-credits pack list acme --json`;

export function register(pack: Command): void {
  pack
    .command('list')
    .description('Packs that were bought, newest first, and what became of each.')
    .argument('<team>')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(list);
}

async function list(team: string, options: { readonly json?: true }): Promise<void> {
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const packs = await reader.grants(team, 'purchased');
    if (options.json) {
      printJson(packs);
      return;
    }
    if (packs.length === 0) {
      print(`team ${team} bought no packs`);
      return;
    }
    const rows = packs.map(
      ({ grant, grantedAt, expiresAt, granted, used, held, left, status, paid, note }) => [
        String(grant),
        moment(grantedAt),
        expiresAt === null ? 'never' : moment(expiresAt),
        ...[granted, used, held, left].map(formatCredits),
        status,
        paid === null
          ? ''
          : [paid.amount, paid.currency, paid.reference].filter((part) => part !== null).join(' '),
        note ?? '',
      ],
    );
    const head = ['pack', 'bought', 'expires', 'granted', 'used', 'held', 'left', 'status', 'paid', 'note'];
    print(table([head, ...rows], [0, 3, 4, 5, 6]));
  });
}
