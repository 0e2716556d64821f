import { formatCredits, millicredits } from '../../contracts/millicredits';
import { type Run } from '../../ledger/core/types';
import { type LedgerReader, type TeamOverview } from '../../ledger/read';
import { type Colours } from './narrator';
import { count, day } from './text';

const BAR = 24;
const RUNS = 8;

/** A team at a glance: what it has, who runs, who waits. All of it as the ledger has it now. */
export async function teamView(
  reader: LedgerReader,
  team: string,
  colours: Colours,
): Promise<readonly string[]> {
  const [overview, runs] = await Promise.all([reader.team(team), reader.runs(team, { limit: 100 })]);
  if (overview === null) return [];
  const open = runs.filter(({ status }) => status === 'admitted' || status === 'waiting').reverse();
  const done = runs.filter(({ status }) => status === 'closed').length;
  const more = open.length - RUNS;
  return [
    headOf(overview, colours),
    ...open.slice(0, RUNS).map((run) => runLine(run, colours)),
    colours.dim(`  ${more > 0 ? `and ${more} more; ` : ''}${count(done, 'run')} done`),
  ];
}

function headOf(overview: TeamOverview, colours: Colours): string {
  const { available, held } = totals(overview);
  const { charged, overdraft, payg } = overview;
  const all = charged + held + available;
  const cells = (amount: bigint): number => (all > 0n ? Number((amount * BigInt(BAR)) / all) : 0);
  const free = cells(available);
  const set = cells(held);
  const bar =
    colours.dim('░'.repeat(Math.max(0, BAR - free - set))) +
    colours.yellow('▒'.repeat(set)) +
    colours.green('█'.repeat(free));
  const also = [
    held > 0n ? `${text(held)} held` : '',
    payg.enabled ? `PAYG ${text(payg.charged)}` : '',
    overdraft > 0n ? `overdraft ${text(overdraft)}` : '',
    `resets ${day(overview.period.end)}`,
  ].filter((part) => part !== '');
  const left = `${text(available)} of ${text(all)} credits left`;
  return `  ${colours.bold(overview.team)} (${overview.plan}) ${bar} ${left}, ${also.join(', ')}`;
}

function totals({ balances }: TeamOverview): { available: bigint; held: bigint } {
  const parts = Object.values(balances);
  const sum = (of: (part: (typeof parts)[number]) => bigint): bigint =>
    parts.reduce((total, part) => total + of(part), 0n);
  return { available: sum((part) => part.available), held: sum((part) => part.held) };
}

function runLine({ workflowId, flow, status, charged }: Run, colours: Colours): string {
  const state = status === 'waiting' ? colours.yellow('waits  ') : colours.green('running');
  return `  ${state} ${workflowId} ${flow}${charged > 0n ? `, ${text(charged)} charged` : ''}`;
}

function text(amount: bigint): string {
  return formatCredits(millicredits(amount));
}
