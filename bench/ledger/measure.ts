import { type Workload } from './contender';

let keys = 0;

/** Operations per second (a reserve is one, a commit is one) of so many callers, each one operation at a time. */
export async function operationsPerSecond(
  work: Workload,
  callers: number,
  milliseconds: number,
): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + milliseconds;
  let operations = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < until) {
        keys += 1;
        const key = `block-${keys}`;
        await work.reserve(caller, key);
        await work.commit(caller, key);
        operations += 2;
      }
    }),
  );
  return (operations * 1000) / (performance.now() - startedAt);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
