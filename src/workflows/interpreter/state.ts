import { type Json } from '../../contracts/json';

export type BlockStatus = 'pending' | 'running' | 'done' | 'skipped' | 'failed';

/**
 * What a block delivered, and how many bytes a receiver gets. Only `value` holds data; `input` stands for the block's
 * own input: so handing a value on does not copy it.
 */
export type Delivery = { readonly port: string; readonly bytes: number } & (
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'input' }
  /** Nobody needs it any more. */
  | { readonly kind: 'dropped' }
);

/** A failure of a block that ended the run. */
export interface RunFailure {
  readonly blockId: string;
  readonly type: string;
  readonly message: string;
}

/**
 * All there is to know about a run of one flow: plain JSON, never changed in place. Lists are by a block's place in the
 * flow, which is pinned by its hash.
 */
export interface FlowState {
  readonly version: 1;
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
  /** Bytes of all values held. */
  readonly bytes: number;
  readonly failure: RunFailure | null;
}
