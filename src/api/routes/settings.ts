import { z } from 'zod';
import { setTeamStatusSchema, upsertTeamSchema } from '../../contracts/team';
import { teamIdSchema } from '../../contracts/run';
import { answered, commandHeaders, commandIdentity, commandShape, done } from '../command';
import { type Api, commands } from '../operation';
import { type ApiOptions } from '../options';
import { teamParams } from '../schemas/common';
import { documented, said } from '../schemas/registry';

const teamBodySchema = z
  .strictObject(upsertTeamSchema.omit({ requestId: true, actor: true }).shape)
  .register(documented, {
    id: 'PutTeam',
    description:
      'What is left out stays as it is. Anchor and zone are for good; `openingCredits` count at creation.',
    examples: [{ plan: 'team', anchor: '2026-11-01T00:00:00', timeZone: 'Europe/Berlin' }],
  });
const statusBodySchema = z
  .strictObject(setTeamStatusSchema.omit({ requestId: true, actor: true }).shape)
  .register(documented, { id: 'SetTeamStatus', examples: [{ status: 'suspended' }] });

const putTeamParams = z.object({
  team: said(teamIdSchema, 'The team’s id, which it keeps for good.', 'acme'),
});

const teamPut = z
  .object({ ...commandShape, team: z.string(), outcome: z.enum(['created', 'updated', 'unchanged']) })
  .register(documented, { id: 'TeamPut' });
const statusSet = z
  .object({ ...commandShape, status: setTeamStatusSchema.shape.status })
  .register(documented, { id: 'TeamStatusSet' });

export function settingRoutes(app: Api, options: ApiOptions): void {
  const { client } = options;
  app.put(
    '/teams/:team',
    commands(
      'putTeam',
      {
        tag: 'teams',
        summary: 'Create a team, or bring its settings up to date',
        description:
          'Idempotent by itself: putting the same again under another key, or under none, answers `unchanged`.',
      },
      {
        params: putTeamParams,
        headers: commandHeaders,
        body: teamBodySchema,
        response: { 200: teamPut, 201: teamPut },
      },
    ),
    async (request, reply) => {
      const { team } = request.params;
      const by = commandIdentity(request, reply);
      const asked = () => client.upsertTeam(team, { ...defined(request.body), ...by });
      const { status: outcome } = done(await answered(asked, options));
      return reply
        .code(outcome === 'created' ? 201 : 200)
        .send({ idempotencyKey: by.requestId, team, outcome });
    },
  );

  app.put(
    '/teams/:team/status',
    commands(
      'setTeamStatus',
      {
        tag: 'teams',
        summary: 'Suspend, activate or close a team',
        description:
          'Of a suspended team nothing new is admitted; what is under way completes. Closing is for good.',
      },
      { params: teamParams, headers: commandHeaders, body: statusBodySchema, response: { 200: statusSet } },
    ),
    async (request, reply) => {
      const by = commandIdentity(request, reply);
      const { status } = request.body;
      done(await answered(() => client.setTeamStatus(request.params.team, { ...by, status }), options));
      return { idempotencyKey: by.requestId, status };
    },
  );
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without members that are there and undefined: a payload says what it says. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
