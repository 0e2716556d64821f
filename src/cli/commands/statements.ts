import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { inDollars, moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { formats, oneFormat, printReport, type FormatOptions } from './formats';

const EXAMPLES = `
Examples:
  $ flow-credits statements acme
  $ flow-credits statements acme --csv > acme.csv
  $ flow-credits statements acme --json

opening + granted = charged + expired + withdrawn + closing, in credits. Pay-as-you-go is in credits and in dollars,
rounded to cents once; what was reversed of earlier periods is a line of its own.`;

export function register(program: Command): void {
  formats(
    program
      .command('statements')
      .description('The statements of closed periods, oldest first.')
      .argument('<team>'),
  )
    .addHelpText('after', EXAMPLES)
    .action(statements);
}

const HEAD = [
  ...['period', 'start', 'end', 'plan', 'opening', 'granted', 'charged', 'expired', 'withdrawn', 'closing'],
  ...['payg', 'payg $', 'payg reversed', 'reversed $', 'overdraft', 'owed'],
];

async function statements(team: string, options: FormatOptions): Promise<void> {
  oneFormat(options);
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const found = await reader.statements(team);
    const rows = found.map((s) => [
      String(s.period.index),
      moment(s.period.start),
      moment(s.period.end),
      s.plan,
      ...[s.opening, s.granted, s.charged, s.expired, s.withdrawn, s.closing, s.payg].map(formatCredits),
      inDollars(s.paygCents),
      formatCredits(s.paygReversed),
      inDollars(s.paygReversedCents),
      formatCredits(s.overdraft),
      formatCredits(s.owed),
    ]);
    const right = HEAD.flatMap((_, column) => (column === 0 || column > 3 ? [column] : []));
    const below = rows.length === 0 ? [`no period of team ${team} is closed yet`] : [];
    printReport({ json: found, head: HEAD, rows, right, below }, options);
  });
}
