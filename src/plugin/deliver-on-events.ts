import { type Client } from '@temporalio/client';
import { Webhook, type EventDeps, type EventSettings } from '../activities';
import { wakeDelivery, type DeliveryOptions } from '../client/events';
import { type EventListener, type Outbox } from '../ledger';
import { coalesce } from './coalesce';

/** Where pay-as-you-go is on every charge is an event: a second of them is one signal. */
const QUIET_MS = 1_000;
const DEFAULT_KEEP_DAYS = 30;

/** What holds events and tells of them: `Ledger` of `ledger/` does. */
export interface EventSource {
  readonly outbox: Outbox;
  /** Gives the function that stops listening. */
  onEvents(listener: EventListener): () => void;
}

export interface Delivery {
  readonly deps: EventDeps;
  /** Has what was left from before delivered. */
  readonly begin: () => void;
  /** Stops listening, waits for the signals under way, and closes the webhook's connections. */
  readonly close: () => Promise<void>;
}

/**
 * Starts `deliverEvents`, or tells the one that runs, after each transaction that wrote an event the webhook is to have;
 * coalesced. Without a webhook it starts nothing. A signal that fails is left to `reconcile`, which finds what is due.
 * Throws an `Error` that says what is wrong with the settings.
 */
export function deliverOnEvents(
  client: Client,
  source: EventSource,
  { webhook: options, keepDays = DEFAULT_KEEP_DAYS }: EventSettings,
  onError: (error: unknown) => void,
  delivery: DeliveryOptions = {},
): Delivery {
  const webhook = options === undefined ? null : new Webhook(options);
  const wake = (): Promise<void> => wakeDelivery(client, delivery);
  const coalesced = coalesce(wake, QUIET_MS, onError);
  const begin = (): void => {
    if (webhook !== null) coalesced.call();
  };
  const stopListening = source.onEvents((kinds) => {
    if (webhook?.kinds?.some((kind) => kinds.has(kind)) !== false) begin();
  });
  return {
    deps: { outbox: source.outbox, webhook, keepDays, wake },
    begin,
    close: async () => {
      stopListening();
      await coalesced.close();
      await webhook?.close();
    },
  };
}
