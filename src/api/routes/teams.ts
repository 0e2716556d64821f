import { z } from 'zod';
import { teamIdSchema } from '../../contracts/run';
import { cursorsOf } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { unknownTeam } from '../problem';
import { cursorParam, limitParam, pageOf, teamParams } from '../schemas/common';
import { teamBody, teamSchema } from '../schemas/team';
import { documented } from '../schemas/registry';

const cursors = cursorsOf('teams', z.string());
const teamsSchema = pageOf(teamSchema).register(documented, { id: 'Teams' });

export function teamRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team',
    reads(
      'getTeam',
      {
        tag: 'teams',
        summary: 'What a team has, used and may still use',
        description: 'As of the ledger’s time: what has become due since the last run is counted in.',
      },
      { params: teamParams, response: { 200: teamSchema } },
    ),
    async ({ params: { team } }) => {
      const [version, overview] = [await reader.version(team), await reader.team(team)];
      if (overview === null || version === null) throw unknownTeam(team);
      return teamBody(overview, version);
    },
  );

  app.get(
    '/teams',
    reads(
      'listTeams',
      { tag: 'teams', summary: 'All teams', description: 'By id, each with its overview.' },
      {
        querystring: z.strictObject({
          search: teamIdSchema
            .optional()
            .register(documented, { description: 'Only teams whose id holds it, in whatever case.' }),
          cursor: cursorParam,
          limit: limitParam(50, 200),
        }),
        response: { 200: teamsSchema },
      },
    ),
    async ({ query: { search, cursor, limit } }) => {
      const found = await reader.teams({
        after: cursors.read(cursor),
        limit: limit + 1,
        ...(search === undefined ? {} : { search }),
      });
      const ids = found.slice(0, limit);
      const items: z.infer<typeof teamSchema>[] = [];
      // One after the other: a list must not take all connections of the reader.
      for (const team of ids) {
        const [version, overview] = [await reader.version(team), await reader.team(team)];
        if (overview !== null && version !== null) items.push(teamBody(overview, version));
      }
      const last = found.length > limit ? ids.at(-1) : undefined;
      return { items, nextCursor: last === undefined ? null : cursors.write(last) };
    },
  );
}
