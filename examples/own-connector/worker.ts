import { NativeConnection } from '@temporalio/worker';
import {
  createFlowCreditsWorker,
  loadPricing,
  migrate,
  openLedger,
  openReader,
  type FlowCreditsWorker,
} from 'temporal-flow-credits';
import { parcels } from './parcels';

export interface Settings {
  readonly temporalAddress: string;
  readonly databaseUrl: string;
  /** Left out: `flow-credits`. */
  readonly taskQueue?: string;
}

/** A platform's worker: ours, with one connector of the platform's own. */
export async function parcelWorker({ temporalAddress, databaseUrl, taskQueue }: Settings): Promise<{
  readonly worker: FlowCreditsWorker;
  readonly close: () => Promise<void>;
}> {
  const pricing = loadPricing();
  await migrate(databaseUrl);
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const ledger = await openLedger({ databaseUrl, rules: pricing });
  const reader = openReader(databaseUrl, pricing);
  const worker = await createFlowCreditsWorker({
    connection,
    ledger,
    reader,
    pricing,
    connectors: [parcels],
    ...(taskQueue === undefined ? {} : { taskQueue }),
  });
  return {
    worker,
    close: async () => {
      await reader.close();
      await ledger.close();
      await connection.close();
    },
  };
}

async function main(): Promise<void> {
  const { TEMPORAL_ADDRESS: temporalAddress = '127.0.0.1:7233', DATABASE_URL: databaseUrl } = process.env;
  if (databaseUrl === undefined)
    throw new Error('DATABASE_URL is not set: it names the database of the ledger');
  const { worker, close } = await parcelWorker({ temporalAddress, databaseUrl });
  try {
    await worker.run();
  } finally {
    await close();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
