import { type Client, type WorkflowHandle } from '@temporalio/client';

/** A way to run a flow that is measured against others. */
export interface Contender {
  readonly name: string;
  readonly start: (index: number) => Promise<WorkflowHandle>;
}

export interface Round {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

export interface Figures {
  readonly name: string;
  readonly runsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly historyEvents: number;
  readonly actions: number;
}

/** Runs `runs` of them, so many at a time. */
export async function round(contender: Contender, runs: number, concurrency: number): Promise<Round> {
  const latenciesMs: number[] = [];
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < runs) {
        const index = next;
        next += 1;
        const started = performance.now();
        const handle = await contender.start(index);
        await handle.result();
        latenciesMs.push(performance.now() - started);
      }
    }),
  );
  return { seconds: (performance.now() - begun) / 1000, latenciesMs };
}

export function figuresOf(
  name: string,
  rounds: readonly Round[],
  counts: { readonly historyEvents: number; readonly actions: number },
): Figures {
  const latencies = rounds.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
  return {
    name,
    runsPerSecond: median(rounds.map(({ latenciesMs, seconds }) => latenciesMs.length / seconds)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    ...counts,
  };
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

/**
 * History events of one run, and its actions as Temporal Cloud bills them: the start, each activity, timer, signal,
 * update and attribute upsert; local activities count one for each workflow task that has some.
 */
export async function countsOf(
  client: Client,
  handle: WorkflowHandle,
): Promise<{ historyEvents: number; actions: number }> {
  const { events } = await client.workflow.getHandle(handle.workflowId).fetchHistory();
  const list = events ?? [];
  let actions = 1;
  const tasksWithLocals = new Set<string>();
  for (const event of list) {
    if (
      event.activityTaskScheduledEventAttributes ||
      event.timerStartedEventAttributes ||
      event.workflowExecutionSignaledEventAttributes ||
      event.workflowExecutionUpdateAcceptedEventAttributes ||
      event.upsertWorkflowSearchAttributesEventAttributes
    ) {
      actions += 1;
    }
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === 'core_local_activity') {
      tasksWithLocals.add(String(marker.workflowTaskCompletedEventId));
    }
  }
  return { historyEvents: list.length, actions: actions + tasksWithLocals.size };
}
