import { userInfo } from 'node:os';
import { type Client } from '@temporalio/client';
import { type FlowCreditsClient, type LedgerReader } from '../../client';
import { note, UserError } from '../output';

/** What commands work with; opened as far as a command needs it. */
export interface Session {
  readonly client: FlowCreditsClient;
  readonly temporal: Client;
  readonly reader: LedgerReader;
}

/** Opens Temporal and the ledger's reader where the environment or the dev stack says, and closes them. */
export async function withSession(use: (session: Session) => Promise<void>): Promise<void> {
  const [{ Client }, { connectionFromEnv, FlowCreditsClient, temporalSettings }, { environment }] =
    await Promise.all([
      import('@temporalio/client'),
      import('../../client/index.js'),
      import('../../dev/state-file.js'),
    ]);
  await withReader(async (reader) => {
    const { connection, namespace } = await connectionFromEnv(temporalSettings(environment()));
    try {
      const temporal = new Client({ connection, namespace });
      await use({ temporal, reader, client: new FlowCreditsClient({ client: temporal, reader }) });
    } finally {
      await connection.close();
    }
  });
}

/** Opens the ledger for reading only. */
export async function withReader(use: (reader: LedgerReader) => Promise<void>): Promise<void> {
  const [{ openReader }, { loadPricing, pricingFilesFrom }, { environment }] = await Promise.all([
    import('../../ledger/read/index.js'),
    import('../../pricing/index.js'),
    import('../../dev/state-file.js'),
  ]);
  const env = environment();
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) {
    throw new UserError('no ledger: start one with "npm run dev", or set DATABASE_URL');
  }
  const pricing = loadPricing(pricingFilesFrom(env));
  const reader = openReader(databaseUrl, { plan: pricing.plan });
  try {
    await use(reader);
  } finally {
    await reader.close();
  }
}

/** Who types: what the ledger's audit names where `--actor` does not. */
export function actorFrom(actor: string | undefined): string {
  return actor ?? userInfo().username;
}

const PATIENCE_MS = 10_000;

/** Waits for a worker's answer, and says after a while what may be missing. */
export async function answered<T>(waiting: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    note('no worker has answered yet: is one running ("npm run dev", or worker.ts)?');
  }, PATIENCE_MS);
  try {
    return await waiting;
  } finally {
    clearTimeout(timer);
  }
}
