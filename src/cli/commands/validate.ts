import { type Command } from 'commander';
import { type BlockCatalog } from '../../contracts/blocks';
import { linked } from '../../contracts/blocks-nested';
import { LOCATIONS, TRIGGERS } from '../../contracts/context';
import { flowSchema, type Fault } from '../../contracts/flow';
import { catalogForRunner } from '../../contracts/own-blocks';
import { validateFlow } from '../../contracts/validate-flow';
import { modelFaults, type Pricing } from '../../pricing';
import { print, printJson, UserError } from '../output';
import { blockTypes } from './blocks';
import { situationOf, type SituationOptions } from './estimate';
import { faultLines, pricingFor, rateCardOption, readJsonFrom } from './pricing';

const EXAMPLES = `
Examples:
  $ flow-credits validate examples/hello.json
  $ flow-credits validate - --json < flow.json
  $ FLOW_CREDITS_BLOCKS=./blocks.js flow-credits validate flow.json --rate-card ours.json

Every fault is one line, "path: message"; exit status 1. What passes here is accepted at a run's door, by a worker with the
same blocks, connectors (FLOW_CREDITS_CONNECTORS) and rate cards.`;

interface Options extends SituationOptions {
  readonly flows?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('validate')
    .description('Check a flow: every fault there is, with its path.')
    .argument('<flow>', 'the flow as JSON; "-" for standard input')
    .option('--json', 'the answer as JSON')
    .option('--flows <file>', 'the flows it calls by name, as JSON: {"name": {…}}')
    .option('--at <instant>', 'by the rate card in force then, and those after it; default now')
    .option('--trigger <trigger>', `what would start it: ${TRIGGERS.join(', ')}`, 'api')
    .option('--location <location>', `where it would run: ${LOCATIONS.join(', ')}; default by trigger`)
    .option('--cloud-run', 'a manual run in the cloud')
    .addOption(rateCardOption())
    .addHelpText('after', EXAMPLES)
    .action(validate);
}

async function validate(file: string, options: Options): Promise<void> {
  const { at } = situationOf(options);
  const pricing = pricingFor(options.rateCard);
  if (pricing.cardAt(Date.parse(at)) === null) {
    throw new UserError(`--at: no rate card was in force at ${at}`);
  }
  const [input, flows, catalog] = await Promise.all([
    readJsonFrom(file),
    options.flows === undefined ? undefined : readJsonFrom(options.flows),
    blockTypes(),
  ]);
  // Which services a private runner has, the platform does not know.
  const blocks = options.location === 'private-runner' ? catalogForRunner(catalog) : catalog;
  const faults = faultsOf({ input, flows }, blocks, pricing, Date.parse(at));
  // What is wrong with the flow is the result, not a failure of the command.
  if (faults.length > 0) process.exitCode = 1;
  const flow = flowSchema.safeParse(input);
  const count = flow.success ? flow.data.blocks.length : 0;
  if (options.json) {
    printJson(faults.length > 0 ? { ok: false, faults } : { ok: true, blocks: count });
    return;
  }
  faultLines(faults).forEach((line) => {
    print(line);
  });
  if (flow.success && faults.length === 0) {
    print(`ok: flow "${flow.data.name}", ${count} ${count === 1 ? 'block' : 'blocks'}`);
  }
}

/** What the flow means, and what the rate cards cannot price of it: the one in force, and those to come. */
function faultsOf(
  { input, flows }: { readonly input: unknown; readonly flows: unknown },
  blocks: BlockCatalog,
  pricing: Pricing,
  at: number,
): readonly Fault[] {
  const validated = validateFlow(input, { blocks, flows });
  const shape = flowSchema.safeParse(input);
  const current = pricing.cardAt(at);
  const cards = current === null ? [] : pricing.cards.slice(pricing.cards.indexOf(current));
  // What calls in a circle cannot be followed; it has its fault already.
  const flow = validated.ok
    ? linked(validated.flow, validated.flows ?? {})
    : shape.success
      ? shape.data
      : null;
  const unpriced = flow === null ? [] : cards.flatMap((card) => modelFaults(flow, card));
  const messages = new Map(unpriced.map((fault) => [`${fault.path} ${fault.message}`, fault]));
  return [...(validated.ok ? [] : validated.faults), ...messages.values()];
}
