import { heldBytes } from './loop-values';
import { blockAt, nestedPlan, type Plan } from './plan';
import { type Delivery, type Frame, type Loop } from './state';

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

/** A block that has no value of its own hands on what it got. */
function handsOn(delivery: Delivery | null | undefined): boolean {
  return delivery?.kind === 'input' || delivery?.kind === 'list';
}

/**
 * The deliveries without the values nobody needs. A value is needed by a block that has not ended, by an output, and by
 * whatever hands it on to one of these.
 */
function needed(plan: Plan, { statuses, deliveries, firsts }: Frame): (Delivery | null)[] {
  const kept = [...deliveries];
  const places = new Set<number>();
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
            (places.has(to) && handsOn(deliveries[to]))),
      );
    if (isNeeded) places.add(place);
    else kept[place] = { kind: 'dropped', port: delivery.port, bytes: 0 };
  }
  return kept;
}

/** A flow under way, and all within it, without the values nobody needs. */
export function compactFrame<F extends Frame>(plan: Plan, frame: F): F {
  const loops = frame.loops.map(([place, loop]): readonly [number, Loop] => {
    const inner = nestedPlan(blockAt(plan, place));
    const open = loop.open.map(([index, each]) => [index, compactFrame(inner, each)] as const);
    return [place, { ...loop, open }];
  });
  return { ...frame, deliveries: needed(plan, frame), loops };
}

/** Bytes a run's own flow holds, the flows within it included. */
export function totalBytes(plan: Plan, frame: Frame): number {
  const none = { deliveries: [], loops: [] };
  return heldBytes(plan, frame) - heldBytes(plan, none);
}
