import {
  condition,
  defineSignal,
  executeChild,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { type OrderActivities } from './activities';

const { lookUp, notify } = proxyActivities<OrderActivities>({ startToCloseTimeout: '1 minute' });
const local = proxyLocalActivities<OrderActivities>({ startToCloseTimeout: '10s' });

/** A bit of all that a workflow may do. */
export const goOn = defineSignal('goOn');
export async function everything({ id }: { readonly id: string }): Promise<string> {
  let told = false;
  setHandler(goOn, () => {
    told = true;
  });
  await condition(() => told);
  const found = await lookUp(id);
  await sleep(1);
  await local.notify(found);
  await executeChild(small, { args: [found] });
  await notify(found);
  return found;
}

export async function small(found: string): Promise<string> {
  return Promise.resolve(found);
}
