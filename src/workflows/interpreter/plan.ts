import { nestedIn } from '../../contracts/blocks-nested';
import { type Block, type Flow } from '../../contracts/flow';

/** A connection by the places of its blocks in the flow, with its port spelled out. */
export interface Edge {
  readonly from: number;
  readonly port: string;
  readonly to: number;
}

/** A flow with its connections looked up once. */
export interface Plan {
  readonly blocks: readonly Block[];
  readonly places: ReadonlyMap<string, number>;
  /** Edges that leave and that reach each block, in the flow's order. */
  readonly leaving: readonly (readonly Edge[])[];
  readonly reaching: readonly (readonly Edge[])[];
  /** Places of the `output` blocks. */
  readonly outputs: readonly number[];
}

export const DEFAULT_PORT = 'out';
export const ERROR_PORT = 'error';

const plans = new WeakMap<Flow, Plan>();

/** The flow's plan; made once per flow object. A connection to a block that is not there is left out. */
export function planOf(flow: Flow): Plan {
  const known = plans.get(flow);
  if (known !== undefined) return known;
  const plan = makePlan(flow);
  plans.set(flow, plan);
  return plan;
}

function makePlan({ blocks, connections }: Flow): Plan {
  const places = new Map(blocks.map((block, place) => [block.id, place]));
  const leaving: Edge[][] = blocks.map(() => []);
  const reaching: Edge[][] = blocks.map(() => []);
  for (const { from, port = DEFAULT_PORT, to } of connections) {
    const sender = places.get(from);
    const receiver = places.get(to);
    if (sender === undefined || receiver === undefined) continue;
    const edge = { from: sender, port, to: receiver };
    leaving[sender]?.push(edge);
    reaching[receiver]?.push(edge);
  }
  const outputs = blocks.flatMap((block, place) => (block.type === 'output' ? [place] : []));
  return { blocks, places, leaving, reaching, outputs };
}

/** The place of a block in its flow. Throws `RangeError` on an id the flow does not have. */
export function placeOf(plan: Plan, blockId: string): number {
  const place = plan.places.get(blockId);
  if (place === undefined) throw new RangeError(`the flow has no block "${blockId}"`);
  return place;
}

/** The block at a place that is known to have one. */
export function blockAt(plan: Plan, place: number): Block {
  const block = plan.blocks[place];
  if (block === undefined) throw new RangeError(`the flow has no block ${place}`);
  return block;
}

/** Blocks the interpreter ends by itself: they hand on what reaches them. */
export function endsByItself({ type }: Block): boolean {
  return type === 'start' || type === 'output' || type === 'collect';
}

/** Blocks that run a nested flow: a loop its body, a call the called one. */
export function isLoop({ type }: Block): boolean {
  return type === 'for' || type === 'repeat' || type === 'flow';
}

/** The plan of the flow a block runs. Throws `RangeError` where there is none: a call that is not linked. */
export function nestedPlan(block: Block): Plan {
  const flow = nestedIn(block);
  if (flow === null) throw new RangeError(`block "${block.id}" has no flow to run`);
  return planOf(flow);
}
