import { NativeConnection, Worker } from '@temporalio/worker';
import { FlowCreditsPlugin, loadPricing, openLedger, openReader } from 'temporal-flow-credits';
import { agentActivities } from './activities';

export interface Settings {
  readonly temporalAddress: string;
  readonly databaseUrl: string;
  readonly modelUrl: string;
  readonly toolsUrl: string;
  readonly model: string;
  readonly taskQueue?: string;
  /** Where the worker of `temporal-flow-credits` polls; left out: `flow-credits`. */
  readonly creditsTaskQueue?: string;
}

export async function createWorker(settings: Settings): Promise<Worker> {
  const { temporalAddress, databaseUrl, modelUrl, toolsUrl, model } = settings;
  const { taskQueue = 'agents', creditsTaskQueue } = settings;
  // The plugin, and what it needs.
  const pricing = loadPricing({ cardFiles: [`${__dirname}/rate-card.json`] });
  const credits = new FlowCreditsPlugin({
    ledger: await openLedger({ databaseUrl, rules: pricing }),
    reader: openReader(databaseUrl, pricing),
    pricing,
    team: 'args[0].teamId',
    ...(creditsTaskQueue === undefined ? {} : { teamBilling: { taskQueue: creditsTaskQueue } }),
  });
  return Worker.create({
    connection: await NativeConnection.connect({ address: temporalAddress }),
    taskQueue,
    workflowsPath: require.resolve('./workflows'),
    activities: agentActivities({ modelUrl, toolsUrl, model }),
    plugins: [credits],
  });
}

async function main(): Promise<void> {
  const { TEMPORAL_ADDRESS: temporalAddress = '127.0.0.1:7233', MODEL: model = 'small' } = process.env;
  const { DATABASE_URL: databaseUrl, MODEL_URL: modelUrl, TOOLS_URL: toolsUrl } = process.env;
  if (databaseUrl === undefined || modelUrl === undefined || toolsUrl === undefined)
    throw new Error(
      'DATABASE_URL, MODEL_URL and TOOLS_URL must be set: the ledger, the model, and the tools',
    );
  await (await createWorker({ temporalAddress, databaseUrl, modelUrl, toolsUrl, model })).run();
}

if (require.main === module) {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
