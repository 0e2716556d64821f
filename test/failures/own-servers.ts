import { rmSync } from 'node:fs';
import { type PostgresServer, type TemporalServer } from '../../src/dev';
import { startStack } from '../../src/dev/stack';
import { temporaryFolder } from '../dev/processes';
import { Platform, type Servers } from './platform';

/** A platform on servers of its own, which a test may end. Workflows and credits are in files. */
export interface OwnPlatform {
  readonly platform: Platform;
  readonly temporal: TemporalServer;
  readonly postgres: PostgresServer;
  stop(): Promise<void>;
}

/** The servers are this test's own even where the environment names real ones: those are nobody's to kill. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const dataDir = temporaryFolder();
  const { TEMPORAL_ADDRESS: _temporal, DATABASE_URL: _database, ...env } = process.env;
  const stack = await startStack({ env, dataDir, headless: true, schedules: false });
  const { temporal, postgres, temporalAddress, namespace, databaseUrl } = stack;
  if (temporal === null || postgres === null) throw new Error('the stack has no servers of its own');
  const servers: Servers = {
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    DATABASE_URL: databaseUrl,
  };
  const platform = await Platform.open(servers);
  return {
    platform,
    temporal,
    postgres,
    stop: async () => {
      await platform.close();
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
