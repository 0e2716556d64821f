import { Option, type Command } from 'commander';
import { UserError } from '../output';
import { actorFrom } from './connect';

/** What every command has that changes something. */
export interface ChangingOptions {
  readonly actor?: string;
  readonly requestId?: string;
  readonly json?: true;
}

export function changing(command: Command): Command {
  return command
    .option('--actor <who>', 'for the audit (default: you)')
    .option('--request-id <id>', 'makes the command safe to repeat: done once, and the same answer again')
    .option('--json', 'the answer as JSON; amounts are millicredits');
}

/** Who does it, and under which request id; without one, each call is a command of its own. */
export function identity({ actor, requestId }: ChangingOptions): { actor: string; requestId?: string } {
  return { actor: actorFrom(actor), ...(requestId === undefined ? {} : { requestId }) };
}

const LONGEST_REASON = 1_000;

/** Why: whoever changes what a team has or owes says so. */
export function reasonOption(): Option {
  return new Option('--reason <text>', 'for the audit').makeOptionMandatory().argParser((text: string) => {
    if (text.trim() !== '' && text.length <= LONGEST_REASON) return text;
    throw new UserError(`--reason "${text.slice(0, 40)}": must be 1 to ${String(LONGEST_REASON)} characters`);
  });
}
