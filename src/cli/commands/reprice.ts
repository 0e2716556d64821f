import { type Command } from 'commander';
import { formatCredits, millicredits, type Millicredits } from '../../contracts/millicredits';
import { type RateCard } from '../../pricing';
import { note, UserError } from '../output';
import { knownTeam, withReader } from './connect';
import { formats, oneFormat, printReport, type FormatOptions } from './formats';
import { pricingFor } from './pricing';
import { Repricing, type RepricedRow } from './repricing';
import { allTeams } from './team-list';
import { momentOption } from './values';

const EXAMPLES = `
Examples:
  $ flow-credits reprice --card cards/ours-2027.json --since 2026-11-01
  $ flow-credits reprice --card postman-2026-03-01 --since 2026-01-01T00:00:00Z --team acme --json
  $ flow-credits reprice --card cards/ours-2027.json --since 2026-11-01 --csv > difference.csv

Prices what was used again under another card and shows the difference; changes nothing. A card file may extend a
loaded card, as one that is to come into force does. What was reversed counts as what it is now. Blocks that cost
nothing left no charge: what a card would take for those is not seen. The most a run may be charged, and what a team
would then have had left, are not looked at.`;

interface Options extends FormatOptions {
  readonly card: string;
  readonly since: string;
  readonly team?: string;
}

export function register(program: Command): void {
  formats(
    program
      .command('reprice')
      .description('What past usage would have cost under another rate card. Changes nothing.')
      .requiredOption('--card <file>', "a rate card's file, or the id of a loaded one")
      .requiredOption('--since <moment>', 'charges made from then on: a moment, or a day in UTC')
      .option('--team <team>', 'this team only'),
  )
    .addHelpText('after', EXAMPLES)
    .action(repriceCommand);
}

function cardFrom(named: string): RateCard {
  const loaded = pricingFor([]).card(named);
  if (loaded !== null) return loaded;
  const card = pricingFor([named]).cards.at(-1);
  if (card === undefined) throw new UserError(`--card ${named}: holds no rate card`);
  return card;
}

const PROGRESS_EVERY = 1_000;

async function repriceCommand(options: Options): Promise<void> {
  oneFormat(options);
  const card = cardFrom(options.card);
  const since = await momentOption('--since', options.since, 'UTC');
  const repricing = new Repricing(card);
  await withReader(async (reader) => {
    if (options.team !== undefined) {
      await knownTeam(reader, options.team);
      await repricing.team(reader, options.team, since);
    } else {
      let teams = 0;
      for await (const team of allTeams(reader)) {
        await repricing.team(reader, team, since);
        teams += 1;
        if (teams % PROGRESS_EVERY === 0) note(`${String(teams)} teams …`);
      }
    }
  });
  tell(repricing, card, options);
}

interface Sums {
  readonly charges: number;
  readonly was: Millicredits;
  readonly would: Millicredits;
}

function totalOf(rows: readonly RepricedRow[]): Sums {
  const sum = (of: 'was' | 'would'): Millicredits =>
    millicredits(rows.reduce((total, row) => total + row[of], 0n));
  return {
    charges: rows.reduce((total, row) => total + row.charges, 0),
    was: sum('was'),
    would: sum('would'),
  };
}

function tell(repricing: Repricing, card: RateCard, options: Options): void {
  const rows = repricing.rows();
  const refused = repricing.notRepriced();
  const total = totalOf(rows);
  const differing = ({ was, would }: Sums): Millicredits => millicredits(would - was);
  const cells = (of: Sums): string[] => [
    String(of.charges),
    ...[of.was, of.would, differing(of)].map(formatCredits),
  ];
  const named = rows.map((row) => [row.team, row.type, ...cells(row)]);
  const json = {
    card: card.id,
    since: options.since,
    rows: rows.map((row) => ({ ...row, difference: differing(row) })),
    total: { ...total, difference: differing(total) },
    notRepriced: refused,
  };
  const below = refused.map(
    ({ team, type, reason, charges, was, example }) =>
      `not repriced: ${String(charges)} charges of ${type} of team ${team}, ${formatCredits(was)} credits, such as ` +
      `${example.key} of run ${example.runId}: ${reason}`,
  );
  const head = ['team', 'type', 'charges', 'now', `under ${card.id}`, 'difference'];
  const printed = options.csv ? named : [...named, ['total', '', ...cells(total)]];
  printReport({ json, head, rows: printed, right: [2, 3, 4, 5], below }, options);
  // A CSV has no room for it.
  if (options.csv) for (const line of below) note(line);
}
