import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type OrderActivities } from './activities';

/** Workflows that live more than once: tried again, by the clock, reset, under the same id. */

export interface Life {
  readonly team?: string;
  readonly id: string;
}

const { lookUp } = proxyActivities<OrderActivities>({ startToCloseTimeout: '1 minute' });

/** Fails once, and is tried again as another execution. */
export async function failsOnce({ id }: Life): Promise<string> {
  const found = await lookUp(id);
  if (workflowInfo().attempt === 1) throw ApplicationFailure.retryable('not yet');
  return found;
}

export async function once({ id }: Life): Promise<string> {
  return lookUp(id);
}

export async function twice({ id }: Life): Promise<string> {
  await lookUp(id);
  return lookUp(id);
}

/** Gathers what it is told until it is told the last. */
export const told = defineSignal<[string]>('told');
export async function gathers({ id }: Life): Promise<readonly string[]> {
  const all: string[] = [];
  setHandler(told, (what) => {
    all.push(what);
  });
  await condition(() => all.includes('last'));
  await lookUp(id);
  return all;
}

/** Ends at its first tick; at each later one it goes on as new, and then waits for its end. */
export async function goesOnLater({ id, round = 1 }: Life & { readonly round?: number }): Promise<string> {
  if (round > 1) await condition(() => false);
  const found = await lookUp(id);
  if (workflowInfo().lastResult === undefined) return found;
  return continueAsNew<typeof goesOnLater>({ id, round: round + 1 });
}
