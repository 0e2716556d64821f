import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { type InLine } from '../../client';
import { print, printJson, table } from '../output';
import { moment } from './amounts';
import { knownTeam, withReader } from './connect';
import { register as discard } from './line-discard';
import { wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits line acme
  $ flow-credits line acme --limit 10 --after 50 --json
  $ flow-credits line discard acme --flow nightly --reason "stale"

"goes" is when each goes if nothing changes: nobody pays, buys, gives up or stops, and every run uses what it holds.`;

const MOST = 100_000;

export function register(program: Command): void {
  const command = program
    .command('line')
    .description('Who waits for credits, in order: for how much, why, and when each goes if nothing changes.')
    .enablePositionalOptions()
    .argument('<team>')
    .option('--limit <n>', 'how many', '50')
    .option('--after <n>', 'so many from the head are left out', '0')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(line);
  discard(command);
}

interface Options {
  readonly limit: string;
  readonly after: string;
  readonly json?: true;
}

async function line(team: string, options: Options): Promise<void> {
  const limit = wholeNumber('--limit', options.limit, { least: 1, most: MOST });
  const after = wholeNumber('--after', options.after, { least: 0, most: MOST });
  await withReader(async (reader) => {
    const overview = await knownTeam(reader, team);
    const found = await reader.line(team, { after, limit });
    const { waiting, period } = overview;
    if (options.json) {
      printJson({ team, waiting, nextReset: toIso(period.end), line: found });
      return;
    }
    if (waiting === 0) {
      print(`nobody waits in the line of team ${team}`);
      return;
    }
    const rows = found.map((run) => [
      String(run.place),
      run.workflowId,
      run.flow,
      run.trigger,
      moment(run.since),
      formatCredits(run.hold),
      formatCredits(run.likely),
      run.reason,
      goesText(run),
    ]);
    const head = ['place', 'run', 'flow', 'trigger', 'since', 'credits', 'likely', 'why', 'goes'];
    print(table([head, ...rows], [0, 5, 6]));
    print(`${String(waiting)} waiting; the next reset is at ${moment(period.end)}`);
  });
}

function goesText({ goes }: InLine): string {
  if (goes === null) return 'never';
  return goes.resets === 0 ? 'now' : moment(goes.at);
}
