import { Client } from '@temporalio/client';
import { FlowCreditsClient } from '../../src/client';
import { connectionFromEnv, temporalSettings } from '../../src/client/connection';
import { startStack } from '../../src/dev/stack';
import { startStackWorker } from '../../src/dev/worker';
import { startHttpGate } from '../failures/http-gate';
import { type History } from '../support/history';

/** Keeps a history, if it is wanted. */
export type Keep = (name: string, history: History) => void;

interface OnStack {
  readonly temporal: Client;
  readonly client: FlowCreditsClient;
  /** Answers whatever is requested. */
  readonly url: string;
}

/** An embedded stack with a worker, the team `acme`, and a server for its flows to call. */
export async function onStack(use: (on: OnStack) => Promise<void>): Promise<void> {
  const stack = await startStack({ headless: true, schedules: false });
  const gate = await startHttpGate();
  gate.open();
  try {
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    const temporal = new Client({ connection, namespace });
    const client = new FlowCreditsClient({ client: temporal, teamBilling: { lingerMs: 500 } });
    const worker = await startStackWorker(stack);
    await client.upsertTeam('acme', { plan: 'enterprise', anchor: '2026-11-01T00:00:00' });
    await use({ temporal, client, url: gate.url });
    await worker.stop();
    await connection.close();
  } finally {
    await gate.close();
    await stack.stop();
  }
}
