import { flowCreditsMetrics, type FlowCreditsMetrics } from './metrics';
import { readiness, type Check, type Readiness } from './checks';
import { ledgerGauges, type TotalsReader } from './ledger-gauges';
import { startOpsServer } from './ops-server';
import { processMetrics } from './build-info';
import { serverChecks, type TemporalConnection } from './server-checks';
import { type LedgerReader } from '../ledger/read';

export interface WorkerOpsOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly host?: string;
  readonly reader: Pick<LedgerReader, 'now'> & TotalsReader;
  readonly namespace: string;
}

/** What a worker process tells on a port of its own, from before it has reached anything. */
export interface WorkerOps {
  readonly port: number;
  readonly observer: FlowCreditsMetrics['observer'];
  /** Temporal was reached. */
  connected(temporal: TemporalConnection): void;
  /** The worker is there; by its state it tells whether it polls. */
  working(worker: { getState(): string }): void;
  readonly ready: () => Promise<Readiness>;
  close(): Promise<void>;
}

/** Throws where the port is taken. */
export async function openWorkerOps(options: WorkerOpsOptions): Promise<WorkerOps> {
  const { reader, namespace, port, host } = options;
  let temporal: TemporalConnection | null = null;
  let worker: { getState(): string } | null = null;
  const { registry, observer } = flowCreditsMetrics();
  processMetrics(registry, 'worker');
  ledgerGauges(registry, reader);
  const checks: Readonly<Record<'postgres' | 'temporal' | 'worker', Check>> = {
    postgres: () => reader.now(),
    temporal: async (signal) => {
      if (temporal === null) throw new NotYet('NotConnected');
      await serverChecks(reader, temporal, namespace).temporal(signal);
    },
    worker: () => {
      const state = worker?.getState() ?? 'STARTING';
      return state === 'RUNNING' ? Promise.resolve() : Promise.reject(new NotYet(state));
    },
  };
  const ready = readiness(checks);
  const server = await startOpsServer({ port, ready, registry, ...(host === undefined ? {} : { host }) });
  return {
    port: server.port,
    observer,
    ready,
    connected: (connection) => {
      temporal = connection;
    },
    working: (made) => {
      worker = made;
    },
    close: () => server.close(),
  };
}

/** Its code is the state that something is in. */
class NotYet extends Error {
  override readonly name = 'NotYet';
  constructor(readonly code: string) {
    super(code);
  }
}
