import { type Command } from 'commander';
import { formatCredits } from '../../contracts/millicredits';
import { print, printJson, table } from '../output';
import { inCredits, rateText } from './amounts';
import { changing, identity, type ChangingOptions } from './changing';
import { done, withSession } from './connect';
import { pricingFor } from './pricing';

const EXAMPLES = `
Examples:
  $ flow-credits plan list
  $ flow-credits plan change acme team
  $ flow-credits plan change acme free --actor billing@example.com --json

An upgrade counts at once and waiting runs go; a downgrade counts at the next reset.`;

export function register(program: Command): void {
  const plan = program.command('plan').description('Plans: list, change.').addHelpText('after', EXAMPLES);
  plan
    .command('list')
    .description('The plans in force, and what each has.')
    .option('--json', 'as JSON; amounts are millicredits, money is millionths of a dollar')
    .addHelpText('after', EXAMPLES)
    .action(list);
  changing(plan.command('change').description("Change a team's plan.").argument('<team>').argument('<plan>'))
    .addHelpText('after', EXAMPLES)
    .action(change);
}

function list(options: { readonly json?: true }): void {
  const pricing = pricingFor([]);
  const now = Date.now();
  const plans = pricing.planNames(now).flatMap((name) => pricing.plan(name, now) ?? []);
  if (options.json) {
    printJson(plans);
    return;
  }
  const yes = (has: boolean): string => (has ? 'yes' : 'no');
  const rows = plans.map((plan) => [
    plan.plan,
    formatCredits(plan.includedCredits),
    plan.payg ? rateText(plan.paygRate) : 'no',
    ...[plan.packs, plan.privateRunner, plan.customAllowance].map(yes),
  ]);
  const head = ['plan', 'included', 'pay-as-you-go', 'packs', 'private runner', 'custom allowance'];
  print(table([head, ...rows], [1]));
}

async function change(team: string, plan: string, options: ChangingOptions): Promise<void> {
  await withSession(async ({ client }) => {
    const answer = await done(client.changePlan(team, { ...identity(options), plan }));
    if (options.json) printJson({ team, plan, ...answer });
    else if (answer.counts === 'next-reset') print(`team ${team}: plan ${plan} from the next reset`);
    else print(`team ${team}: plan ${plan} now, ${inCredits(answer.granted)} credits granted`);
  });
}
