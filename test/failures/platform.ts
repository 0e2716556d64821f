import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { FlowCreditsClient, type FlowCreditsClientOptions, type StartedRun } from '../../src/client';
import { temporalSettings } from '../../src/client/connection';
import { type FlowInput } from '../../src/contracts/flow';
import { TASK_QUEUE } from '../../src/contracts/names';
import { openReader, type LedgerReader } from '../../src/ledger/read';
import { loadPricing, type Pricing } from '../../src/pricing';
import { startHttpGate, type HttpGate } from './http-gate';
import { startWorkerProcess, type WorkerProcess } from './worker';

/** Where a platform's servers are: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `DATABASE_URL`. */
export type Servers = Readonly<Record<string, string | undefined>>;

/** A platform on some servers: its client, its reader, the HTTP server its flows call, and worker processes. */
export class Platform {
  private readonly workers: WorkerProcess[] = [];

  private constructor(
    private readonly servers: Servers,
    readonly taskQueue: string,
    readonly temporal: Client,
    readonly client: FlowCreditsClient,
    readonly reader: LedgerReader,
    readonly pool: Pool,
    readonly pricing: Pricing,
    readonly gate: HttpGate,
  ) {}

  static async open(
    servers: Servers,
    taskQueue: string = TASK_QUEUE,
    teamBilling: FlowCreditsClientOptions['teamBilling'] = {},
  ): Promise<Platform> {
    const { connection: where, namespace } = temporalSettings({ ...servers });
    const connection = await Connection.connect(where);
    const temporal = new Client({ connection, namespace });
    const pool = new Pool({ connectionString: servers['DATABASE_URL'] });
    // A server that is stopped cuts idle connections; the next query gets a new one.
    pool.on('error', () => undefined);
    const pricing = loadPricing();
    const reader = openReader(pool, pricing);
    const client = new FlowCreditsClient({ client: temporal, reader, taskQueue, teamBilling });
    const gate = await startHttpGate();
    return new Platform(servers, taskQueue, temporal, client, reader, pool, pricing, gate);
  }

  async startWorker(): Promise<WorkerProcess> {
    const worker = await startWorkerProcess(this.servers, this.taskQueue);
    this.workers.push(worker);
    return worker;
  }

  /** Starts so many runs at once, each with these blocks one after the other. Their ids end in their number. */
  start(team: string, count: number, blocks: readonly string[], prefix = team): Promise<StartedRun[]> {
    return Promise.all(
      Array.from({ length: count }, (_, index) => {
        const workflowId = `${prefix}-${String(index)}`;
        const flow = callsInTurn(`${this.gate.url}/${workflowId}`, blocks);
        return this.client.startRun({ workflowId, team, flow, trigger: 'api' });
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await this.gate.close();
    await this.pool.end();
    await this.temporal.connection.close();
  }
}

/** HTTP requests one after the other: in the cloud each costs one credit. */
function callsInTurn(url: string, blocks: readonly string[]): FlowInput {
  const ids = ['start', ...blocks, 'out'];
  return {
    name: 'calls in turn',
    blocks: [
      { id: 'start', type: 'start' },
      // Held by the test for as long as it wants: not the block's own timeout is under test.
      ...blocks.map((id) => ({
        id,
        type: 'http-request',
        config: { url: `${url}/${id}`, timeoutSeconds: 300 },
      })),
      { id: 'out', type: 'output' },
    ],
    connections: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to })),
  };
}
