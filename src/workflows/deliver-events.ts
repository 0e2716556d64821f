import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type DeliverEventsInput, type DeliverEventsView, type RetryEvents } from '../contracts/events';
import { EVENTS } from '../contracts/names';
import { regular } from './our-activities';

const DEFAULT_LINGER_MS = 5_000;
const DEFAULT_PAGE = 100;
/** While the webhook takes nothing, it is tried after so long, and twice as long each further time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export const wakeDelivery = defineSignal(EVENTS.wake);
export const retryEvents = defineSignal<[RetryEvents?]>(EVENTS.retry);
export const deliveryQuery = defineQuery<DeliverEventsView>(EVENTS.view);

/**
 * Delivers events to the worker's webhook, page by page, until none is left. Started by whoever has news, gone some
 * seconds after there is none; while an event waits for its next attempt, it sleeps until then. Where the events go it
 * does not know.
 */
export async function deliverEvents(input: DeliverEventsInput = {}): Promise<void> {
  const { lingerMs = DEFAULT_LINGER_MS, pageSize = DEFAULT_PAGE } = input;
  const retries: RetryEvents[] = [...(input.retries ?? [])];
  let refused = input.refused ?? 0;
  // A fresh execution has news: whoever started it.
  let news = true;
  let [delivered, failed, dead, retried] = [0, 0, 0, 0];
  let waits: DeliverEventsView['waits'] = null;

  setHandler(wakeDelivery, () => {
    news = true;
  });
  setHandler(retryEvents, (which = {}) => {
    retries.push(which);
  });
  setHandler(deliveryQuery, () => ({ delivered, failed, dead, retried, waits }));

  for (;;) {
    for (let [which] = retries; which !== undefined; [which] = retries) {
      retried += (await regular['flowCredits.retryEvents'](which)).retried;
      retries.shift();
    }
    news = false;
    const page = await regular['flowCredits.deliverEventsPage']({ limit: pageSize });
    delivered += page.delivered;
    failed += page.failed;
    dead += page.dead;
    if (page.refused) refused += 1;
    else if (page.delivered > 0) refused = 0;
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof deliverEvents>({ lingerMs, pageSize, retries, refused });
    }
    const { nextDueInMs } = page;
    if (page.refused) {
      // Who sends dead events again knows that the webhook is back.
      await until('webhook', Math.max(page.pauseMs ?? 0, pauseOf(refused)), () => retries.length > 0);
    } else if (nextDueInMs === null) {
      await until('news', page.webhook ? lingerMs : 0, hasWork);
      if (!hasWork()) return;
    } else if (nextDueInMs > 0) {
      await until('next-attempt', nextDueInMs, hasWork);
    }
  }

  function hasWork(): boolean {
    return news || retries.length > 0;
  }

  async function until(what: DeliverEventsView['waits'], ms: number, come: () => boolean): Promise<void> {
    waits = what;
    await condition(come, ms);
    waits = null;
  }
}

function pauseOf(times: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (times - 1));
}
