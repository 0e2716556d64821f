import { z } from 'zod';
import {
  addCreditsSchema,
  adjustCreditsSchema,
  changePlanSchema,
  voidPackSchema,
} from '../../contracts/team';
import { answered, commandHeaders, commandIdentity, commandShape, done } from '../command';
import { type Api, commands } from '../operation';
import { type ApiOptions } from '../options';
import { millicreditsSchema, teamParams } from '../schemas/common';
import { documented, said } from '../schemas/registry';

const NOT_OF_BODIES = { requestId: true, actor: true } as const;

const planBodySchema = z
  .strictObject(changePlanSchema.omit(NOT_OF_BODIES).shape)
  .register(documented, { id: 'ChangePlan', examples: [{ plan: 'team' }] });
const packBodySchema = z.strictObject(addCreditsSchema.omit(NOT_OF_BODIES).shape).register(documented, {
  id: 'BuyPack',
  description: 'Credits in text. What was paid is kept as it is told, in any currency.',
  examples: [{ credits: '10000', paid: { amount: '80.00', currency: 'EUR', reference: 'INV-17' } }],
});
const voidBodySchema = z
  .strictObject(voidPackSchema.omit({ ...NOT_OF_BODIES, grant: true }).shape)
  .register(documented, { id: 'VoidPack', examples: [{ reason: 'ordered twice' }] });
const adjustBodySchema = z.strictObject(adjustCreditsSchema.omit(NOT_OF_BODIES).shape).register(documented, {
  id: 'AdjustCredits',
  description: 'Credits in text; negative withdraws what is available.',
  examples: [{ credits: '25', reason: 'for yesterday’s outage' }],
});

const packParams = teamParams.extend({
  pack: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_147_483_647)
    .register(documented, { description: 'The number that buying it answered.' }),
});

const planChanged = z
  .object({
    ...commandShape,
    counts: z
      .enum(['now', 'next-reset'])
      .register(documented, { description: 'A downgrade counts at the next reset.' }),
    granted: said(millicreditsSchema, 'What an upgrade brought at once.'),
  })
  .register(documented, { id: 'PlanChanged' });
const packBought = z
  .object({
    ...commandShape,
    pack: z.int().register(documented, { description: 'Its number within the team.' }),
  })
  .register(documented, { id: 'PackBought' });
const packVoided = z
  .object({ ...commandShape, withdrawn: millicreditsSchema })
  .register(documented, { id: 'PackVoided' });
const adjusted = z
  .object({ ...commandShape, millicredits: millicreditsSchema })
  .register(documented, { id: 'Adjusted' });

export function creditRoutes(app: Api, options: ApiOptions): void {
  const { client } = options;
  app.put(
    '/teams/:team/plan',
    commands(
      'changePlan',
      {
        tag: 'money',
        summary: 'Change the plan',
        description: 'An upgrade counts at once and waiting runs go; a downgrade counts at the next reset.',
      },
      { params: teamParams, headers: commandHeaders, body: planBodySchema, response: { 200: planChanged } },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { plan } = request.body;
      const answer = done(
        await answered(() => client.changePlan(request.params.team, { ...by, plan }), options),
      );
      return { idempotencyKey: by.requestId, counts: answer.counts, granted: answer.granted };
    },
  );

  app.post(
    '/teams/:team/packs',
    commands(
      'buyPack',
      {
        tag: 'money',
        summary: 'Record a pack that was bought',
        description:
          'Gives the credits; waiting runs go. On plans that have packs. What was paid is not collected here.',
      },
      { params: teamParams, headers: commandHeaders, body: packBodySchema, response: { 201: packBought } },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { credits, expiresAt, note, paid } = request.body;
      const command = {
        ...by,
        credits,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(note === undefined ? {} : { note }),
        ...(paid === undefined ? {} : { paid }),
      };
      const answer = done(await answered(() => client.addCredits(request.params.team, command), options));
      return reply.code(201).send({ idempotencyKey: by.requestId, pack: answer.grant });
    },
  );

  app.post(
    '/teams/:team/packs/:pack/void',
    commands(
      'voidPack',
      { tag: 'money', summary: 'Take a pack back', description: 'One of which nothing was used.' },
      { params: packParams, headers: commandHeaders, body: voidBodySchema, response: { 200: packVoided } },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { team, pack } = request.params;
      const command = { ...by, grant: pack, reason: request.body.reason };
      const answer = done(await answered(() => client.voidPack(team, command), options));
      return { idempotencyKey: by.requestId, withdrawn: answer.amount };
    },
  );

  app.post(
    '/teams/:team/adjustments',
    commands(
      'adjustCredits',
      {
        tag: 'money',
        summary: 'Give or withdraw credits',
        description:
          'Until the end of the period unless told. Withdrawing more than is available is refused, naming it.',
      },
      { params: teamParams, headers: commandHeaders, body: adjustBodySchema, response: { 201: adjusted } },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { credits, expiresAt, reason } = request.body;
      const command = { ...by, credits, reason, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const answer = done(await answered(() => client.adjustCredits(request.params.team, command), options));
      return reply.code(201).send({ idempotencyKey: by.requestId, millicredits: answer.amount });
    },
  );
}
