import { type Client } from '@temporalio/client';
import { type DeliverEventsInput, type RetryEvents } from '../contracts/events';
import { deliverEventsId, EVENTS, TASK_QUEUE, WORKFLOWS } from '../contracts/names';
import { untilTaken } from './team-billing';

/** How the delivery of events is started. */
export interface DeliveryOptions extends Omit<DeliverEventsInput, 'retries' | 'refused'> {
  /** Left out: our worker's own. */
  readonly taskQueue?: string;
}

/** What `flow-credits.events` is started with, if it does not run. */
function starting({ taskQueue = TASK_QUEUE, ...input }: DeliveryOptions): {
  workflowId: string;
  taskQueue: string;
  args: [DeliverEventsInput];
} {
  return { workflowId: deliverEventsId(taskQueue), taskQueue, args: [input] };
}

/** Tells delivery that there are events. Any number of calls is as good as one. */
export async function wakeDelivery(client: Client, options: DeliveryOptions = {}): Promise<void> {
  await untilTaken(() =>
    client.workflow.signalWithStart(WORKFLOWS.deliverEvents, { ...starting(options), signal: EVENTS.wake }),
  );
}

/** Has dead events put back and delivered again. Safe to repeat: what is not dead is left alone. */
export async function retryEvents(
  client: Client,
  which: RetryEvents,
  options: DeliveryOptions = {},
): Promise<void> {
  await untilTaken(() =>
    client.workflow.signalWithStart(WORKFLOWS.deliverEvents, {
      ...starting(options),
      signal: EVENTS.retry,
      signalArgs: [which],
    }),
  );
}
