import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type OrderActivities } from './activities';

/** Workflows as a platform has them: nothing in them knows of credits. */

export interface Order {
  readonly team?: string;
  readonly id: string;
  readonly failing?: boolean;
  readonly rounds?: number;
}

const { lookUp, notify, summarise } = proxyActivities<OrderActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 2, initialInterval: '10ms' },
});

export async function handleOrder(order: Order): Promise<string> {
  const found = await lookUp(order.id);
  await notify(found);
  return found;
}

/** Waits between two activities for somebody's word. */
export const goOn = defineSignal('goOn');
export async function handleInTwoSteps(order: Order): Promise<string> {
  let told = false;
  setHandler(goOn, () => {
    told = true;
  });
  await lookUp(order.id);
  await condition(() => told);
  return lookUp(order.id);
}

export async function summariseOrder(order: Order): Promise<string> {
  return summarise(order.id, order.failing ?? false);
}

export async function handleInRounds({ rounds = 1, ...order }: Order): Promise<string> {
  const found = await lookUp(order.id);
  if (rounds > 1) await continueAsNew<typeof handleInRounds>({ ...order, rounds: rounds - 1 });
  return found;
}

/** Answers an update that may come before it was admitted. */
export const double = defineUpdate<number, [number]>('double');
export async function answering(_order: Order): Promise<string> {
  let answered = false;
  setHandler(double, (value) => {
    answered = true;
    return value * 2;
  });
  await condition(() => answered);
  return 'answered';
}

/** Fails at the end of its rounds, once. */
export async function failsInRounds({ rounds = 1, ...order }: Order): Promise<string> {
  const found = await lookUp(order.id);
  if (workflowInfo().attempt > 1) return found;
  if (rounds > 1) await continueAsNew<typeof failsInRounds>({ ...order, rounds: rounds - 1 });
  throw ApplicationFailure.retryable('not yet');
}
