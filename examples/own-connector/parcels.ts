import { createHmac } from 'node:crypto';
import { BlockError, defineConnector } from 'temporal-flow-credits';
import { z } from 'zod';

const address = z.object({ name: z.string().min(1), country: z.string().length(2) });

/**
 * A carrier whose requests are signed: its key goes into a signature and nowhere else, so no file of services could say
 * how to call it.
 */
export const parcels = defineConnector({
  service: 'parcels',
  description: 'Quotes and books parcels with our carrier.',
  // Looked up for the run's team, right before each call. A flow names neither.
  credentials: { url: '{{secret:PARCELS_URL}}', key: '{{secret:PARCELS_KEY}}' },
  operations: {
    quote: {
      description: 'What a parcel would cost, as {cents}.',
      parameters: z.object({ to: address, grams: z.int().min(1).max(30_000) }),
      // Asking twice does no harm.
      repeatable: true,
      execute: async ({ parameters, credentials, signal }) => {
        const { cents } = quoteSchema.parse(await post('/quotes', parameters, credentials, signal));
        return { cents };
      },
    },
    book: {
      description: 'Books a parcel, as {tracking}. The same order is booked once.',
      parameters: z.object({ order: z.string().min(1), to: address, grams: z.int().min(1).max(30_000) }),
      execute: async ({ parameters, credentials, signal }) => {
        const { tracking } = bookingSchema.parse(await post('/bookings', parameters, credentials, signal));
        return { tracking };
      },
    },
  },
});

const quoteSchema = z.object({ cents: z.int().nonnegative() });
const bookingSchema = z.object({ tracking: z.string() });

async function post(
  path: string,
  body: object,
  { url, key }: { readonly url: string; readonly key: string },
  signal: AbortSignal,
): Promise<unknown> {
  const text = JSON.stringify(body);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': signature },
    body: text,
    signal,
  });
  if (response.ok) return response.json();
  // Named, so that a flow can tell it by its `error` port; a carrier that is busy has done nothing, and is asked again.
  throw new BlockError(
    'ParcelsRefused',
    `the carrier answered ${response.status}: ${await response.text()}`,
    {
      retryable: response.status === 503,
    },
  );
}
