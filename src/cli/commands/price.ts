import { type Command } from 'commander';
import { faultsOf } from '../../contracts/faults';
import { type ChargeLine } from '../../contracts/charge';
import { type RunContext } from '../../contracts/context';
import { formatCredits, parseMillicredits } from '../../contracts/millicredits';
import { priceRun, runToPriceSchema, type PricedRun } from '../../pricing';
import { print, printJson, table } from '../output';
import { pricingFor, rateCardOption, readJsonFrom, refusal } from './pricing';

export interface PriceOptions {
  readonly json?: true;
  readonly rateCard: readonly string[];
}

function row(block: string, line: ChargeLine): string[] {
  const credits = (text: string): string => formatCredits(parseMillicredits(text));
  return [
    block,
    line.what,
    line.quantity,
    credits(line.unitMillicredits),
    credits(line.millicredits),
    line.provenance,
  ];
}

function printPriced({ rateCard, credits, run, blocks }: PricedRun, { trigger, location }: RunContext): void {
  const rows = blocks.flatMap(({ id, lines }) =>
    lines.length === 0 ? [[id, 'charges nothing here', '', '', '0', '']] : lines.map((line) => row(id, line)),
  );
  print(`${trigger} run, ${location}; rate card ${rateCard}\n`);
  print(
    table(
      [
        ['block', 'what', 'quantity', 'each', 'credits', 'price is'],
        ...(run === undefined ? [] : [row('', run)]),
        ...rows,
        ['', 'total', '', '', credits, ''],
      ],
      [2, 3, 4],
    ),
  );
}

/** Prints what a run costs. Throws `UserError` naming each field that makes no sense. */
export async function priceCommand(file: string, options: PriceOptions): Promise<void> {
  const pricing = pricingFor(options.rateCard);
  const input = await readJsonFrom(file);
  const parsed = runToPriceSchema.safeParse(input);
  if (!parsed.success) throw refusal(faultsOf(parsed.error, input));
  const result = priceRun(parsed.data, pricing);
  if ('faults' in result) throw refusal(result.faults);
  if (options.json) printJson(result.priced);
  else printPriced(result.priced, result.context);
}

export function register(program: Command): void {
  program
    .command('price')
    .description('What a run costs, from what its blocks used, with every line explained.')
    .argument('<file>', 'the run as JSON; "-" for standard input')
    .option('--json', 'the answer as JSON')
    .addOption(rateCardOption())
    .addHelpText(
      'after',
      `
The run:
  {"admittedAt":"2026-04-01T00:00:00Z","trigger":"manual","location":"local","blocks":[
    {"id":"a","type":"ai-agent","usage":{"modelCalls":[{"model":"gpt-4o","calls":2}],
     "mcpTools":[{"server":"https://tools.example","tool":"search","calls":100}]}},
    {"id":"m","type":"ai-media","usage":{"model":"some-model","costUsd":"0.0123456"}},
    {"id":"h","type":"http-request"}]}

Examples:
  flow-credits price run.json
  flow-credits price --json - < run.json`,
    )
    .action(priceCommand);
}
