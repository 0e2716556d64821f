import { type Command, Option } from 'commander';
import { TRIGGERS } from '../../contracts/context';
import { upsertTeamSchema, type UpsertTeamInput } from '../../contracts/team';
import { print, printJson, UserError } from '../output';
import { actorFrom, done, withSession } from './connect';
import { creditsText, dollarsText, wholeNumber } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits team create acme --plan solo
  $ flow-credits team create globex --plan enterprise --anchor 2026-11-15T09:00:00 --time-zone Europe/Berlin \\
      --custom-credits 2000 --contract-rate 0.80/1000 --alerts 50,75 --payg-alerts 5.00,20.00
  $ flow-credits team create acme --plan solo --backlog schedule=keep-latest --backlog any=wait,longest=86400,most=500

Repeating it changes what is named; what is left out stays. Its plan follows the rules of a plan change.`;

const POLICIES = ['wait', 'reject', 'keep-latest'] as const;

interface Options {
  readonly plan: string;
  readonly anchor?: string;
  readonly timeZone?: string;
  readonly opening?: string;
  readonly overdraft?: string;
  readonly runLimit?: string;
  readonly customCredits?: string;
  readonly contractRate?: string;
  readonly backlog: readonly string[];
  readonly alerts?: string;
  readonly paygAlerts?: string;
  readonly actor?: string;
  readonly json?: true;
}

export function register(team: Command): void {
  team
    .command('create')
    .description('Create a team, or bring its settings up to date. Safe to repeat.')
    .argument('<team>')
    .requiredOption('--plan <plan>', 'free, solo, team, enterprise')
    .option('--anchor <wall-time>', 'when its first period starts (default: the first of this month)')
    .option('--time-zone <zone>', 'whose calendar its periods follow (default: UTC)')
    .option('--opening <credits>', 'credits it starts with beside its plan, until the first reset')
    .addOption(new Option('--overdraft <policy>', 'at the close').choices(['forgive', 'carry']))
    .option('--run-limit <credits>', 'the most any of its runs may be charged; "none" takes it away')
    .option(
      '--custom-credits <credits>',
      'included credits by contract (Enterprise); "none": those of its plan',
    )
    .option(
      '--contract-rate <usd/credits>',
      'pay-as-you-go by contract, 0.80/1000; "none": what its plan says',
    )
    .addOption(backlogOption())
    .option('--alerts <percent,…>', 'tell at so many percent of the included credits')
    .option('--payg-alerts <dollars,…>', 'tell at so much pay-as-you-go (default: parts of the cap)')
    .option('--actor <who>', 'for the audit (default: you)')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(create);
}

function backlogOption(): Option {
  return new Option(
    '--backlog <trigger=policy>',
    `what becomes of runs that would have to wait: ${TRIGGERS.join(', ')} or any, "=" ` +
      `${POLICIES.join(', ')}, [,longest=SECONDS][,most=N]; again for more`,
  )
    .argParser((rule: string, rules: readonly string[]): string[] => [...rules, rule])
    .default([], 'they wait');
}

async function create(team: string, options: Options): Promise<void> {
  const settings = settingsOf(options);
  await withSession(async ({ client, reader }) => {
    // Anchor and zone never change: who brings other settings up to date need not know them.
    const known = await reader.team(team);
    const { anchor = known?.anchor ?? settings.anchor, timeZone = known?.timeZone ?? 'UTC' } = options;
    const answer = await done(client.upsertTeam(team, { ...settings, anchor, timeZone }));
    if (options.json) printJson({ team, ...answer });
    else print(`team ${team}: ${answer.status}`);
  });
}

function settingsOf(options: Options): UpsertTeamInput {
  const { plan, anchor, timeZone, opening, overdraft, runLimit, customCredits, contractRate, backlog } =
    options;
  const parsed = upsertTeamSchema.safeParse({
    plan,
    anchor: anchor ?? `${new Date().toISOString().slice(0, 7)}-01T00:00:00`,
    timeZone,
    openingCredits: opening === undefined ? undefined : creditsText('--opening', opening),
    overdraftPolicy: overdraft,
    runLimitCredits: orNone(runLimit, (text) => creditsText('--run-limit', text)),
    customIncludedCredits: orNone(customCredits, (text) => creditsText('--custom-credits', text)),
    paygRate: orNone(contractRate, rateOf),
    backlog: backlog.length === 0 ? undefined : Object.fromEntries(backlog.map(ruleOf)),
    alerts: alertsOf(options),
    actor: actorFrom(options.actor),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`${String(issue?.path[0] ?? 'the team')}: ${issue?.message ?? 'malformed'}`);
}

function orNone<T>(text: string | undefined, parse: (text: string) => T): T | null | undefined {
  if (text === undefined) return undefined;
  return text === 'none' ? null : parse(text);
}

function rateOf(text: string): { usd: string; credits: number } {
  const [, usd, credits] = /^(\d+(?:\.\d{1,6})?)\/([1-9]\d{0,8})$/.exec(text) ?? [];
  if (usd === undefined || credits === undefined) {
    throw new UserError(
      `--contract-rate ${text}: must be dollars for so many credits, such as 0.80/1000, or "none"`,
    );
  }
  return { usd, credits: Number(credits) };
}

const MOST = { least: 0, most: 1_000_000_000 };

/** `schedule=keep-latest,longest=3600,most=10`. */
function ruleOf(text: string): [string, Record<string, unknown>] {
  const [head = '', ...bounds] = text.split(',');
  const [trigger = '', policy = ''] = head.split('=');
  const of = `--backlog ${text}`;
  if (![...TRIGGERS, 'any'].includes(trigger)) {
    throw new UserError(`${of}: "${trigger}" is no trigger; use ${[...TRIGGERS, 'any'].join(', ')}`);
  }
  if (!POLICIES.some((known) => known === policy)) {
    throw new UserError(`${of}: "${policy}" is no policy; use ${POLICIES.join(', ')}`);
  }
  const rule: Record<string, unknown> = { policy };
  for (const bound of bounds) {
    const [name, value = ''] = bound.split('=');
    if (name === 'longest')
      rule['longestWaitSeconds'] = wholeNumber(`${of}: longest`, value, { ...MOST, least: 1 });
    else if (name === 'most') rule['mostWaiting'] = wholeNumber(`${of}: most`, value, MOST);
    else throw new UserError(`${of}: "${bound}" is no bound; use longest=SECONDS or most=N`);
  }
  return [trigger, rule];
}

/** The two together are one setting: who names one of them has the default for the other. */
function alertsOf({ alerts, paygAlerts }: Options): { percent?: number[]; paygUsd?: string[] } | undefined {
  if (alerts === undefined && paygAlerts === undefined) return undefined;
  const listed = (text: string): string[] => text.split(',').filter((part) => part !== '');
  return {
    ...(alerts === undefined
      ? {}
      : { percent: listed(alerts).map((part) => wholeNumber('--alerts', part, { least: 1, most: 10_000 })) }),
    ...(paygAlerts === undefined
      ? {}
      : { paygUsd: listed(paygAlerts).map((part) => dollarsText('--payg-alerts', part)) }),
  };
}
