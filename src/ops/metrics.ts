import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type ActivityObserver } from '../activities';
import { type LedgerObserver, type LedgerState, type OperationEnd } from '../ledger';

/** Seconds. A reserve on a quiet machine takes about one millisecond; a caller gives up after some seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Blocks call others: a model may take minutes. */
const LONG_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const OPERATIONS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What a process with a worker or a plugin measures, for its `observer` option. */
export interface FlowCreditsMetrics {
  readonly registry: Registry;
  readonly observer: { readonly ledger: LedgerObserver; readonly activities: ActivityObserver };
}

const known = new WeakMap<Registry, FlowCreditsMetrics>();

/**
 * Our metrics in a registry of the caller's, or a new one. `createFlowCreditsWorker`, `FlowCreditsPlugin` and
 * `ledger.observe` take the observer. Asked again for the same registry it gives the same metrics.
 */
export function flowCreditsMetrics(registry: Registry = new Registry()): FlowCreditsMetrics {
  const before = known.get(registry);
  if (before !== undefined) return before;
  const metrics = {
    registry,
    observer: { ledger: ledgerMetrics(registry), activities: activityMetrics(registry) },
  };
  known.set(registry, metrics);
  return metrics;
}

function ledgerMetrics(registry: Registry): LedgerObserver {
  const registers = [registry];
  const ledgers = new Set<LedgerState>();
  new Gauge({
    name: 'flow_credits_ledger_queue_operations',
    help: 'Ledger operations of this process that wait for a transaction.',
    registers,
    collect() {
      this.set([...ledgers].reduce((sum, { queued }) => sum + queued, 0));
    },
  });
  const batches = new Histogram({
    name: 'flow_credits_ledger_batch_operations',
    help: 'Ledger operations in one committed transaction.',
    buckets: OPERATIONS,
    registers,
  });
  const seconds = new Histogram({
    name: 'flow_credits_ledger_operation_duration_seconds',
    help: 'From a ledger operation being submitted to its answer, waiting in the queue included.',
    labelNames: ['operation'],
    buckets: SECONDS,
    registers,
  });
  const operations = new Counter({
    name: 'flow_credits_ledger_operations_total',
    help: 'Answers of the ledger, and what it failed with.',
    labelNames: ['operation', 'answer'],
    registers,
  });
  const admissions = new Counter({
    name: 'flow_credits_admissions_total',
    help: 'Answers to runs that asked for admission; one that asks again is answered again.',
    labelNames: ['answer', 'reason'],
    registers,
  });
  const events = new Counter({
    name: 'flow_credits_events_total',
    help: 'Events that were written: waiting, released, resets, statements, pay-as-you-go, thresholds.',
    labelNames: ['kind'],
    registers,
  });
  const alerts = new Counter({
    name: 'flow_credits_alerts_total',
    help: 'Thresholds that fired: of included credits (usage), of pay-as-you-go (payg).',
    labelNames: ['threshold'],
    registers,
  });
  // There from the start: a rate needs to see the first one.
  for (const kind of ['run.waiting', 'run.released', 'period.reset'] as const) events.inc({ kind }, 0);
  for (const threshold of ['usage', 'payg']) alerts.inc({ threshold }, 0);

  return {
    attached: (ledger) => {
      ledgers.add(ledger);
      return () => ledgers.delete(ledger);
    },
    submitted: ({ kind: operation }) => {
      const ended = seconds.startTimer({ operation });
      return (end) => {
        ended();
        operations.inc({ operation, answer: answerOf(end) });
        if (operation === 'admit' && end.result !== null) admissions.inc(admissionOf(end.result));
      };
    },
    committed: (batch) => {
      batches.observe(batch.operations);
      for (const [kind, count] of batch.events) {
        events.inc({ kind }, count);
        if (kind === 'usage.threshold') alerts.inc({ threshold: 'usage' }, count);
        if (kind === 'payg.threshold') alerts.inc({ threshold: 'payg' }, count);
      }
    },
  };
}

/** The answer's status, or in words what was thrown. */
function answerOf({ result, error }: OperationEnd): string {
  if (result !== null) return result.status;
  switch (error.name) {
    case 'LedgerUnavailable':
      return 'unavailable';
    case 'LedgerBusy':
      return 'busy';
    default:
      return 'fault';
  }
}

/** Refused and left runs are not admitted; all that is told beside is a reason of a handful. */
function admissionOf(result: NonNullable<OperationEnd['result']>): { answer: string; reason: string } {
  const reason = 'reason' in result && typeof result.reason === 'string' ? result.reason : '';
  const { status } = result;
  // A closed run asks again after a reset, and goes on.
  if (status === 'admitted' || status === 'closed') return { answer: 'admitted', reason: '' };
  if (status === 'waiting') return { answer: 'waiting', reason };
  return { answer: 'rejected', reason: status === 'left' ? 'left' : reason };
}

function activityMetrics(registry: Registry): ActivityObserver {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'flow_credits_block_duration_seconds',
    help: 'One attempt at a block or a metered activity, reserve and commit included.',
    labelNames: ['type', 'outcome'],
    buckets: LONG_SECONDS,
    registers,
  });
  const around = new Counter({
    name: 'flow_credits_ledger_worked_around_total',
    help: 'The ledger did not answer in time: executed without a reservation, or usage that travels with its result.',
    labelNames: ['step'],
    registers,
  });
  const deliveries = new Counter({
    name: 'flow_credits_event_deliveries_total',
    help: 'Attempts to deliver an event to the webhook; dead: the last one of an event.',
    labelNames: ['outcome'],
    registers,
  });
  for (const step of ['reserve', 'commit']) around.inc({ step }, 0);
  for (const outcome of ['delivered', 'failed', 'dead']) deliveries.inc({ outcome }, 0);
  return {
    executed: ({ type, outcome, milliseconds }) => {
      seconds.observe({ type, outcome }, milliseconds / 1000);
    },
    workedAround: (step) => {
      around.inc({ step });
    },
    delivered: (outcome) => {
      deliveries.inc({ outcome });
    },
  };
}
