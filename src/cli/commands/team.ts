import { type Command, Option } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { formatUsdCents } from '../../contracts/money';
import { upsertTeamSchema, type UpsertTeamInput } from '../../contracts/team';
import { toIso } from '../../contracts/time';
import { type TeamOverview } from '../../client';
import { print, printJson, table, UserError } from '../output';
import { answered, withReader, withSession } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits team create acme --plan solo
  $ flow-credits team create globex --plan enterprise --anchor 2026-11-15T09:00:00 --time-zone Europe/Berlin
  $ flow-credits team show acme
  $ flow-credits team list --json`;

export function register(program: Command): void {
  const team = program
    .command('team')
    .description('Teams: create, show, list.')
    .addHelpText('after', EXAMPLES);
  team
    .command('create')
    .description('Create a team, or bring its settings up to date. Safe to repeat.')
    .argument('<team>')
    .requiredOption('--plan <plan>', 'free, solo, team, enterprise')
    .option('--anchor <wall-time>', 'when its first period starts (default: the first of this month)')
    .option('--time-zone <zone>', 'whose calendar its periods follow', 'UTC')
    .option('--opening <credits>', 'credits it starts with beside its plan, until the first reset')
    .addOption(new Option('--overdraft <policy>', 'at the close').choices(['forgive', 'carry']))
    .option('--run-limit <credits>', 'the most any of its runs may be charged')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(create);
  team
    .command('show')
    .description('What a team has, used and may still use.')
    .argument('<team>')
    .option('--json', 'as JSON; amounts are millicredits, money is millionths of a dollar')
    .addHelpText('after', EXAMPLES)
    .action(show);
  team
    .command('list')
    .description('All teams.')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(list);
}

interface CreateOptions {
  readonly plan: string;
  readonly anchor?: string;
  readonly timeZone: string;
  readonly opening?: string;
  readonly overdraft?: string;
  readonly runLimit?: string;
  readonly json?: true;
}

async function create(team: string, options: CreateOptions): Promise<void> {
  const settings = settingsOf(options);
  await withSession(async ({ client }) => {
    const answer = await answered(client.upsertTeam(team, settings));
    if (answer.status === 'refused') throw new UserError(answer.message);
    if (options.json) printJson({ team, ...answer });
    else print(`team ${team}: ${answer.status}`);
  });
}

function settingsOf(options: CreateOptions): UpsertTeamInput {
  const parsed = upsertTeamSchema.safeParse({
    plan: options.plan,
    anchor: options.anchor ?? `${new Date().toISOString().slice(0, 7)}-01T00:00:00`,
    timeZone: options.timeZone,
    openingCredits: options.opening,
    overdraftPolicy: options.overdraft,
    runLimitCredits: options.runLimit,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`${String(issue?.path[0] ?? 'the team')}: ${issue?.message ?? 'malformed'}`);
}

async function show(team: string, options: { json?: true }): Promise<void> {
  await withReader(async (reader) => {
    const overview = await reader.team(team);
    if (overview === null) throw unknownTeam(team);
    if (options.json) printJson({ ...overview, statements: await reader.statements(team) });
    else tell(overview);
  });
}

export function unknownTeam(team: string): UserError {
  return new UserError(
    `team "${team}" is unknown; create it with "flow-credits team create ${team} --plan PLAN"`,
  );
}

function tell(overview: TeamOverview): void {
  const { team, plan, nextPlan, status, period, payg, balances, waiting } = overview;
  const next = nextPlan === null ? '' : ` (${nextPlan} from the next reset)`;
  print(`team ${team}, plan ${plan}${next}, ${status}`);
  print(`period ${period.index}: ${toIso(period.start)} until ${toIso(period.end)} (${overview.timeZone})`);
  print();
  const rows = (['included', 'purchased', 'adjustment'] as const).map((kind) => [
    kind,
    formatCredits(balances[kind].available),
    formatCredits(balances[kind].held),
  ]);
  print(table([['credits', 'available', 'held'], ...rows], [1, 2]));
  print();
  print(`charged this period       ${formatCredits(overview.charged)} credits`);
  print(`pay-as-you-go             ${paygText(payg)}`);
  print(`overdraft                 ${formatCredits(overview.overdraft)} credits`);
  if (overview.owed > 0n) print(`owed from earlier periods ${formatCredits(overview.owed)} credits`);
  print(`spendable                 ${spendableText(overview)}`);
  print(`waiting runs              ${waiting}`);
}

function paygText({ enabled, cap, charged, held }: TeamOverview['payg']): string {
  if (!enabled && charged === 0n) return 'off';
  const limit = cap === null ? 'uncapped' : `cap $${formatUsdCents(cap)}`;
  return `${enabled ? `on, ${limit}` : 'off'}; ${formatCredits(charged)} credits charged, ${formatCredits(held)} held`;
}

function spendableText({ spendable }: TeamOverview): string {
  return spendable === null ? 'without bound' : `${formatCredits(spendable)} credits`;
}

const PAGE = 500;

async function list(options: { json?: true }): Promise<void> {
  await withReader(async (reader) => {
    const overviews: TeamOverview[] = [];
    for (let after: string | null = null; ;) {
      const page: readonly string[] = await reader.teams({ after, limit: PAGE });
      for (const team of page) {
        const overview = await reader.team(team);
        if (overview !== null) overviews.push(overview);
      }
      after = page.at(-1) ?? null;
      if (page.length < PAGE) break;
    }
    if (options.json) {
      printJson(overviews);
      return;
    }
    const rows = overviews.map((overview) => [
      overview.team,
      overview.plan,
      overview.spendable === null ? 'unbounded' : formatCredits(overview.spendable),
      overview.payg.enabled ? 'on' : 'off',
      String(overview.waiting),
      toIso(overview.period.end),
    ]);
    print(table([['team', 'plan', 'spendable', 'payg', 'waiting', 'next reset'], ...rows], [2, 4]));
  });
}
