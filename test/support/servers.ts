/**
 * The servers that all suites of a run share. A suite that imports this file, directly or through others of this
 * folder, is an integration suite: jest.config.js starts the servers when a run has one.
 */
export interface SharedServers {
  readonly temporalAddress: string;
  readonly namespace: string;
  /** A database from which others are made and dropped. */
  readonly adminUrl: string;
  /** A migrated database that nobody connects to: {@link testDatabase} copies it. */
  readonly template: string;
  /** Databases of this run begin with it. */
  readonly prefix: string;
}

const VARIABLE = 'FLOW_CREDITS_TEST_SERVERS';

export function publishServers(servers: SharedServers): void {
  process.env[VARIABLE] = JSON.stringify(servers);
}

export function sharedServers(): SharedServers {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new Error('this suite needs the shared servers: run it by "npm test" or "npx jest"');
  return JSON.parse(text) as SharedServers;
}

let count = 0;

/** A name no other test of the run has: for task queues, workflow ids, teams, databases. */
export function uniqueName(prefix = 'test'): string {
  count += 1;
  return `${prefix}-${String(process.pid)}-${Date.now().toString(36)}-${String(count)}`;
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}
