import { Client, Connection, type ClientOptions } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { temporalSettings } from '../../src/client/connection';
import { atEnd } from './at-end';
import { sharedServers } from './servers';

let connection: Promise<Connection> | null = null;
let native: Promise<NativeConnection> | null = null;

/** The suite's connection to the shared Temporal, closed after the suite. */
export function testConnection(): Promise<Connection> {
  connection ??= keep(Connection.connect(temporalSettings().connection));
  return connection;
}

/** The same for workers. */
export function testNativeConnection(): Promise<NativeConnection> {
  native ??= keep(NativeConnection.connect(temporalSettings().connection));
  return native;
}

/** A client of the shared Temporal, in its namespace. */
export async function testClient(
  options: Omit<ClientOptions, 'connection' | 'namespace'> = {},
): Promise<Client> {
  return new Client({ ...options, connection: await testConnection(), namespace: testNamespace() });
}

export function testNamespace(): string {
  return sharedServers().namespace;
}

async function keep<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const opened = await opening;
  atEnd(() => opened.close());
  return opened;
}
