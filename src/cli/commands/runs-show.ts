import { type Command } from 'commander';
import { formatCredits, millicredits } from '../../contracts/millicredits';
import { type ChargeRow, type LedgerRun } from '../../ledger/read';
import { type LedgerReader, type RunnerState } from '../../client';
import { needsRunner } from '../../client/private-runner';
import { note, print, printJson, table, UserError } from '../output';
import { inCredits, moment } from './amounts';
import { knownTeam, withReader, withSession } from './connect';
import { runnerWaits } from './runner-waits';

const EXAMPLES = `
Examples:
  $ flow-credits runs show order-17 --team acme
  $ flow-credits runs show order-17:0199… --team acme --json

The run by its workflow id (its latest run) or the ledger's id. Each line names its row of the rate card, and whether
that price is documented or assumed.`;

export function register(runs: Command): void {
  runs
    .command('show')
    .description('One run, and what it was charged: line by line.')
    .argument('<run>')
    .requiredOption('--team <team>', 'whose run it is')
    .option('--json', 'as JSON; amounts are millicredits')
    .addHelpText('after', EXAMPLES)
    .action(show);
}

/** A run by either of its ids. Throws `UserError` where the team has none. */
export async function knownRun(reader: LedgerReader, team: string, id: string): Promise<LedgerRun> {
  const run = await reader.findRun(team, id);
  if (run !== null) return run;
  throw new UserError(`run "${id}" of team "${team}" is unknown; "flow-credits runs ${team}" lists its runs`);
}

async function show(id: string, options: { readonly team: string; readonly json?: true }): Promise<void> {
  const { team, json } = options;
  await withReader(async (reader) => {
    await knownTeam(reader, team);
    const run = await knownRun(reader, team, id);
    const charges = await reader.charges(team, run.runId);
    const place = run.status === 'waiting' ? await reader.place(team, run.runId) : null;
    const runner = await runnerOf(team, run);
    if (json) printJson({ team, run, place, charges, runner });
    else tell(run, place, charges);
    if (!json && runner?.polled === false) print(`\n${runnerWaits(team, runner)}`);
  });
}

/** Of a run under way on a private runner, whether somebody executes its blocks: Temporal knows. All others need none. */
async function runnerOf(team: string, { context, status }: LedgerRun): Promise<RunnerState | null> {
  if (!needsRunner({ location: context.location, underWay: status === 'admitted' })) return null;
  let runner: RunnerState | null = null;
  try {
    await withSession(async ({ client }) => {
      runner = await client.runner(team);
    });
  } catch (error) {
    // What was charged is to be seen all the same.
    note(`whether its private runner is there is not known: ${String(error)}`);
  }
  return runner;
}

function tell(run: LedgerRun, place: number | null, charges: readonly ChargeRow[]): void {
  const { context, closeReason, status, admittedAt, closedAt } = run;
  print(`run ${run.runId} of flow ${run.flow}`);
  const state = closeReason === null ? status : `${status} (${closeReason})`;
  print(
    `${state}${place === null ? '' : ` at place ${String(place)}`}; ${context.trigger} run, ${context.location}`,
  );
  print(
    `rate card ${run.rateCard}; at least ${formatCredits(run.least)} credits, likely ${formatCredits(run.likely)}`,
  );
  const times = [`asked ${moment(run.askedAt)}`];
  if (admittedAt !== null) times.push(`admitted ${moment(admittedAt)}`);
  if (closedAt !== null) times.push(`ended ${moment(closedAt)}`);
  print(times.join(', '));
  print();
  if (charges.length === 0) {
    print('nothing was charged');
    return;
  }
  const head = ['charge', 'line', 'what', 'quantity', 'each', 'credits', 'from', 'row', 'price is', 'marks'];
  print(table([head, ...charges.flatMap(rowsOf)], [1, 3, 4, 5]));
  const reversed = charges
    .flatMap(({ reversals }) => reversals)
    .reduce((sum, { amount }) => sum + amount, 0n);
  const less = reversed === 0n ? '' : `, of which ${formatCredits(millicredits(reversed))} were reversed`;
  print(`\n${formatCredits(run.charged)} credits charged${less}`);
}

/** The charge itself, with where it came from, and below it its lines. */
function rowsOf({ key, amount, parts, detail, late, unreserved, reversals }: ChargeRow): string[][] {
  const from = parts.map(({ source, amount: part }) => `${source} ${formatCredits(part)}`).join(', ');
  const whole = reversals.filter(({ line }) => line === null);
  const marks = [
    ...(late ? ['late'] : []),
    ...(unreserved ? ['unreserved'] : []),
    ...(detail?.failed === true ? ['failed'] : []),
    ...whole.map((one) => `reversed ${formatCredits(one.amount)}`),
  ];
  const type = detail?.type ?? '';
  const head = [key, '', type, '', '', formatCredits(amount), from, '', '', marks.join(', ')];
  const lines = (detail?.lines ?? []).map((line, index) => [
    '',
    String(index),
    line.what,
    line.quantity,
    inCredits(line.unitMillicredits),
    inCredits(line.millicredits),
    '',
    line.row,
    line.provenance,
    reversals.some((one) => one.line === index) ? 'reversed' : '',
  ]);
  return [head, ...lines];
}
