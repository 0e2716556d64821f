import { type Command, Option } from 'commander';
import { z } from 'zod';
import { LOCATIONS, locationSchema, TRIGGERS, triggerSchema } from '../../contracts/context';
import { messageOf } from '../../contracts/error-text';
import { flowSchema, jsonSchema } from '../../contracts/flow';
import { formatCredits, parseCredits, parseMillicredits, toText } from '../../contracts/millicredits';
import { catalogForRunner } from '../../contracts/own-blocks';
import { meteringModeSchema, type AdmissionAnswer, type FlowRunResult } from '../../contracts/run';
import { validateFlow } from '../../contracts/validate-flow';
import { type StartedRun, type StartRun } from '../../client';
import { note, print, printJson, UserError } from '../output';
import { blockTypes } from './blocks';
import { answered, withSession } from './connect';
import { faultLines, readJsonFrom } from './pricing';
import { tellingOfRunner } from './runner-waits';

const EXAMPLES = `
Examples:
  $ flow-credits run examples/hello.json --team acme
  $ flow-credits run examples/order-check.json --team acme --input '{"total": 120}' --trigger api --wait
  $ flow-credits run examples/hello.json --team acme --longest-wait 3600 --json
  $ flow-credits run main.json --flows called.json --team acme
  $ flow-credits run order.json --team acme --trigger api --location private-runner --wait

The ledger's answer comes with the start: admitted, waiting with its place in the line, or rejected (exit status 1).
What is wrong with the flow is told as "flow-credits validate" tells it: every fault, each with its path.`;

interface Options {
  readonly team: string;
  readonly input?: string;
  readonly flows?: string;
  readonly trigger: string;
  readonly location?: string;
  readonly cloudRun?: true;
  readonly limit?: string;
  readonly longestWait?: string;
  readonly mode?: string;
  readonly id?: string;
  readonly wait?: true;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command('run')
    .description('Start a run of a flow.')
    .argument('<flow>', 'a flow file, or - for standard input')
    .requiredOption('--team <team>', 'whose credits it uses')
    .option('--flows <file>', 'the flows it calls by name, as JSON: {"name": {…}}')
    .option('--input <json>', "what the flow's start block delivers")
    .addOption(new Option('--trigger <trigger>', 'what started it').choices(TRIGGERS).default('manual'))
    .addOption(new Option('--location <location>', 'where its blocks execute').choices(LOCATIONS))
    .option('--cloud-run', 'a manual run that executes in the cloud')
    .option('--limit <credits>', 'the most it may be charged; there it stops')
    .option('--longest-wait <seconds>', 'how long it may wait in the line')
    .addOption(new Option('--mode <mode>', 'how it is metered').choices(meteringModeSchema.options))
    .option('--id <workflow-id>', 'its workflow id')
    .option('--wait', "wait for the run's end")
    .option('--json', 'the answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const { flows } = options;
  const [flow, called] = await Promise.all([
    readJsonFrom(file),
    flows === undefined ? undefined : readJsonFrom(flows),
  ]);
  const start = startOf(options);
  const given = givenFlows(flow, called);
  if (given === null) {
    reportRejected(await malformed(flow, called, options), options);
    return;
  }
  await withSession(async ({ client }) => {
    const started = await answered(client.startRun({ ...start, ...given }));
    if (started.admission?.status === 'rejected') {
      reportRejected({ ...started, admission: started.admission }, options);
      return;
    }
    if (options.wait === undefined) {
      report(started, options);
      return;
    }
    if (options.json === undefined) tell(started);
    const end = ended(started);
    const isPrivate = options.location === 'private-runner';
    const result = isPrivate ? await tellingOfRunner(client, started.workflowId, end, note) : await end;
    reportEnd(started, result, options);
  });
}

function startOf(options: Options): Omit<StartRun, 'flow' | 'flows'> {
  return {
    team: options.team,
    trigger: triggerSchema.parse(options.trigger),
    wait: 'admission',
    ...(options.location === undefined ? {} : { location: locationSchema.parse(options.location) }),
    ...(options.cloudRun === undefined ? {} : { cloudRun: true }),
    ...(options.input === undefined ? {} : { input: inputOf(options.input) }),
    ...(options.limit === undefined ? {} : { creditLimit: creditsOf(options.limit) }),
    ...(options.longestWait === undefined ? {} : { longestWaitSeconds: secondsOf(options.longestWait) }),
    ...(options.mode === undefined ? {} : { mode: meteringModeSchema.parse(options.mode) }),
    ...(options.id === undefined ? {} : { workflowId: options.id }),
  };
}

/** Flows by their shape alone, null where it is wrong: what they mean is checked at the run's door, which has the platform's own blocks. */
function givenFlows(file: unknown, called: unknown): Pick<StartRun, 'flow' | 'flows'> | null {
  const flow = flowSchema.safeParse(file);
  const flows = z.record(z.string(), flowSchema).optional().safeParse(called);
  if (!flow.success || !flows.success) return null;
  return { flow: flow.data, ...(flows.data === undefined ? {} : { flows: flows.data }) };
}

/** What the door would say of a flow that cannot even be sent: all that `validate` finds wrong with it. */
async function malformed(flow: unknown, flows: unknown, { location }: Options): Promise<Rejected> {
  const catalog = await blockTypes();
  const blocks = location === 'private-runner' ? catalogForRunner(catalog) : catalog;
  const validated = validateFlow(flow, { blocks, flows });
  const faults = validated.ok ? [] : validated.faults;
  return {
    workflowId: null,
    runId: null,
    admission: { status: 'rejected', reason: 'invalid-flow', message: 'the flow is malformed', faults },
  };
}

interface Rejected {
  readonly workflowId: string | null;
  readonly runId: string | null;
  readonly admission: Extract<AdmissionAnswer, { readonly status: 'rejected' }>;
}

/** A rejected run is an answer, and a failure of the command. Its faults are a line each, as `validate` has them. */
function reportRejected({ workflowId, runId, admission }: Rejected, { json }: Options): void {
  const { message, faults = [] } = admission;
  if (!json) {
    if (faults.length === 0) throw new UserError(message);
    const count = faults.length === 1 ? '1 fault' : `${String(faults.length)} faults`;
    throw new UserError(`the run is refused: its flow has ${count}`, {
      lines: faultLines(faults),
    });
  }
  printJson({ workflowId, runId, admission });
  process.exitCode = 1;
}

function inputOf(text: string): ReturnType<typeof jsonSchema.parse> {
  try {
    return jsonSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`--input ${text}: must be JSON, such as '{"name": "Ada"}'`);
  }
}

function creditsOf(text: string): string {
  try {
    return toText(parseCredits(text));
  } catch {
    throw new UserError(`--limit ${text}: must be credits, such as 12.5`);
  }
}

function secondsOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw new UserError(`--longest-wait ${text}: must be a whole number of seconds, 1 or more`);
  }
  return Number(text);
}

async function ended(started: StartedRun): Promise<FlowRunResult> {
  try {
    return await started.result();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new UserError(messageOf(cause));
  }
}

function report(started: StartedRun, { json }: Options): void {
  const { workflowId, runId, admission } = started;
  if (json) printJson({ workflowId, runId, admission });
  else tell(started);
}

function tell({ workflowId, admission }: StartedRun): void {
  print(`run ${workflowId}`);
  if (admission !== null) print(sentence(admission));
}

function reportEnd({ workflowId, admission }: StartedRun, result: FlowRunResult, { json }: Options): void {
  if (json) {
    printJson({ workflowId, admission, ...result });
    return;
  }
  note(`charged ${inCredits(result.charged)} credits`);
  printJson(result.outputs);
}

/** The ledger's answer as people say it. */
function sentence(answer: AdmissionAnswer): string {
  switch (answer.status) {
    case 'admitted':
      return answer.rateCard === ''
        ? 'started unmetered'
        : `admitted under rate card ${answer.rateCard}, holding ${inCredits(answer.held)} credits`;
    case 'waiting': {
      const why = answer.reason === 'spent' ? 'all credits are spent' : 'what is left is held by other runs';
      return `waiting at place ${answer.place}: ${why}; the next reset is at ${answer.nextReset}`;
    }
    case 'rejected':
      return `rejected: ${answer.message}`;
  }
}

function inCredits(millicredits: string): string {
  return formatCredits(parseMillicredits(millicredits));
}
