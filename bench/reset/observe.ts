import { credits } from '../../src/contracts/millicredits';
import { type Ledger } from '../../src/ledger';

const EVERY_MS = 200;
const MEGABYTE = 2 ** 20;

/** Memory of this process in MB, over some work. */
export interface MemoryFigures {
  readonly before: number;
  readonly peak: number;
  /** Medians of the second and of the last quarter: what does not grow with the work stays. */
  readonly secondQuarter: number;
  readonly lastQuarter: number;
}

/** Samples the memory until it is told to stop. */
export function watchMemory(): () => MemoryFigures {
  const now = (): number => Math.round(process.memoryUsage.rss() / MEGABYTE);
  const samples = [now()];
  const timer = setInterval(() => samples.push(now()), EVERY_MS);
  return () => {
    clearInterval(timer);
    samples.push(now());
    const quarter = Math.max(1, Math.floor(samples.length / 4));
    return {
      before: samples[0] ?? 0,
      peak: Math.max(...samples),
      secondQuarter: quantile(samples.slice(quarter, 2 * quarter), 0.5),
      lastQuarter: quantile(samples.slice(-quarter), 0.5),
    };
  };
}

/** What a caller of another team sees, in milliseconds. */
export interface BystanderFigures {
  readonly reserves: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Reserves and gives back for a run of its own, one after the other, until it is told to stop. */
export function bystander(ledger: Ledger, run: BystanderRun): () => Promise<BystanderFigures> {
  const latencies: number[] = [];
  const stopping = new AbortController();
  const reserving = (async () => {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      const of = { ...run, key: `k${number}` };
      const begun = performance.now();
      await ledger.submit({ kind: 'reserve', ...of, amount: credits(1) });
      latencies.push(performance.now() - begun);
      await ledger.submit({ kind: 'unreserve', ...of });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return async () => {
    stopping.abort();
    await reserving;
    return {
      reserves: latencies.length,
      p50Ms: round(quantile(latencies, 0.5)),
      p99Ms: round(quantile(latencies, 0.99)),
      maxMs: round(quantile(latencies, 1)),
    };
  };
}

export interface BystanderRun {
  readonly team: string;
  readonly runId: string;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
