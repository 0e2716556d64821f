import { type Command } from 'commander';
import { z } from 'zod';
import { type Estimate } from '../../contracts/charge';
import { faultsOf } from '../../contracts/faults';
import { LOCATIONS, locationSchema, TRIGGERS, triggerSchema, type RunContext } from '../../contracts/context';
import { linked } from '../../contracts/blocks-nested';
import { flowSchema, jsonSchema, type Fault, type Flow } from '../../contracts/flow';
import { formatCredits, parseMillicredits } from '../../contracts/millicredits';
import { nestingFaults } from '../../contracts/validate-flow-nested';
import {
  contextOf,
  estimate,
  flowPriceFaults,
  knownBlockTypes,
  momentSchema,
  PricingRefusal,
  type PortsOf,
} from '../../pricing';
import { print, printJson, table, UserError } from '../output';
import { blockTypes } from './blocks';
import { pricingFor, rateCardOption, readJsonFrom, refusal } from './pricing';

export interface EstimateCommandOptions extends SituationOptions {
  readonly json?: true;
}

/** When a run would take place, and how. */
export interface SituationOptions {
  readonly at?: string;
  readonly trigger: string;
  readonly location?: string;
  readonly cloudRun?: true;
  readonly flows?: string;
  readonly rateCard: readonly string[];
}

const situationSchema = z.object({
  trigger: triggerSchema,
  location: locationSchema.optional(),
  cloudRun: z.boolean().optional(),
  at: momentSchema.optional(),
});

/** Faults of options are named as they are typed: `--cloud-run`. */
const asOptions = (faults: readonly Fault[]): Fault[] =>
  faults.map(({ path, message }) => ({ path: path === 'cloudRun' ? '--cloud-run' : `--${path}`, message }));

/** Throws `UserError` naming each option that makes no sense. */
export function situationOf(options: SituationOptions): { context: RunContext; at: string } {
  const parsed = situationSchema.safeParse(options);
  if (!parsed.success) throw refusal(asOptions(faultsOf(parsed.error, options)));
  const found = contextOf(parsed.data);
  if ('faults' in found) throw refusal(asOptions(found.faults));
  return { context: found.context, at: parsed.data.at ?? new Date().toISOString() };
}

function inCredits(amount: string | null): string | null {
  return amount === null ? null : formatCredits(parseMillicredits(amount));
}

function printEstimate(head: string, requiresCredits: boolean, { least, likely, most }: Estimate): void {
  print(`${head}\n`);
  print(
    table(
      [
        ['', 'credits', ''],
        ['least', inCredits(least) ?? '', 'if no block fails'],
        ['likely', inCredits(likely) ?? '', 'the dearest branch; known loop counts else 1, one model call'],
        ['most', inCredits(most) ?? 'unbounded', ''],
      ],
      [1],
    ),
  );
  print(`\n${requiresCredits ? 'Waits for credits when there are none.' : 'Never needs credits here.'}`);
}

/** Prints what a run of a flow would cost. Throws `UserError` naming each field that makes no sense. */
export async function estimateCommand(file: string, options: EstimateCommandOptions): Promise<void> {
  const { context, at } = situationOf(options);
  const pricing = pricingFor(options.rateCard);
  const card = pricing.cardAt(Date.parse(at));
  if (card === null) throw new UserError(`--at: no rate card was in force at ${at}`);
  const input = await readJsonFrom(file);
  const parsed = flowSchema.safeParse(input);
  if (!parsed.success) throw refusal(faultsOf(parsed.error, input));
  const flow = linked(parsed.data, await calledFlows(options.flows));
  const catalog = await blockTypes();
  const types = [...new Set([...knownBlockTypes(pricing.cards), ...catalog.keys()])];
  const faults = flowPriceFaults(flow, card, types);
  if (faults.length > 0) throw refusal(faults);
  // Of a platform's own types only their definitions know the ports, and with them which branches there are.
  const ports: PortsOf = ({ type, config }) => catalog.get(type)?.ports(config) ?? null;
  const found = orRefusal(() => estimate(flow, context, card, { ports }));
  const requiresCredits = found.most !== '0';
  const { least, likely, most } = found;
  const { trigger, location } = context;
  if (options.json) {
    const credits = { least: inCredits(least), likely: inCredits(likely), most: inCredits(most) };
    printJson({ rateCard: card.id, trigger, location, requiresCredits, millicredits: found, credits });
    return;
  }
  printEstimate(`${flow.name}: ${trigger} run, ${location}; rate card ${card.id}`, requiresCredits, found);
}

async function calledFlows(file: string | undefined): Promise<Readonly<Record<string, Flow>>> {
  if (file === undefined) return {};
  const input = await readJsonFrom(file);
  const parsed = z.record(z.string(), flowSchema).safeParse(input);
  if (!parsed.success) throw refusal(faultsOf(parsed.error, input));
  const { data } = parsed;
  const nesting = nestingFaults({}, z.record(z.string(), jsonSchema).parse(input));
  if (nesting.length > 0) throw refusal(nesting);
  return data;
}

/** A loop's body is looked into only when it is priced. */
function orRefusal<T>(price: () => T): T {
  try {
    return price();
  } catch (error) {
    if (error instanceof PricingRefusal) throw refusal([{ path: error.path, message: error.reason }]);
    throw error;
  }
}

export function register(program: Command): void {
  program
    .command('estimate')
    .description('What a run of a flow would cost, before it runs.')
    .argument('<flow>', 'the flow as JSON; "-" for standard input')
    .option('--json', 'the answer as JSON')
    .option('--flows <file>', 'the flows it calls by name, as JSON: {"name": {…}}')
    .option('--at <instant>', 'by the rate card in force then; default now')
    .option('--trigger <trigger>', `what starts the run: ${TRIGGERS.join(', ')}`, 'api')
    .option('--location <location>', `where it runs: ${LOCATIONS.join(', ')}; default by trigger`)
    .option('--cloud-run', 'a manual run in the cloud')
    .addOption(rateCardOption())
    .addHelpText(
      'after',
      `
Examples:
  flow-credits estimate flow.json
  flow-credits estimate flow.json --trigger manual --cloud-run --json
  flow-credits estimate flow.json --at 2026-02-01T00:00:00Z --rate-card cards/ours.json`,
    )
    .action(estimateCommand);
}
