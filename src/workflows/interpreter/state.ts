import { type Json } from '../../contracts/json';

export type BlockStatus = 'pending' | 'running' | 'done' | 'skipped' | 'failed';

/**
 * What a block delivered, and how many bytes a receiver gets. Only `value` holds data; the others stand for what is held
 * elsewhere: so handing a value on does not copy it.
 */
export type Delivery = { readonly port: string; readonly bytes: number } & (
  | { readonly kind: 'value'; readonly value: Json }
  /** The block's own input. */
  | { readonly kind: 'input' }
  /** What reached the block, as a list. */
  | { readonly kind: 'list' }
  /** What a nested flow was given: an item and its index, a called flow's input. */
  | { readonly kind: 'given' }
  /** Nobody needs it any more. */
  | { readonly kind: 'dropped' }
);

/** A failure of a block that ended the run (or, inside, its iteration). */
export interface RunFailure {
  /** The block's key. */
  readonly blockId: string;
  readonly type: string;
  readonly message: string;
}

/** One flow under way: the run's own, an iteration of a loop, a called flow. Lists are by a block's place in the flow. */
export interface Frame {
  readonly statuses: readonly BlockStatus[];
  readonly deliveries: readonly (Delivery | null)[];
  /** How many incoming connections of each block are undecided. */
  readonly undecided: readonly number[];
  /** For each `or`, the place of the sender that was first; -1 for none yet, and for all other blocks. */
  readonly firsts: readonly number[];
  /** Places of the blocks that may begin, in the order they became ready. */
  readonly ready: readonly number[];
  /** When running delays end: place and milliseconds since 1970. */
  readonly deadlines: readonly (readonly [place: number, at: number])[];
  /** Loops and called flows under way, by the place of their block. */
  readonly loops: readonly (readonly [place: number, loop: Loop])[];
}

/** A `for`, `repeat` or `flow` block under way. A call is a loop that goes round once. */
export interface Loop {
  /** How many iterations there will be; null where `while` says so each time. */
  readonly total: number | null;
  /** The index of the next iteration to begin. */
  readonly next: number;
  /** How many have ended. Of them only what is gathered is kept. */
  readonly done: number;
  /** What `items` yielded; null where the list is in the config or in the block's input. */
  readonly items: readonly Json[] | null;
  /** Iterations under way. */
  readonly open: readonly (readonly [index: number, frame: Frame])[];
  /**
   * Results, oldest first, in lists each of which is longer than the next: so adding one copies little. With several
   * iterations at a time each is `[index, result]`. Empty where nobody wants them.
   */
  readonly gathered: readonly (readonly Json[])[];
  /** Bytes of what is gathered. */
  readonly gatheredBytes: number;
  /** What the iteration before delivered, for `while`. */
  readonly last: Json;
  /** Bytes of `items` and `last`. */
  readonly bytes: number;
  /** What the block is ready for, or at, beside its iterations: its `while` is asked, or it only takes a breath. */
  readonly waits: 'while' | 'rest' | null;
}

/**
 * All there is to know about a run of one flow: plain JSON, never changed in place. The flow, which is pinned by its hash,
 * says what the places mean.
 */
export interface FlowState extends Frame {
  readonly version: 1;
  /** Bytes of all values held, and of the iterations under way. */
  readonly bytes: number;
  readonly failure: RunFailure | null;
  /** How often iterations were given up because one beside them failed. What they had under way is nobody's any more. */
  readonly abandoned: number;
}
