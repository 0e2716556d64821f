import { type Plan } from './plan';
import { type Draft } from './settle';

/** Places in an order in which every block comes after its senders. */
function topological(plan: Plan): readonly number[] {
  const missing = plan.reaching.map((edges) => edges.length);
  const order = missing.flatMap((count, place) => (count === 0 ? [place] : []));
  for (const place of order) {
    for (const { to } of plan.leaving[place] ?? []) {
      const left = (missing[to] ?? 0) - 1;
      missing[to] = left;
      if (left === 0) order.push(to);
    }
  }
  return order;
}

/**
 * Drops the values nobody needs, and answers how many bytes are left. A value is needed by a block that has not ended,
 * by an output, and by whatever hands it on to one of these.
 */
export function compactDeliveries(draft: Draft): number {
  const { plan, statuses, deliveries, firsts } = draft;
  const needed = new Set<number>();
  let bytes = 0;
  for (const place of [...topological(plan)].reverse()) {
    const delivery = deliveries[place] ?? null;
    if (delivery === null) continue;
    const isNeeded =
      plan.blocks[place]?.type === 'output' ||
      (plan.leaving[place] ?? []).some(
        ({ port, to }) =>
          port === delivery.port &&
          // An `or` takes the first value alone.
          ((firsts[to] ?? -1) < 0 || firsts[to] === place) &&
          (statuses[to] === 'pending' ||
            statuses[to] === 'running' ||
            (needed.has(to) && deliveries[to]?.kind === 'input')),
      );
    if (isNeeded) needed.add(place);
    if (!isNeeded) deliveries[place] = { kind: 'dropped', port: delivery.port, bytes: 0 };
    else if (delivery.kind === 'value') bytes += delivery.bytes;
  }
  return bytes;
}
