/** A platform's program as its author would write it, with the published package and nothing else of ours. */
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  createFlowCreditsWorker,
  FlowCreditsPlugin,
  loadPricing,
  migrate,
  openLedger,
  openReader,
} from 'temporal-flow-credits';
import { FlowCreditsClient } from 'temporal-flow-credits/client';
import { type RateCard } from 'temporal-flow-credits/pricing';
import * as activities from './activities.js';
import { type handleOrder } from './workflows.js';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

async function main(): Promise<void> {
  const databaseUrl = setting('DATABASE_URL');
  const name = setting('PROJECT');
  const namespace = setting('TEMPORAL_NAMESPACE');
  await migrate(databaseUrl);
  const pricing = loadPricing({ cardFiles: [join(process.cwd(), 'card.json')] });
  const ledger = await openLedger({ databaseUrl, rules: pricing });
  const reader = openReader(databaseUrl, pricing);
  const connection = await NativeConnection.connect({ address: setting('TEMPORAL_ADDRESS') });
  const taskQueue = `credits-${name}`;
  const teamBilling = { taskQueue, lingerMs: 200 };
  const ours = await createFlowCreditsWorker({ connection, namespace, ledger, reader, pricing, taskQueue });
  const theirs = await Worker.create({
    connection,
    namespace,
    taskQueue: name,
    workflowsPath: join(process.cwd(), 'out', 'workflows.js'),
    activities,
    plugins: [new FlowCreditsPlugin({ ledger, reader, pricing, team: { argument: '0.team' }, teamBilling })],
  });
  const running = [ours.run(), theirs.run()];
  try {
    const client = new Client({ connection, namespace });
    const credits = new FlowCreditsClient({ client, reader, taskQueue, teamBilling });
    await credits.upsertTeam(name, { plan: 'solo', anchor: '2026-01-01T00:00:00' });
    const result = await client.workflow.execute<typeof handleOrder>('handleOrder', {
      taskQueue: name,
      workflowId: `order-${name}`,
      args: [{ id: 'o-1', team: name }],
    });
    const overview = await credits.team(name);
    // A bigint and an object: what the declarations say, not `any`.
    const charged: bigint = overview?.charged ?? 0n;
    const card: RateCard | undefined = pricing.cards.at(-1);
    console.log(JSON.stringify({ result, charged: String(charged), card: card?.id, node: process.version }));
  } finally {
    ours.shutdown();
    theirs.shutdown();
    await Promise.all(running);
    await connection.close();
    await reader.close();
    await ledger.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
