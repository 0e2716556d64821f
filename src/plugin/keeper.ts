import { type Client } from '@temporalio/client';

/** Lets waiting workflows go while a worker runs; what it gives stops it. */
export type Keeper = (client: Client) => KeeperAtWork;

/** A keeper that was begun. */
export interface KeeperAtWork {
  /** Ends it, and waits for what is under way. */
  readonly close: () => Promise<void>;
}
