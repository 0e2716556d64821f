import { type Command, Option } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { print, printJson, table } from '../output';
import { withReader } from './connect';
import { unknownTeam } from './team';

const EXAMPLES = `
Examples:
  $ flow-credits runs acme
  $ flow-credits runs acme --status admitted --json`;

const STATUSES = ['waiting', 'admitted', 'closed', 'left'] as const;

interface Options {
  readonly status?: (typeof STATUSES)[number];
  readonly limit: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('runs')
    .description("A team's runs as the ledger knows them, newest first.")
    .argument('<team>')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--limit <n>', 'how many', '50')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(runs);
}

async function runs(team: string, options: Options): Promise<void> {
  const { status } = options;
  await withReader(async (reader) => {
    if ((await reader.team(team)) === null) throw unknownTeam(team);
    const found = await reader.runs(team, {
      limit: Math.max(1, Number(options.limit) || 50),
      ...(status === undefined ? {} : { status }),
    });
    if (options.json) {
      printJson(found);
      return;
    }
    const rows = found.map((run) => [
      run.workflowId,
      run.flow,
      run.closeReason === null ? run.status : `${run.status} (${run.closeReason})`,
      toIso(run.askedAt),
      formatCredits(run.charged),
    ]);
    print(table([['run', 'flow', 'status', 'asked', 'charged'], ...rows], [4]));
  });
}
