import { type Command } from 'commander';
import { print, printJson } from '../output';
import { changing, identity, type ChangingOptions } from './changing';
import { done, withSession } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits team suspend acme --actor billing@example.com
  $ flow-credits team activate acme
  $ flow-credits team close acme --json

Runs in flight go on and are charged, whatever the status.`;

const STATUSES = {
  suspend: ['suspended', 'No new run starts, waiting runs stay in the line.'],
  activate: ['active', 'Runs start again, and waiting runs go.'],
  close: ['closed', 'For good: no new run starts, waiting runs leave the line.'],
} as const;

export function register(team: Command): void {
  for (const [name, [status, description]] of Object.entries(STATUSES)) {
    changing(team.command(name).description(description).argument('<team>'))
      .addHelpText('after', EXAMPLES)
      .action(async (of: string, options: ChangingOptions) => {
        await withSession(async ({ client }) => {
          const answer = await done(client.setTeamStatus(of, { ...identity(options), status }));
          if (options.json) printJson({ team: of, ...answer, teamStatus: status });
          else print(`team ${of} is ${status}`);
        });
      });
  }
}
