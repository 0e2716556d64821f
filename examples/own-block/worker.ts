import { NativeConnection } from '@temporalio/worker';
import {
  createFlowCreditsWorker,
  loadPricing,
  migrate,
  openLedger,
  openReader,
  type FlowCreditsWorker,
} from 'temporal-flow-credits';
import { renderLetter } from './render-letter';

export interface Settings {
  readonly temporalAddress: string;
  readonly databaseUrl: string;
  /** Left out: `flow-credits`. */
  readonly taskQueue?: string;
}

/** A platform's worker: ours, with one block and one rate card of the platform's own. */
export async function letterWorker({ temporalAddress, databaseUrl, taskQueue }: Settings): Promise<{
  readonly worker: FlowCreditsWorker;
  readonly close: () => Promise<void>;
}> {
  const pricing = loadPricing({ cardFiles: [`${__dirname}/rate-card.json`] });
  await migrate(databaseUrl);
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const ledger = await openLedger({ databaseUrl, rules: pricing });
  const reader = openReader(databaseUrl, pricing);
  const worker = await createFlowCreditsWorker({
    connection,
    ledger,
    reader,
    pricing,
    blocks: [renderLetter],
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
  const { worker, close } = await letterWorker({ temporalAddress, databaseUrl });
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
