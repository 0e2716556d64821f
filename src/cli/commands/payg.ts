import { type Command } from 'commander';
import { formatCredits, parseMillicredits } from '../../contracts/millicredits';
import { type FlowCreditsClient } from '../../client';
import { note, print, printJson, UserError } from '../output';
import { changing, identity, type ChangingOptions } from './changing';
import { done, withSession } from './connect';
import { capped, capOptions, register as preview, sentence, type CapOptions } from './payg-preview';

const EXAMPLES = `
Examples:
  $ flow-credits payg preview acme --cap 25.00
  $ flow-credits payg on acme --cap 25.00
  $ flow-credits payg on acme --uncapped --actor billing@acme.example
  $ flow-credits payg off acme

Turning it on releases waiting runs. Give --request-id to be able to repeat the very same command.`;

type Options = CapOptions & ChangingOptions;

export function register(program: Command): void {
  const payg = program
    .command('payg')
    .description('Pay-as-you-go: preview, on, off.')
    .addHelpText('after', EXAMPLES);
  preview(payg);
  capOptions(
    changing(
      payg
        .command('on')
        .description('Let a team use more than its credits, billed in money.')
        .argument('<team>'),
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action(on);
  changing(
    payg.command('off').description('Stop new draws. What is held is still charged.').argument('<team>'),
  )
    .addHelpText('after', EXAMPLES)
    .action(off);
}

async function on(team: string, options: Options): Promise<void> {
  if ((options.cap === undefined) === (options.uncapped === undefined)) {
    throw new UserError('payg on takes either --cap DOLLARS or --uncapped');
  }
  const cap = capped(options);
  await withSession(async ({ client }) => {
    await foretell(client, team, options);
    const command = { ...identity(options), enabled: true, ...cap };
    const answer = await done(client.setPayAsYouGo(team, command));
    if (options.json) printJson({ team, ...answer });
    else print(`pay-as-you-go of team ${team} is on`);
  });
}

/** For whoever types it. That there is nobody to tell of, the command itself says. */
async function foretell(client: FlowCreditsClient, team: string, options: Options): Promise<void> {
  const found = await client.previewPayAsYouGo(team, capped(options));
  if (found !== null) note(sentence(found));
}

async function off(team: string, options: ChangingOptions): Promise<void> {
  await withSession(async ({ client }) => {
    const answer = await done(client.setPayAsYouGo(team, { ...identity(options), enabled: false }));
    if (options.json) {
      printJson({ team, ...answer });
      return;
    }
    print(`pay-as-you-go of team ${team} is off`);
    const still = parseMillicredits(answer.stillCharged);
    if (still > 0n) {
      print(`runs in flight hold ${formatCredits(still)} credits of it, the most that is still charged`);
    }
  });
}
