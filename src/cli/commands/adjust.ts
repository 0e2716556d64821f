import { type Command } from 'commander';
import { toIso } from '../../contracts/time';
import { print, printJson } from '../output';
import { inCredits } from './amounts';
import { changing, identity, reasonOption, type ChangingOptions } from './changing';
import { done, knownTeam, withSession } from './connect';
import { creditsText, momentOption } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits adjust acme 100 --reason "outage of 3 May"
  $ flow-credits adjust acme 100 --reason "outage of 3 May" --expires 2027-01-01
  $ flow-credits adjust acme --reason "granted twice" -- -25.5

Credits given last until the period's end, or as long as --expires says. Below 0 it withdraws what is available.`;

interface Options extends ChangingOptions {
  readonly reason: string;
  readonly expires?: string;
}

export function register(program: Command): void {
  changing(
    program
      .command('adjust')
      .description('Give a team credits, or withdraw some.')
      .argument('<team>')
      .argument('<credits>', 'such as 12.5; after "--" below 0: -12.5')
      .addOption(reasonOption())
      .option('--expires <moment>', "a moment, or a day in the team's time zone (default: the period's end)"),
  )
    .addHelpText('after', EXAMPLES)
    .action(adjust);
}

async function adjust(team: string, amount: string, options: Options): Promise<void> {
  const credits = creditsText('credits', amount, { signed: true });
  const { reason, expires } = options;
  await withSession(async ({ client, reader }) => {
    const { timeZone } = await knownTeam(reader, team);
    const until =
      expires === undefined ? {} : { expiresAt: toIso(await momentOption('--expires', expires, timeZone)) };
    const answer = await done(
      client.adjustCredits(team, { ...identity(options), credits, reason, ...until }),
    );
    if (options.json) printJson({ team, ...answer });
    else print(`team ${team}: ${credits.startsWith('-') ? '' : '+'}${inCredits(answer.amount)} credits`);
  });
}
