import { type Command } from 'commander';
import { print, printCsv, printJson, table, UserError } from '../output';

/** Reports come as a table, as JSON or as CSV. */
export interface FormatOptions {
  readonly json?: true;
  readonly csv?: true;
}

export function formats(command: Command): Command {
  return command
    .option('--json', 'as JSON; amounts are millicredits')
    .option('--csv', 'as CSV; amounts are credits');
}

export interface Report {
  readonly json: unknown;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of numbers. */
  readonly right: readonly number[];
  /** Below the table, for people. */
  readonly below?: readonly string[];
}

/** Throws `UserError` where both are asked for: before anything is read. */
export function oneFormat({ json, csv }: FormatOptions): void {
  if (json && csv) throw new UserError('--csv: not together with --json; give one of them');
}

export function printReport({ json, head, rows, right, below = [] }: Report, options: FormatOptions): void {
  if (options.json) printJson(json);
  else if (options.csv) printCsv([head, ...rows]);
  else {
    print(table([head, ...rows], right));
    for (const line of below) print(line);
  }
}
