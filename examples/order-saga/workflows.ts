import { CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import { type OrderActivities } from './activities';

export interface Order {
  readonly teamId: string;
  readonly orderId: string;
}

const { reserveStock, chargeCard, ship, refundCard, releaseStock } = proxyActivities<OrderActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '200ms' },
});

/** Step by step; what fails undoes, last first, what was done before it. */
export async function orderSaga({ orderId }: Order): Promise<string> {
  const undo: (() => Promise<void>)[] = [];
  try {
    await reserveStock(orderId);
    undo.push(() => releaseStock(orderId));
    await chargeCard(orderId);
    undo.push(() => refundCard(orderId));
    return await ship(orderId);
  } catch (error) {
    log.warn('undoing an order', { orderId, error });
    await CancellationScope.nonCancellable(async () => {
      for (const step of undo.reverse()) await step();
    });
    throw error;
  }
}
