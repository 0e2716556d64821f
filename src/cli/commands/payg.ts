import { type Command } from 'commander';
import { formatCredits, parseMillicredits } from '../../contracts/millicredits';
import { type TeamCommandAnswers } from '../../client';
import { print, printJson, UserError } from '../output';
import { actorFrom, answered, withSession } from './connect';

const EXAMPLES = `
Examples:
  $ flow-credits payg on acme --cap 25.00
  $ flow-credits payg on acme --uncapped --actor billing@acme.example
  $ flow-credits payg off acme

Turning it on releases waiting runs. Give --request-id to be able to repeat the very same command.`;

interface Options {
  readonly cap?: string;
  readonly uncapped?: true;
  readonly actor?: string;
  readonly requestId?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  const payg = program.command('payg').description('Pay-as-you-go: on, off.').addHelpText('after', EXAMPLES);
  common(payg.command('on').description('Let a team use more than its credits, billed in money.'))
    .option('--cap <dollars>', 'the most that is billed in a period')
    .option('--uncapped', 'on purpose without a cap')
    .action((team: string, options: Options) => setPayg(team, true, options));
  common(payg.command('off').description('Stop new draws. What is held is still charged.')).action(
    (team: string, options: Options) => setPayg(team, false, options),
  );
}

function common(command: Command): Command {
  return command
    .argument('<team>')
    .option('--actor <who>', 'for the audit (default: you)')
    .option('--request-id <id>', 'makes the command safe to repeat')
    .option('--json', 'the answer as JSON')
    .addHelpText('after', EXAMPLES);
}

async function setPayg(team: string, enabled: boolean, options: Options): Promise<void> {
  const { cap, uncapped, requestId } = options;
  if (enabled && (cap === undefined) === (uncapped === undefined)) {
    throw new UserError('payg on takes either --cap DOLLARS or --uncapped');
  }
  await withSession(async ({ client }) => {
    const answer = await answered(
      client.setPayAsYouGo(team, {
        enabled,
        actor: actorFrom(options.actor),
        ...(requestId === undefined ? {} : { requestId }),
        ...(cap === undefined ? {} : { capUsd: cap }),
        ...(uncapped === undefined ? {} : { uncapped }),
      }),
    );
    if (answer.status === 'refused') throw new UserError(answer.message);
    if (options.json) printJson({ team, ...answer });
    else tell(team, answer);
  });
}

function tell(team: string, answer: Extract<TeamCommandAnswers['setPayAsYouGo'], { status: 'done' }>): void {
  print(`pay-as-you-go of team ${team} is ${answer.enabled ? 'on' : 'off'}`);
  const still = parseMillicredits(answer.stillCharged);
  if (!answer.enabled && still > 0n) {
    print(`runs in flight hold ${formatCredits(still)} credits of it, the most that is still charged`);
  }
}
