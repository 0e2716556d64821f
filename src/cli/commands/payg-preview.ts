import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { parseUsd } from '../../contracts/money';
import { type PaygPreview } from '../../client';
import { print, printJson, UserError } from '../output';
import { grouped, inDollars, rateText, usd } from './amounts';
import { knownTeam, withReader } from './connect';
import { dollarsText } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits payg preview acme
  $ flow-credits payg preview acme --cap 25.00
  $ flow-credits payg preview acme --uncapped --json

Changes nothing. The credits are what waiting runs will probably use, the price is that of the team's own rate.`;

export interface CapOptions {
  readonly cap?: string;
  readonly uncapped?: true;
}

export function capOptions(command: Command): Command {
  return command
    .option('--cap <dollars>', 'the most that is billed in a period')
    .option('--uncapped', 'on purpose without a cap');
}

/** What was asked for, at most one of the two. */
export function capped({ cap, uncapped }: CapOptions): { capUsd?: string; uncapped?: true } {
  if (cap !== undefined && uncapped !== undefined) {
    throw new UserError(`--cap ${cap}: not together with --uncapped; give one of them`);
  }
  if (cap !== undefined) return { capUsd: dollarsText('--cap', cap) };
  return uncapped === undefined ? {} : { uncapped };
}

export function register(payg: Command): void {
  capOptions(
    payg
      .command('preview')
      .description('What turning it on would do: who waits, for how many credits, in money.')
      .argument('<team>'),
  )
    .option('--json', 'as JSON; amounts are millicredits, money is millionths of a dollar')
    .addHelpText('after', EXAMPLES)
    .action(preview);
}

async function preview(team: string, options: CapOptions & { readonly json?: true }): Promise<void> {
  const { capUsd, uncapped } = capped(options);
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const cap = capUsd === undefined ? (uncapped === undefined ? undefined : null) : parseUsd(capUsd);
    const found = await reader.previewPayg(team, cap);
    if (found === null) return;
    if (options.json) printJson(found);
    else tell(found);
  });
}

/** `412 runs wait, about 1,236 credits, $1.24`. */
export function sentence({
  waiting,
  likely,
  likelyCents,
}: Pick<PaygPreview, 'waiting' | 'likely' | 'likelyCents'>): string {
  if (waiting === 0) return 'no run waits';
  const runs = waiting === 1 ? '1 run waits' : `${grouped(String(waiting))} runs wait`;
  return `${runs}, about ${grouped(formatCredits(likely))} credits, $${inDollars(likelyCents)}`;
}

function tell(found: PaygPreview): void {
  const { team, now, rate, atOnce, refusal, status } = found;
  print(sentence(found));
  const limit = now.cap === null ? 'uncapped' : `cap $${usd(now.cap)}`;
  const state = now.enabled
    ? `on, ${limit}, ${formatCredits(now.charged)} credits charged this period`
    : 'off';
  print(`pay-as-you-go of team ${team} is ${state}; ${rateText(rate)}`);
  if (refusal !== null) print(`it cannot be turned on: ${refusal.message}`);
  if (status !== 'active') print(`no run goes while the team is ${status}`);
  if (atOnce === null) return;
  const under = atOnce.cap === null ? 'without a cap' : `under a cap of $${usd(atOnce.cap)}`;
  const goes = atOnce.runs === 1 ? '1 goes' : `${grouped(String(atOnce.runs))} go`;
  print(`${under} ${goes} at once, holding ${grouped(formatCredits(atOnce.hold))} credits`);
}
