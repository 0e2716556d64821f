import { type Json } from '../../contracts/json';

/** Results of a loop so far: lists, each longer than the next. */
type Gathered = readonly (readonly Json[])[];

/**
 * One result more. Lists of the same length are joined, as in counting to two: n results take n log n copies in all,
 * and a step is not the slower for what has gone before.
 */
export function gather(lists: Gathered, result: Json): Gathered {
  const next: (readonly Json[])[] = [...lists, [result]];
  for (;;) {
    const [last, before] = [next.at(-1), next.at(-2)];
    if (last === undefined || before === undefined || before.length > last.length) return next;
    next.splice(-2, 2, [...before, ...last]);
  }
}

/** All results in the order of their iterations. `indexed`: each came with its index. */
export function gathered(lists: Gathered, indexed: boolean): Json[] {
  const all = lists.flat();
  if (!indexed) return all;
  const pairs = all.map((pair): readonly [number, Json] =>
    Array.isArray(pair) && typeof pair[0] === 'number' ? [pair[0], pair[1] ?? null] : [0, null],
  );
  return pairs.sort(([a], [b]) => a - b).map(([, value]) => value);
}
