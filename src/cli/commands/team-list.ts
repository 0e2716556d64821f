import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { type LedgerReader, type TeamOverview } from '../../client';
import { print, printJson, table } from '../output';
import { withReader } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits team list
  $ flow-credits team list --json`;

export function register(team: Command): void {
  team
    .command('list')
    .description('All teams.')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(list);
}

const PAGE = 500;

/** Ids of all teams, in order. */
export async function* allTeams(reader: LedgerReader): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const page: readonly string[] = await reader.teams({ after, limit: PAGE });
    yield* page;
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

async function list(options: { json?: true }): Promise<void> {
  await withReader(async (reader) => {
    const overviews: TeamOverview[] = [];
    for await (const team of allTeams(reader)) {
      const overview = await reader.team(team);
      if (overview !== null) overviews.push(overview);
    }
    if (options.json) {
      printJson(overviews);
      return;
    }
    const rows = overviews.map((overview) => [
      overview.team,
      overview.plan,
      overview.status,
      overview.spendable === null ? 'unbounded' : formatCredits(overview.spendable),
      overview.payg.enabled ? 'on' : 'off',
      String(overview.waiting),
      toIso(overview.period.end),
    ]);
    print(table([['team', 'plan', 'status', 'spendable', 'payg', 'waiting', 'next reset'], ...rows], [3, 5]));
  });
}
