import { NativeConnection, Worker } from '@temporalio/worker';
import { FlowCreditsPlugin, loadPricing, openLedger, openReader } from 'temporal-flow-credits';
import { orderActivities } from './activities';

export interface Settings {
  readonly temporalAddress: string;
  readonly databaseUrl: string;
  readonly shopUrl: string;
  readonly taskQueue?: string;
  /** Where the worker of `temporal-flow-credits` polls; left out: `flow-credits`. */
  readonly creditsTaskQueue?: string;
}

export async function createWorker(settings: Settings): Promise<Worker> {
  const { temporalAddress, databaseUrl, shopUrl, taskQueue = 'orders', creditsTaskQueue } = settings;
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
    activities: orderActivities(shopUrl),
    plugins: [credits],
  });
}

async function main(): Promise<void> {
  const { TEMPORAL_ADDRESS: temporalAddress = '127.0.0.1:7233', DATABASE_URL, SHOP_URL } = process.env;
  if (DATABASE_URL === undefined || SHOP_URL === undefined)
    throw new Error(
      'DATABASE_URL names the database of the ledger, SHOP_URL the shop’s services: both must be set',
    );
  await (await createWorker({ temporalAddress, databaseUrl: DATABASE_URL, shopUrl: SHOP_URL })).run();
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
