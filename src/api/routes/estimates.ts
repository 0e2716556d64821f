import { z } from 'zod';
import { BLOCKS } from '../../contracts/blocks';
import { linked } from '../../contracts/blocks-nested';
import { locationSchema, triggerSchema, LOCATIONS, TRIGGERS } from '../../contracts/context';
import { flowSchema, type Fault } from '../../contracts/flow';
import { catalogForRunner } from '../../contracts/own-blocks';
import { validateFlow } from '../../contracts/validate-flow';
import {
  contextOf,
  estimate,
  flowPriceFaults,
  knownBlockTypes,
  PricingRefusal,
  type PortsOf,
} from '../../pricing';
import { type Api, commands } from '../operation';
import { type ApiOptions } from '../options';
import { Problem } from '../problem';
import { millicreditsSchema } from '../schemas/common';
import { documented, said } from '../schemas/registry';
import { malformed } from '../validation';
import { FLOW_MOST_BYTES } from './run-commands';

const bodySchema = z
  .strictObject({
    flow: flowSchema,
    flows: z.record(z.string(), flowSchema).optional(),
    trigger: triggerSchema.default('api'),
    location: locationSchema.optional(),
    cloudRun: z.boolean().optional(),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .register(documented, { description: 'By the rate card in force then; left out: now.' }),
  })
  .register(documented, {
    id: 'EstimateFlow',
    examples: [
      {
        trigger: 'api',
        flow: {
          name: 'fetch',
          blocks: [
            { id: 'start', type: 'start' },
            { id: 'fetch', type: 'http-request', config: { url: 'https://api.example/orders' } },
          ],
          connections: [{ from: 'start', to: 'fetch' }],
        },
      },
    ],
  });

const estimateSchema = z
  .object({
    rateCard: z.string(),
    trigger: z.enum(TRIGGERS),
    location: z.enum(LOCATIONS),
    requiresCredits: z
      .boolean()
      .register(documented, { description: 'Whether it waits when there are none.' }),
    least: said(millicreditsSchema, 'If no block fails.'),
    likely: said(
      millicreditsSchema,
      'The dearest branch; known loop counts else one, one model call; of likely tokens where those are its price.',
    ),
    most: millicreditsSchema.nullable().register(documented, { description: 'Null: nothing bounds it.' }),
  })
  .register(documented, { id: 'Estimate', description: 'What a run of a flow would be charged.' });

export function estimateRoutes(app: Api, { reader, pricing, blocks = BLOCKS }: ApiOptions): void {
  app.post(
    '/estimates',
    {
      ...commands(
        'estimateFlow',
        {
          tag: 'prices',
          summary: 'What a run of a flow would cost',
          description:
            'Least, likely and most, by the rate card in force. 422 names each fault of the flow by its path.',
        },
        { body: bodySchema, response: { 200: estimateSchema } },
      ),
      bodyLimit: FLOW_MOST_BYTES,
    },
    async ({ body }) => {
      const { trigger, location, cloudRun, at } = body;
      const priced = contextOf({ trigger, location, cloudRun });
      if ('faults' in priced) throw malformed('body', priced.faults);
      const { context } = priced;
      const card = pricing.cardAt(at === undefined ? await reader.now() : Date.parse(at));
      if (card === null)
        throw badFlow([{ path: 'at', message: `no rate card was in force at ${at ?? 'present'}` }]);
      // Which services a private runner has, the platform does not know.
      const known = context.location === 'private-runner' ? catalogForRunner(blocks) : blocks;
      const validated = validateFlow(body.flow, { blocks: known, flows: body.flows });
      if (!validated.ok) throw badFlow(validated.faults);
      const flow = linked(validated.flow, validated.flows ?? {});
      const types = [...new Set([...knownBlockTypes(pricing.cards), ...blocks.keys()])];
      const faults = flowPriceFaults(flow, card, types);
      if (faults.length > 0) throw badFlow(faults);
      const ports: PortsOf = ({ type, config }) => blocks.get(type)?.ports(config) ?? null;
      const { least, likely, most } = orBadFlow(() => estimate(flow, context, card, { ports }));
      return { rateCard: card.id, ...context, requiresCredits: most !== '0', least, likely, most };
    },
  );
}

function badFlow(faults: readonly Fault[]): Problem {
  const [first] = faults;
  return new Problem('bad-flow', first?.message ?? 'the flow is faulty', {
    errors: faults.map((fault) => ({ in: 'body', ...fault })),
  });
}

/** A loop's body is looked into only when it is priced. */
function orBadFlow<T>(price: () => T): T {
  try {
    return price();
  } catch (error) {
    if (error instanceof PricingRefusal) throw badFlow([{ path: error.path, message: error.reason }]);
    throw error;
  }
}
