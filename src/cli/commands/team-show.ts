import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { toIso } from '../../contracts/time';
import { type TeamOverview } from '../../client';
import { print, printJson, table } from '../output';
import { rateText, usd } from './amounts';
import { knownTeam, withReader } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits team show acme
  $ flow-credits team show acme --json`;

export function register(team: Command): void {
  team
    .command('show')
    .description('What a team has, used and may still use.')
    .argument('<team>')
    .option('--json', 'as JSON; amounts are millicredits, money is millionths of a dollar')
    .addHelpText('after', EXAMPLES)
    .action(show);
}

async function show(team: string, options: { json?: true }): Promise<void> {
  await withReader(async (reader) => {
    const overview = await knownTeam(reader, team);
    if (options.json) printJson({ ...overview, statements: await reader.statements(team) });
    else tell(overview);
  });
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
  tellSettings(overview.settings);
}

/** What differs from a team that was given its plan and nothing else. */
function tellSettings({
  customIncluded,
  runLimit,
  overdraftPolicy,
  backlog,
  alerts,
}: TeamOverview['settings']): void {
  if (customIncluded !== null) print(`included by contract      ${formatCredits(customIncluded)} credits`);
  if (runLimit !== null) print(`limit of each run         ${formatCredits(runLimit)} credits`);
  if (overdraftPolicy === 'carry') print('overdraft at the close    carried into the next period');
  for (const [trigger, { policy, longestWaitMs, mostWaiting }] of Object.entries(backlog)) {
    const bounds = [
      ...(longestWaitMs === null ? [] : [`at most ${String(longestWaitMs / 1000)} s`]),
      ...(mostWaiting === null ? [] : [`at most ${String(mostWaiting)} runs`]),
    ];
    print(`${`runs by ${trigger}`.padEnd(26)}${[policy, ...bounds].join(', ')}`);
  }
  const money = alerts.payg?.map((amount) => `$${usd(amount)}`) ?? [];
  print(
    `alerts                    ${[...alerts.percent.map((percent) => `${String(percent)} %`), ...money].join(', ')}`,
  );
}

function paygText({ enabled, cap, charged, held, rate }: TeamOverview['payg']): string {
  if (!enabled && charged === 0n) return 'off';
  const limit = cap === null ? 'uncapped' : `cap $${usd(cap)}`;
  const used = `${formatCredits(charged)} credits charged, ${formatCredits(held)} held`;
  return `${enabled ? `on, ${limit}` : 'off'}; ${used}, at ${rateText(rate)}`;
}

function spendableText({ spendable }: TeamOverview): string {
  return spendable === null ? 'without bound' : `${formatCredits(spendable)} credits`;
}
