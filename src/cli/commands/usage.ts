import { type Command, Option } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { type UsageAmounts, type UsageBy, type UsageReport, type UsageRequest } from '../../ledger/read';
import { UserError } from '../output';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { formats, oneFormat, printReport, type FormatOptions } from './formats';
import { momentOption, wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits usage acme --by flow
  $ flow-credits usage acme --by day --from 2026-11-01 --to 2026-12-01 --csv
  $ flow-credits usage acme --by run --period 3 --limit 20 --json

What was charged, less what was reversed since. Days are those of the team's time zone. The sources are those of each
charge; what a period's close allotted anew is on its statement.`;

const BY = ['day', 'flow', 'type', 'run'] as const satisfies readonly UsageBy[];
const PERIODS = { least: -1_200, most: 12_000 };
const MOST_ROWS = { least: 1, most: 100_000 };

interface Options extends FormatOptions {
  readonly by: UsageBy;
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

export function register(program: Command): void {
  formats(
    program
      .command('usage')
      .description('What a team used: by day, flow, type of block or run.')
      .argument('<team>')
      .addOption(new Option('--by <what>', 'one row each').choices(BY).default('flow'))
      .option('--period <n>', "a billing period's number (default: the current one)")
      .option('--from <moment>', "a moment, or a day in the team's time zone")
      .option('--to <moment>', 'exclusive (default: the end of the current period)')
      .option('--limit <n>', 'so many rows at most', '1000'),
  )
    .addHelpText('after', EXAMPLES)
    .action(usage);
}

async function usage(team: string, options: Options): Promise<void> {
  oneFormat(options);
  const { by, period, from, to } = options;
  if (period !== undefined && (from !== undefined || to !== undefined)) {
    throw new UserError(`--period ${period}: not together with --from and --to; give one or the other`);
  }
  const limit = wholeNumber('--limit', options.limit, MOST_ROWS);
  await withReader(async (reader) => {
    const { timeZone } = await knownTeam(reader, team);
    const request: UsageRequest = {
      by,
      limit,
      ...(period === undefined ? {} : { period: wholeNumber('--period', period, PERIODS) }),
      ...(from === undefined ? {} : { from: await momentOption('--from', from, timeZone) }),
      ...(to === undefined ? {} : { to: await momentOption('--to', to, timeZone) }),
    };
    if (request.from !== undefined && request.to !== undefined && request.to <= request.from) {
      throw new UserError(`--to ${to ?? ''}: must be after --from ${from ?? ''}`);
    }
    const report = await reader.usage(team, request);
    if (report !== null) tell(report, options);
  });
}

const AMOUNTS = ['amount', 'reversed', 'included', 'purchased', 'adjustment', 'payg', 'overdraft'] as const;

function tell(report: UsageReport, options: Options): void {
  const { by, rows, total, from, to, timeZone, period, more } = report;
  const cells = (of: UsageAmounts): string[] => [
    String(of.charges),
    ...AMOUNTS.map((name) => formatCredits(of[name])),
  ];
  const naming = by === 'run' ? ['run', 'workflow', 'flow'] : [by];
  const head = [...naming, 'charges', 'credits', ...AMOUNTS.slice(1)];
  const named = rows.map((row) => [
    ...(by === 'run' ? [row.key, row.workflowId ?? '', row.flow ?? ''] : [row.key]),
    ...cells(row),
  ]);
  const sum = [...naming.map((_, index) => (index === 0 ? 'total' : '')), ...cells(total)];
  const what = period === null ? '' : `period ${String(period)}, `;
  const below = [`${what}${moment(from)} until ${moment(to)} (${timeZone})`];
  if (more) below.push(`there are more than ${String(rows.length)}: --limit; the total is of all`);
  const right = head.flatMap((_, column) => (column >= naming.length ? [column] : []));
  printReport({ json: report, head, rows: options.csv ? named : [...named, sum], right, below }, options);
}
