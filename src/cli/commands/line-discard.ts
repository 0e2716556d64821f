import { type Command, Option } from 'commander';
import { TRIGGERS, triggerSchema } from '../../contracts/context';
import { toIso } from '../../contracts/time';
import { note, print, printJson } from '../output';
import { changing, identity, reasonOption, type ChangingOptions } from './changing';
import { done, knownTeam, withSession } from './connect';
import { knownRun } from './runs-show';
import { momentOption, wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits line discard acme --reason "the import was cancelled"
  $ flow-credits line discard acme --flow nightly --trigger schedule --before 2026-12-01 --reason "stale"
  $ flow-credits line discard acme --run order-17 order-18 --reason "duplicates" --json

All conditions hold; without one, everybody is discarded. Each run is told, and ends as discarded.`;

interface Options extends ChangingOptions {
  readonly flow?: string;
  readonly trigger?: string;
  readonly before?: string;
  readonly run?: readonly string[];
  readonly most?: string;
  readonly reason: string;
}

const MOST = 10_000;

export function register(line: Command): void {
  changing(
    line
      .command('discard')
      .description('Put waiting runs out of the line.')
      .argument('<team>')
      .option('--flow <name>', 'only runs of this flow')
      .addOption(new Option('--trigger <trigger>', 'only what this started').choices(TRIGGERS))
      .option('--before <moment>', "only who asked before: a moment, or a day in the team's time zone")
      .option('--run <id...>', 'only these')
      .option('--most <n>', `so many at most, from the head (default: ${String(MOST)})`)
      .addOption(reasonOption()),
  )
    .addHelpText('after', EXAMPLES)
    .action(discard);
}

async function discard(team: string, options: Options): Promise<void> {
  const { flow, trigger, reason } = options;
  const most =
    options.most === undefined ? {} : { most: wholeNumber('--most', options.most, { least: 1, most: MOST }) };
  await withSession(async ({ client, reader }) => {
    const { timeZone } = await knownTeam(reader, team);
    const runIds: string[] = [];
    for (const id of options.run ?? []) runIds.push((await knownRun(reader, team, id)).runId);
    const before =
      options.before === undefined
        ? {}
        : { before: toIso(await momentOption('--before', options.before, timeZone)) };
    const answer = await done(
      client.discardWaiting(team, {
        ...identity(options),
        reason,
        ...(flow === undefined ? {} : { flow }),
        ...(trigger === undefined ? {} : { trigger: triggerSchema.parse(trigger) }),
        ...before,
        ...(runIds.length === 0 ? {} : { runIds }),
        ...most,
      }),
    );
    if (options.json) printJson({ team, ...answer });
    else
      print(
        `team ${team}: ${String(answer.discarded)} waiting ${answer.discarded === 1 ? 'run' : 'runs'} discarded`,
      );
    if (answer.more) note('as many were discarded as one command may: there may be more, repeat it');
  });
}
