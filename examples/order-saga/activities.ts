import { ApplicationFailure } from '@temporalio/activity';

/** The shop's services, one POST each: `SHOP_URL/ORDER/STEP`. 409 is an answer, all else is tried again. */
export interface OrderActivities {
  reserveStock(orderId: string): Promise<void>;
  chargeCard(orderId: string): Promise<void>;
  ship(orderId: string): Promise<string>;
  refundCard(orderId: string): Promise<void>;
  releaseStock(orderId: string): Promise<void>;
}

export function orderActivities(shopUrl: string): OrderActivities {
  async function call(orderId: string, step: string): Promise<string> {
    const response = await fetch(`${shopUrl}/${orderId}/${step}`, { method: 'POST' });
    if (response.status === 409) throw ApplicationFailure.nonRetryable(await response.text(), 'Declined');
    if (!response.ok) throw new Error(`${step} of order "${orderId}": ${String(response.status)}`);
    return response.text();
  }
  return {
    reserveStock: async (orderId) => {
      await call(orderId, 'reserve-stock');
    },
    chargeCard: async (orderId) => {
      await call(orderId, 'charge-card');
    },
    ship: (orderId) => call(orderId, 'ship'),
    refundCard: async (orderId) => {
      await call(orderId, 'refund-card');
    },
    releaseStock: async (orderId) => {
      await call(orderId, 'release-stock');
    },
  };
}
