/** The samples of a scrape, by name and labels as they are written. */
export function samplesIn(scrape: string): ReadonlyMap<string, number> {
  const lines = scrape.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** Asks a process of ours. */
export async function scrape(base: string): Promise<ReadonlyMap<string, number>> {
  return samplesIn(await (await fetch(`${base}/metrics`)).text());
}

const LATENCY = 'flow_credits_ledger_operation_duration_seconds_count';

/** What an operator is promised to see, each by one of its samples. */
const PROMISED = {
  queueDepth: 'flow_credits_ledger_queue_operations',
  batches: 'flow_credits_ledger_batch_operations_count',
  reserves: `${LATENCY}{operation="reserve"}`,
  commits: `${LATENCY}{operation="commit"}`,
  waiting: 'flow_credits_waiting_runs',
  releases: 'flow_credits_events_total{kind="run.released"}',
  resets: 'flow_credits_events_total{kind="period.reset"}',
  overdraft: 'flow_credits_overdraft_credits',
  alerts: 'flow_credits_alerts_total{threshold="usage"}',
} as const;

/** Of a scrape, what is promised; undefined what is not there. */
export function promisedOf(samples: ReadonlyMap<string, number>): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(PROMISED).map(([what, name]) => [what, samples.get(name)]));
}
