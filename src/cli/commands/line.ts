import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { print, printJson, table } from '../output';
import { withReader } from './connect';
import { unknownTeam } from './team';

const EXAMPLES = `
Examples:
  $ flow-credits line acme
  $ flow-credits line acme --limit 10 --json`;

export function register(program: Command): void {
  program
    .command('line')
    .description('Who waits for credits, in order.')
    .argument('<team>')
    .option('--limit <n>', 'how many from the head', '50')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(line);
}

async function line(team: string, options: { limit: string; json?: true }): Promise<void> {
  await withReader(async (reader) => {
    const overview = await reader.team(team);
    if (overview === null) throw unknownTeam(team);
    const waiting = await reader.line(team, { after: 0, limit: Math.max(1, Number(options.limit) || 50) });
    if (options.json) {
      printJson({ team, waiting: overview.waiting, nextReset: toIso(overview.period.end), line: waiting });
      return;
    }
    if (waiting.length === 0) {
      print(`nobody waits in the line of team ${team}`);
      return;
    }
    const rows = waiting.map(({ place, workflowId, flow, since, least }) => [
      String(place),
      workflowId,
      flow,
      toIso(since),
      formatCredits(least),
    ]);
    print(table([['place', 'run', 'flow', 'since', 'least'], ...rows], [0, 4]));
    print(`${overview.waiting} waiting; the next reset is at ${toIso(overview.period.end)}`);
  });
}
