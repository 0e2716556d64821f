import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { type ObservedReport, type ObservedRuns } from '../../ledger/read';
import { UserError } from '../output';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { formats, oneFormat, printReport, type FormatOptions } from './formats';
import { momentOption } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits observed acme
  $ flow-credits observed acme --from 2026-11-01 --to 2026-12-01 --csv

Runs in mode "observe" are metered and wait for nobody. Before "enforce" is turned on, this says what it would have held
back: "meanwhile" is what the runs that would have waited were charged. A flow is a flow's name or a workflow's type.`;

interface Options extends FormatOptions {
  readonly from?: string;
  readonly to?: string;
}

export function register(program: Command): void {
  formats(
    program
      .command('observed')
      .description('Runs in mode "observe": what they came to, and which of them would have waited.')
      .argument('<team>')
      .option('--from <moment>', "a moment, or a day in the team's time zone (default: the current period)")
      .option('--to <moment>', 'exclusive (default: the end of the current period)'),
  )
    .addHelpText('after', EXAMPLES)
    .action(observed);
}

async function observed(team: string, options: Options): Promise<void> {
  oneFormat(options);
  await withReader(async (reader) => {
    const { timeZone } = await knownTeam(reader, team);
    const { from, to } = options;
    const request = {
      ...(from === undefined ? {} : { from: await momentOption('--from', from, timeZone) }),
      ...(to === undefined ? {} : { to: await momentOption('--to', to, timeZone) }),
    };
    const report = await reader.observed(team, request);
    if (report === null) return;
    if (report.to <= report.from) {
      throw new UserError(`--to ${to ?? ''}: must be after ${moment(report.from)}, where the time begins`);
    }
    tell(report, options);
  });
}

function tell(report: ObservedReport, options: Options): void {
  const { flows, total, from, to, timeZone } = report;
  const cells = ({ runs, wouldHaveWaited, firstAt, charged, chargedMeanwhile }: ObservedRuns): string[] => [
    String(runs),
    String(wouldHaveWaited),
    firstAt === null ? '' : moment(firstAt),
    formatCredits(charged),
    formatCredits(chargedMeanwhile),
  ];
  const head = ['flow', 'runs', 'would have waited', 'first', 'credits', 'meanwhile'];
  const named = flows.map((flow) => [flow.flow, ...cells(flow)]);
  const rows = options.csv ? named : [...named, ['total', ...cells(total)]];
  const below = [`asked ${moment(from)} until ${moment(to)} (${timeZone})`];
  printReport({ json: report, head, rows, right: [1, 2, 4, 5], below }, options);
}
