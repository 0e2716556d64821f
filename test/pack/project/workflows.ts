import { proxyActivities } from '@temporalio/workflow';
import { FAILURE, type FailureType } from 'temporal-flow-credits/workflow';
import type * as activities from './activities.js';

const { charge, summarise } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export interface Order {
  readonly id: string;
  readonly team: string;
}

/** What the package exports for workflow code can be used in the sandbox. */
const LIMIT: FailureType = FAILURE.creditLimitReached;

export async function handleOrder(order: Order): Promise<string> {
  const charged = await charge(order.id);
  const short = await summarise(order.id);
  return `${charged}; ${short}; never ${LIMIT}`;
}
