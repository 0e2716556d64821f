import { type Client } from '@temporalio/client';

/** Lets waiting workflows go while a worker runs; what it gives stops it. */
export type Keeper = (client: Client) => { readonly close: () => Promise<void> };
