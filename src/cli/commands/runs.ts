import { type Command, Option } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { note, print, printJson, table, UserError } from '../output';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { register as show } from './runs-show';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits runs acme
  $ flow-credits runs acme --status admitted --flow checkout --json
  $ flow-credits runs acme --limit 500 --after 1767225600000.order-17:0199…
  $ flow-credits runs show order-17 --team acme`;

const STATUSES = ['waiting', 'admitted', 'closed', 'left'] as const;
const MOST = 10_000;

interface Options {
  readonly status?: (typeof STATUSES)[number];
  readonly flow?: string;
  readonly after?: string;
  readonly limit: string;
  readonly json?: true;
}

export function register(program: Command): void {
  const runs = program
    .command('runs')
    .description(
      "A team's runs as the ledger knows them, newest first; or one run, with its charges explained.",
    )
    .enablePositionalOptions()
    .argument('<team>')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--flow <name>', 'only runs of this flow')
    .option('--after <cursor>', 'where the page before ended')
    .option('--limit <n>', 'how many', '50')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(list);
  show(runs);
}

async function list(team: string, options: Options): Promise<void> {
  const { status, flow } = options;
  const limit = wholeNumber('--limit', options.limit, { least: 1, most: MOST });
  const { cursorFrom, cursorText } = await import('../../ledger/read/index.js');
  const after = options.after === undefined ? undefined : cursorFrom(options.after);
  if (after === null)
    throw new UserError(`--after ${options.after ?? ''}: is no cursor; use the one a page ended with`);
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const found = await reader.runs(team, {
      limit: limit + 1,
      ...(status === undefined ? {} : { status }),
      ...(flow === undefined ? {} : { flow }),
      ...(after === undefined ? {} : { after }),
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last !== undefined ? cursorText(last) : null;
    if (options.json) {
      printJson({ team, runs: page, next });
      return;
    }
    const rows = page.map((run) => [
      run.workflowId,
      run.flow,
      run.context.trigger,
      run.closeReason === null ? run.status : `${run.status} (${run.closeReason})`,
      moment(run.askedAt),
      formatCredits(run.charged),
    ]);
    print(table([['run', 'flow', 'trigger', 'status', 'asked', 'charged'], ...rows], [5]));
    if (next !== null) note(`there are more: --after ${next}`);
  });
}
