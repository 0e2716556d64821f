import { z } from 'zod';
import { setPayAsYouGoSchema } from '../../contracts/team';
import { answered, commandHeaders, commandIdentity, commandShape, done } from '../command';
import { type Api, commands, reads } from '../operation';
import { type ApiOptions } from '../options';
import { unknownTeam } from '../problem';
import { millicreditsSchema, teamParams } from '../schemas/common';
import { previewBody, previewSchema } from '../schemas/payg';
import { documented, said } from '../schemas/registry';
import { malformed } from '../validation';

const previewQuery = z.strictObject({
  capUsd: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be dollars such as 25.00')
    .optional()
    .register(documented, { description: 'The cap in dollars, as a person writes it.', examples: ['25.00'] }),
  uncapped: z.enum(['true']).optional().register(documented, { description: 'Without a cap.' }),
});

const { enabled, capUsd, uncapped } = setPayAsYouGoSchema.shape;
const bodySchema = z.strictObject({ enabled, capUsd, uncapped }).register(documented, {
  id: 'SetPayAsYouGo',
  description: 'Turning it on takes either a cap in dollars or, said on purpose, `uncapped: true`.',
  examples: [{ enabled: true, capUsd: '25.00' }, { enabled: false }],
});

const doneSchema = z
  .object({
    ...commandShape,
    enabled: z.boolean(),
    stillCharged: said(millicreditsSchema, 'Held by runs under way: charged all the same, at most.'),
  })
  .register(documented, { id: 'PayAsYouGoSet' });

export function paygRoutes(app: Api, options: ApiOptions): void {
  const { client } = options;
  app.get(
    '/teams/:team/pay-as-you-go/preview',
    reads(
      'previewPayAsYouGo',
      {
        tag: 'money',
        summary: 'What turning pay-as-you-go on would do',
        description:
          'Who waits, for how much, in money; whether the team may have it; and, with a cap or `uncapped`, who would go ' +
          'at once. Changes nothing.',
      },
      { params: teamParams, querystring: previewQuery, response: { 200: previewSchema } },
    ),
    async ({ params: { team }, query: { capUsd, uncapped } }) => {
      if (capUsd !== undefined && uncapped !== undefined) {
        throw malformed('query', [
          { path: 'uncapped', message: 'must not stand beside capUsd; give one of the two' },
        ]);
      }
      const preview = await client.previewPayAsYouGo(team, {
        ...(capUsd === undefined ? {} : { capUsd }),
        ...(uncapped === undefined ? {} : { uncapped: true }),
      });
      if (preview === null) throw unknownTeam(team);
      return previewBody(preview);
    },
  );

  app.put(
    '/teams/:team/pay-as-you-go',
    commands(
      'setPayAsYouGo',
      {
        tag: 'money',
        summary: 'Turn pay-as-you-go on or off',
        description:
          'Waiting runs are released by it, in order, up to the cap. Refused on plans that do not have it.',
      },
      { params: teamParams, headers: commandHeaders, body: bodySchema, response: { 200: doneSchema } },
    ),
    async (request, reply) => {
      const { enabled, capUsd, uncapped } = request.body;
      if (enabled && (capUsd === undefined) === (uncapped === undefined)) {
        throw malformed('body', [
          { path: 'capUsd', message: 'turning it on takes either "capUsd" or "uncapped": true' },
        ]);
      }
      const by = commandIdentity(request, reply);
      const command = {
        ...by,
        enabled,
        ...(capUsd === undefined ? {} : { capUsd }),
        ...(uncapped === undefined ? {} : { uncapped }),
      };
      const answer = done(await answered(() => client.setPayAsYouGo(request.params.team, command), options));
      return { idempotencyKey: by.requestId, enabled: answer.enabled, stillCharged: answer.stillCharged };
    },
  );
}
