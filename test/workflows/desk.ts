import { type Client } from '@temporalio/client';
import { type DataConverter } from '@temporalio/common';
import { type Pool } from 'pg';
import { LOOPBACK } from '../../src/activities/blocks';
import { FlowCreditsClient, type StartedRun, type StartRun } from '../../src/client';
import { formatCredits, ZERO } from '../../src/contracts/millicredits';
import { type TeamBillingInput, type UpsertTeamInput } from '../../src/contracts/team';
import { openLedger, type Ledger } from '../../src/ledger';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import {
  createFlowCreditsWorker,
  type FlowCreditsWorker,
  type FlowCreditsWorkerOptions,
} from '../../src/plugin/create-worker';
import { loadPricing, type Pricing } from '../../src/pricing';
import { startHttpGate, type HttpGate } from '../failures/http-gate';
import {
  atEnd,
  testClient,
  testDatabase,
  testNamespace,
  testNativeConnection,
  uniqueName,
  workflowBundle,
} from '../support';
import '../support/worker';
import { callsInTurn } from './desk-flows';

export { callsInTurn } from './desk-flows';

/** A platform in this process, on the shared servers, with a database and a task queue of its own. */
export interface Desk {
  readonly taskQueue: string;
  readonly temporal: Client;
  readonly client: FlowCreditsClient;
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly pricing: Pricing;
  readonly gate: HttpGate;
  /** Creates a team with a name of its own and gives the name. */
  team(plan: string, settings?: Partial<UpsertTeamInput>): Promise<string>;
  /** A team that has nothing to spend. */
  emptyTeam(plan: string, settings?: Partial<UpsertTeamInput>): Promise<string>;
  /** Starts a run of HTTP blocks one after the other, each one credit in the cloud. */
  start(team: string, blocks: readonly string[], options?: Partial<StartRun>): Promise<StartedRun>;
}

export interface DeskOptions {
  readonly teamBilling?: Omit<TeamBillingInput, 'team'>;
  readonly worker?: Partial<FlowCreditsWorkerOptions>;
  readonly pricing?: Pricing;
  /** Of worker and client alike. */
  readonly dataConverter?: DataConverter;
  /** False: nobody works on the task queue. */
  readonly working?: boolean;
}

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const pricing = options.pricing ?? loadPricing();
  const converter = options.dataConverter === undefined ? {} : { dataConverter: options.dataConverter };
  const failureConverterPath = options.dataConverter?.failureConverterPath;
  const [database, temporal, connection, gate] = await Promise.all([
    testDatabase(),
    testClient(converter),
    testNativeConnection(),
    startHttpGate(),
  ]);
  const ledger = await openLedger({ databaseUrl: database.url, rules: pricing });
  const reader = openReader(database.pool, pricing);
  const taskQueue = uniqueName('desk');
  // Keepers leave as soon as they have nothing to do: suites end sooner.
  const teamBilling = { lingerMs: 200, ...options.teamBilling };
  const client = new FlowCreditsClient({ client: temporal, reader, taskQueue, teamBilling });
  const worker = options.working === false ? null : await startDeskWorker();

  async function startDeskWorker(): Promise<{ worker: FlowCreditsWorker; running: Promise<void> }> {
    const ours = await createFlowCreditsWorker({
      connection,
      namespace: testNamespace(),
      ledger,
      reader,
      pricing,
      taskQueue,
      teamBilling,
      ...converter,
      workflowBundle: await workflowBundle({
        workflowsPath: require.resolve('../../src/workflows'),
        ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
      }),
      ...options.worker,
      registry: { httpAllow: LOOPBACK, ...options.worker?.registry },
    });
    const running = ours.run();
    running.catch(() => undefined);
    return { worker: ours, running };
  }

  const desk: Desk = {
    taskQueue,
    temporal,
    client,
    ledger,
    reader,
    pool: database.pool,
    databaseUrl: database.url,
    pricing,
    gate,
    team: async (plan, settings = {}) => {
      const team = uniqueName('team');
      const answer = await client.upsertTeam(team, { plan, anchor: '2026-11-01T00:00:00', ...settings });
      if (answer.status !== 'created') throw new Error(`team ${team}: ${JSON.stringify(answer)}`);
      return team;
    },
    emptyTeam: async (plan, settings) => {
      const team = await desk.team(plan, settings);
      const all = (await reader.team(team))?.spendable ?? ZERO;
      const credits = `-${formatCredits(all)}`;
      const answer = await client.adjustCredits(team, { actor: 'test', credits, reason: 'to the last one' });
      if (answer.status !== 'done') throw new Error(answer.message);
      return team;
    },
    start: (team, blocks, settings = {}) => {
      const workflowId = settings.workflowId ?? uniqueName('run');
      const flow = callsInTurn(`${gate.url}/${workflowId}`, blocks);
      return client.startRun({ flow, team, trigger: 'api', wait: 'admission', ...settings, workflowId });
    },
  };
  atEnd(async () => {
    worker?.worker.shutdown();
    await worker?.running;
    await gate.close();
    await ledger.close();
  });
  return desk;
}
