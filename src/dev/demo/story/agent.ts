import { z } from 'zod';
import { type ChargeLine } from '../../../contracts/charge';
import { parseMillicredits } from '../../../contracts/millicredits';
import { type Usage } from '../../../contracts/usage';
import { type ChargeRow } from '../../../ledger/read';
import { charge } from '../../../pricing';
import { DemoFailed, inCredits, type AgentFacts } from '../facts';
import { AUTOMATED, costOf, ORDERS } from '../flows';
import { type Narrator } from '../narrator';
import { missingPackages } from '../packages';
import { type Scene, Stage, tell, total, within } from '../stage';
import { AGENT } from '../teams';
import { aligned, count, credits, day } from '../text';

const BLOCK = 'ai-agent';

const configSchema = z.object({ model: z.string(), tools: z.array(z.object({ server: z.string() })).min(1) });
/** What an agent delivers. */
const deliveredSchema = z.object({ text: z.string(), steps: z.int(), toolCalls: z.int() });

export interface AgentAct {
  /** None where the act was skipped. */
  readonly stage: Stage | null;
  readonly facts: AgentFacts;
}

/** A team runs an agent with the tools of an MCP server; its charge is explained line by line. */
export async function agentAct(scene: Scene): Promise<AgentAct> {
  const { narrator } = scene;
  narrator.act('4  A team runs an AI agent, and reads its charge line by line');
  const missing = missingPackages();
  if (missing.length > 0) return skipped(narrator, missing);
  const stage = new Stage(scene, AGENT);
  const opened = await stage.open();
  await stage.watch();
  narrator.say(
    `Team ${stage.name}, plan ${opened.plan}: ${credits(opened.balances.included.available)} until ${day(opened.period.end)}.`,
  );
  return { stage, facts: await runOfAgent(stage) };
}

/** Who installs without the packages of agents gets the rest of the story. */
export async function skipped(narrator: Narrator, missing: readonly string[]): Promise<AgentAct> {
  await narrator.unwatch();
  narrator.say(`Skipped: it needs ${missing.join(', ')}, which this installation does not have.`);
  narrator.detail('npm ci installs all that a checkout has; the rest of the demo needs none of it');
  return { stage: null, facts: { status: 'skipped', missing } };
}

async function runOfAgent(stage: Stage): Promise<AgentFacts> {
  const { narrator, checks, plays, platform, card } = stage.scene;
  const { model, server } = agentOf(stage.scene);
  narrator.say(
    `Flow agent: ${model} adds up ${count(ORDERS.length, 'order')}, with tools of the MCP server "${server}".`,
  );
  narrator.detail(
    'here the model is a script on this machine that always does the same, and the MCP server is the',
  );
  narrator.detail(
    "protocol's reference server, as a process of the worker; where they are is in the platform's settings",
  );
  const { least, most } = costOf(plays.agent, AUTOMATED, card);
  narrator.say(
    `What it will cost nobody knows yet; by the flow's limits, from ${inCredits(least)} to ${most === null ? 'any number of' : inCredits(most)} credits.`,
  );
  const run = await stage.start(plays.agent);
  narrator.detail(tell(run));
  const { outputs } = await within(run.started.result(), `run "${run.workflowId}" to complete`);
  const { text: answer, steps, toolCalls: called } = deliveredSchema.parse(outputs['answer']);

  const facts = await stage.factsOf(run);
  const charges = await platform.reader.charges(stage.name, run.runId);
  const usage = usageOf(charges);
  const modelCalls = usage.modelCalls?.reduce((sum, { calls }) => sum + calls, 0) ?? 0;
  const toolCalls = Object.fromEntries((usage.mcpTools ?? []).map(({ tool, calls }) => [tool, calls]));
  checks.equal(
    'the ledger has as many model calls as the model answered',
    modelCalls,
    platform.model.answered(),
  );
  checks.equal('the agent says the same', steps, modelCalls);
  const asked = platform.model.askedFor();
  checks.sameOrder(
    'the ledger has the tools that the model asked for',
    told(toolCalls).sort(),
    told(asked).sort(),
  );
  const ofTools = Object.values(toolCalls).reduce((sum, calls) => sum + calls, 0);
  checks.equal('the agent says the same of its tools', called, ofTools);
  const together = ORDERS.reduce((sum, { price, delivery }) => sum + price + delivery, 0);
  checks.that('what the tools added up is right', answer.endsWith(` ${together}`), answer);
  narrator.say(`It called the model ${times(modelCalls)}, the tools ${told(toolCalls).join(', ')}.`);
  narrator.holds(`it answered, and the sum is right: "${answer}"`);
  await narrator.beat();

  narrator.say('What the run was charged, as the ledger has it:');
  narrator.lines(chargeTable(charges));
  const lines = charges.flatMap(({ detail }) => detail?.lines ?? []);
  const expected = charge({ type: BLOCK, usage }, AUTOMATED, card);
  checks.sameOrder(
    'the lines are those of the rate card for what was called',
    lines.map(lineText),
    expected.lines.map(lineText),
  );
  const sum = total(lines.map(({ millicredits }) => parseMillicredits(millicredits)));
  checks.equal('the lines add up to what the run was charged', sum, parseMillicredits(facts.charged));
  checks.that(
    'it cost what the estimate allowed',
    sum >= parseMillicredits(least) && (most === null || sum <= parseMillicredits(most)),
    credits(sum),
  );
  tellTools(stage, lines, toolCalls);
  narrator.holds(`the lines are those of rate card ${card.id}, and add up: ${credits(sum)}`);
  narrator.detail(
    "documented is what Postman's documentation says; assumed is what the row of the rate card explains",
  );
  await narrator.beat();
  return { status: 'played', runs: await stage.facts(), answer, modelCalls, toolCalls, lines };
}

/** The point of the story: a tool costs the same whether it is called once or a hundred times. */
function tellTools(
  { scene: { narrator, checks } }: Stage,
  lines: readonly ChargeLine[],
  toolCalls: Readonly<Record<string, number>>,
): void {
  const tools = Object.entries(toolCalls).map(([tool, calls]) => {
    const line = lines.find(({ what }) => what.startsWith(`MCP tool ${tool} on `));
    if (line === undefined) throw new DemoFailed(`tool "${tool}" was called and has no line in the charge`);
    checks.equal(`tool "${tool}" is charged once`, line.millicredits, line.unitMillicredits);
    return { tool, calls, amount: parseMillicredits(line.millicredits) };
  });
  for (const { tool, amount } of tools) {
    checks.equal(`tool "${tool}" costs what any other does`, amount, tools[0]?.amount ?? null);
  }
  const each = tools.map(({ tool, calls, amount }) => `${tool}, called ${times(calls)}, ${credits(amount)}`);
  const sum = total(tools.map(({ amount }) => amount));
  narrator.holds(
    `a tool costs the same however often it is called: ${each.join('; ')}; together ${credits(sum)}`,
  );
}

/** Model and server, from the flow itself. */
function agentOf({ plays }: Scene): { model: string; server: string } {
  const block = plays.agent.flow.blocks.find(({ type }) => type === BLOCK);
  const { model, tools } = configSchema.parse(block?.config);
  return { model, server: tools[0]?.server ?? '' };
}

/** What the agent's block used: what its charge was made of. */
function usageOf(charges: readonly ChargeRow[]): Usage {
  const [detail, ...more] = charges.flatMap((row) => (row.detail?.type === BLOCK ? [row.detail] : []));
  if (detail === undefined || more.length > 0) {
    throw new DemoFailed(
      `the run of the agent has ${more.length > 0 ? 'more than one charge' : 'no charge'} of it`,
    );
  }
  return detail.usage;
}

function chargeTable(charges: readonly ChargeRow[]): string {
  const head = ['block', 'what', 'quantity', 'each', 'credits', 'row of the rate card', 'price is'];
  const rows = charges.flatMap(({ key, detail }) =>
    (detail?.lines ?? []).map(({ what, quantity, unitMillicredits, millicredits, row, provenance }) => [
      key,
      what,
      quantity,
      inCredits(unitMillicredits),
      inCredits(millicredits),
      row,
      provenance,
    ]),
  );
  return aligned([head, ...rows], (column) => column >= 2 && column <= 4);
}

function lineText(line: ChargeLine): string {
  const { what, quantity, unitMillicredits, millicredits, row, provenance } = line;
  return [what, quantity, unitMillicredits, millicredits, row, provenance].join(' ');
}

/** `get-sum 100 times`, each. */
function told(calls: Readonly<Record<string, number>>): string[] {
  return Object.entries(calls).map(([tool, number]) => `${tool} ${times(number)}`);
}

function times(number: number): string {
  return number === 1 ? 'once' : `${number} times`;
}
