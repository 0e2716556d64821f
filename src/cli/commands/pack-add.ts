import { type Command } from 'commander';
import { toIso } from '../../contracts/time';
import { print, printJson, UserError } from '../output';
import { changing, identity, type ChangingOptions } from './changing';
import { done, knownTeam, withSession } from './connect';
import { creditsText, momentOption } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits pack add acme 10000
  $ flow-credits pack add acme 10000 --expires 2027-07-01 --paid 80.00 --currency EUR --reference A-17 --json

What was paid is kept as it is told and shown again; nothing is computed with it.`;

interface Options extends ChangingOptions {
  readonly expires?: string;
  readonly paid?: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly note?: string;
}

export function register(pack: Command): void {
  changing(
    pack
      .command('add')
      .description('Give a team a pack that it bought. Waiting runs go.')
      .argument('<team>')
      .argument('<credits>', 'how many credits, such as 10000')
      .option('--expires <moment>', "a moment, or a day in the team's time zone (default: never)")
      .option('--paid <amount>', 'what was paid, such as 80.00; with --currency')
      .option('--currency <code>', 'ISO 4217, such as EUR')
      .option('--reference <number>', "an invoice's or an order's number")
      .option('--note <text>', 'for people'),
  )
    .addHelpText('after', EXAMPLES)
    .action(add);
}

async function add(team: string, amount: string, options: Options): Promise<void> {
  const credits = creditsText('credits', amount);
  const paid = paidOf(options);
  await withSession(async ({ client, reader }) => {
    const { timeZone } = await knownTeam(reader, team);
    const { expires, note } = options;
    const until =
      expires === undefined ? {} : { expiresAt: toIso(await momentOption('--expires', expires, timeZone)) };
    const answer = await done(
      client.addCredits(team, {
        ...identity(options),
        credits,
        ...until,
        ...(note === undefined ? {} : { note }),
        ...(paid === undefined ? {} : { paid }),
      }),
    );
    if (options.json) printJson({ team, ...answer });
    else print(`team ${team}: pack ${String(answer.grant)} of ${credits} credits`);
  });
}

function paidOf({
  paid,
  currency,
  reference,
}: Options): { amount: string; currency: string; reference?: string } | undefined {
  if (paid === undefined && currency === undefined && reference === undefined) return undefined;
  if (paid === undefined || !/^\d{1,15}(\.\d{1,6})?$/.test(paid)) {
    throw new UserError(`--paid ${paid ?? '(missing)'}: must be an amount such as 80.00`);
  }
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) {
    throw new UserError(`--currency ${currency ?? '(missing)'}: must be an ISO 4217 code such as EUR`);
  }
  return { amount: paid, currency, ...(reference === undefined ? {} : { reference }) };
}
