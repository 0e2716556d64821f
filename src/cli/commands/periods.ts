import { type Command } from 'commander';
import { wallTimeSchema } from '../../contracts/team';
import { type Instant, toIso } from '../../contracts/time';
import { print, printJson, table, UserError } from '../output';
import { momentOption, wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits periods --anchor 2026-01-31T09:00:00 --time-zone America/New_York --count 14
  $ flow-credits periods --anchor 2026-01-31T09:00:00 --time-zone America/New_York --from 2027-01-01T00:00:00Z --json

The n-th period starts n months after the anchor's wall time, on the month's last day where that is shorter. A wall
time that the clocks skip moves forward by what they skip; one that comes twice is the first of the two. Needs no
database; the time-zone data is our own, not this machine's.`;

const MOST = 1_200;

interface Options {
  readonly anchor: string;
  readonly timeZone: string;
  readonly count: string;
  readonly from?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('periods')
    .description('When the billing periods of an anchor start and end.')
    .requiredOption('--anchor <wall-time>', 'where the first period starts, such as 2026-01-31T09:00:00')
    .option('--time-zone <zone>', 'whose calendar they follow, such as Europe/Berlin', 'UTC')
    .option('--count <n>', `how many, 1 to ${MOST}`, '12')
    .option('--from <moment>', 'begin with the period that contains this moment (default: the anchor)')
    .option('--json', '[{"start":"…Z","end":"…Z"},…]: each half-open, in UTC')
    .addHelpText('after', EXAMPLES)
    .action(periods);
}

async function periods(options: Options): Promise<void> {
  const { anchorFault, periodsOf } = await import('../../ledger/read/periods.js');
  const { timeZone } = options;
  const count = wholeNumber('--count', options.count, { least: 1, most: MOST });
  const anchor = anchorFrom(options.anchor);
  const zoneFault = anchorFault(ANY_ANCHOR, timeZone);
  if (zoneFault !== null) throw new UserError(`--time-zone ${timeZone}: ${zoneFault}`);
  const fault = anchorFault(anchor, timeZone);
  if (fault !== null) throw new UserError(`--anchor ${options.anchor}: ${fault}`);
  const from = options.from === undefined ? undefined : await momentOption('--from', options.from, timeZone);
  const found = periodsOf(anchor, timeZone, { count, ...(from === undefined ? {} : { from }) });
  if (options.json) {
    printJson(found.map(({ start, end }) => ({ start: toIso(start), end: toIso(end) })));
    return;
  }
  const rows = found.map(({ index, start, end }) => [
    String(index),
    toIso(start),
    toIso(end),
    daysIn(start, end),
  ]);
  print(table([['period', 'start', 'end (exclusive)', 'days'], ...rows], [0, 3]));
}

/** An anchor that makes sense everywhere: what is wrong with it is the zone. */
const ANY_ANCHOR = '2000-01-01T00:00:00';

function anchorFrom(text: string): string {
  const parsed = wallTimeSchema.safeParse(text);
  if (parsed.success) return text;
  throw new UserError(`--anchor ${text}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
}

const HOUR_MS = 3_600_000;

/** Days and hours: a month with a change of the clocks has no whole number of days. */
function daysIn(start: Instant, end: Instant): string {
  const hours = Math.round(((end - start) / HOUR_MS) * 10) / 10;
  const days = Math.trunc(hours / 24);
  const rest = Math.round((hours - days * 24) * 10) / 10;
  return rest === 0 ? String(days) : `${days} + ${rest} h`;
}
