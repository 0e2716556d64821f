import { z } from 'zod';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, SMALL_PLACE } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { unknownTeam } from '../problem';
import { cursorParam, tableLimitParam, teamParams } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import { inLineBody, lineSchema, type InLineBody } from '../schemas/line';
import { inCredits, moment } from '../wire';

/** The arrival of the last run of a page: those before it may go meanwhile, and nobody is left out. */
const cursors = cursorsOf('line', SMALL_PLACE);

const SIZES = { usual: 100, most: 1_000 };

const TABLE = {
  columns: {
    place: (run: InLineBody) => run.place,
    runId: (run: InLineBody) => run.runId,
    workflowId: (run: InLineBody) => run.workflowId,
    flow: (run: InLineBody) => run.flow,
    trigger: (run: InLineBody) => run.trigger,
    since: (run: InLineBody) => run.since,
    holdCredits: (run: InLineBody) => inCredits(run.hold),
    likelyCredits: (run: InLineBody) => inCredits(run.likely),
    reason: (run: InLineBody) => run.reason,
    goesAt: (run: InLineBody) => run.goes?.at ?? null,
  },
};

export function lineRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/line',
    reads(
      'getLine',
      {
        tag: 'line',
        summary: 'Who waits for credits, and why',
        description:
          'In order, each with when it goes if nothing changes: nobody pays, buys, gives up or stops.',
      },
      {
        params: teamParams,
        querystring: z.strictObject({ cursor: cursorParam, limit: tableLimitParam(SIZES) }),
        response: { 200: jsonOrCsv('The line, from its head on.', lineSchema) },
      },
    ),
    async (request, reply) => {
      const { team } = request.params;
      const { cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const afterArrival = cursors.read(cursor) ?? 0;
      const [overview, found] = [
        await reader.team(team),
        await reader.line(team, { afterArrival, limit: limit + 1 }),
      ];
      if (overview === null) throw unknownTeam(team);
      const { page, last } = cut(found, limit);
      const body = {
        items: page.map(inLineBody),
        nextCursor: last === null ? null : cursors.write(last.arrival),
        waiting: overview.waiting,
        nextReset: moment(overview.period.end),
      };
      return wantsCsv(request) ? sendCsv(request, reply, TABLE, body) : body;
    },
  );
}
