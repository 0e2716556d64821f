import { Client } from '@temporalio/client';
import { connectionFromEnv, FlowCreditsClient, openReader } from '../../../src/client';
import { bearerJwt, createApi } from '../../../src/api';
import { startStack } from '../../../src/dev/stack';
import { startStackWorker } from '../../../src/dev/worker';
import { temporalSettings } from '../../../src/client/connection';
import { loadPricing } from '../../../src/pricing';
import { startHttpGate } from '../../failures/http-gate';
import { callsInTurn } from '../../workflows/desk-flows';
import { AUDIENCE, ISSUER, issuer } from '../tokens';

/** The API on a stack of its own, with a team that has runs, waits, packs and statements to look at. */
export interface FuzzPlatform {
  readonly url: string;
  /** Of an operator: nothing is hidden from it. */
  readonly token: string;
  readonly team: string;
  /** What the server said of itself: errors alone. */
  readonly errors: readonly string[];
  stop(): Promise<void>;
}

export const TEAM = 'acme';

export async function startFuzzPlatform(): Promise<FuzzPlatform> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const stack = await startStack({
      headless: true,
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    stops.push(() => stack.stop());
    const worker = await startStackWorker(stack);
    stops.push(() => worker.stop());
    const { connection, namespace } = await connectionFromEnv(temporalSettings(stack.env));
    stops.push(() => connection.close());
    const pricing = loadPricing();
    const reader = openReader(stack.databaseUrl, pricing);
    stops.push(() => reader.close());
    const client = new FlowCreditsClient({ client: new Client({ connection, namespace }), reader });
    const signer = await issuer();
    const authenticate = await bearerJwt({ keys: signer.keys, issuer: ISSUER, audience: AUDIENCE });
    const errors: string[] = [];
    const app = await createApi({
      client,
      reader,
      pricing,
      authenticate,
      // Who did what is no error.
      onCommand: () => undefined,
      logger: { level: 'error', stream: { write: (line: string) => void errors.push(line) } },
    });
    stops.push(() => app.close());
    const gate = await startHttpGate();
    stops.push(() => gate.close());
    gate.open();
    await seed(client, gate.url);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const token = await signer.sign({ sub: 'fuzzer', role: 'operator', expiresIn: 3_600 });
    return { url, token, team: TEAM, errors, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function seed(client: FlowCreditsClient, url: string): Promise<void> {
  const actor = 'seed';
  await client.upsertTeam(TEAM, {
    plan: 'enterprise',
    anchor: '2026-01-31T00:00:00',
    timeZone: 'Europe/Berlin',
  });
  await client.addCredits(TEAM, { actor, credits: '100', paid: { amount: '8.00', currency: 'EUR' } });
  await client.adjustCredits(TEAM, { actor, credits: '1', reason: 'seed' });
  const flow = callsInTurn(url, ['a', 'b']);
  const run = await client.startRun({
    team: TEAM,
    flow,
    trigger: 'api',
    workflowId: 'order-17',
    wait: 'admission',
  });
  await run.result();
}
