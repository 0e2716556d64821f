import { z } from 'zod';
import { sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, NUMBER_PLACE } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { cursorParam, limitParam, teamParams } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import { statementBody, statementsSchema, type StatementBody } from '../schemas/statements';

/** The period of the last one of a page. */
const cursors = cursorsOf('statements', NUMBER_PLACE);

const TABLE = {
  columns: {
    period: ({ period }: StatementBody) => period.index,
    start: ({ period }: StatementBody) => period.start,
    end: ({ period }: StatementBody) => period.end,
    plan: ({ plan }: StatementBody) => plan,
    opening: ({ opening }: StatementBody) => opening,
    granted: ({ granted }: StatementBody) => granted,
    charged: ({ charged }: StatementBody) => charged,
    expired: ({ expired }: StatementBody) => expired,
    withdrawn: ({ withdrawn }: StatementBody) => withdrawn,
    closing: ({ closing }: StatementBody) => closing,
    payAsYouGo: ({ payAsYouGo }: StatementBody) => payAsYouGo.millicredits,
    payAsYouGoCents: ({ payAsYouGo }: StatementBody) => payAsYouGo.cents,
    payAsYouGoReversed: ({ payAsYouGo }: StatementBody) => payAsYouGo.reversed,
    payAsYouGoReversedCents: ({ payAsYouGo }: StatementBody) => payAsYouGo.reversedCents,
    overdraft: ({ overdraft }: StatementBody) => overdraft,
    owed: ({ owed }: StatementBody) => owed,
  },
};

export function statementRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/statements',
    reads(
      'listStatements',
      {
        tag: 'money',
        summary: 'Statements of closed periods',
        description: 'Newest first. What was billed, and how the credits of the period add up.',
      },
      {
        params: teamParams,
        querystring: z.strictObject({ cursor: cursorParam, limit: limitParam(24, 120) }),
        response: { 200: jsonOrCsv('Statements, newest first.', statementsSchema) },
      },
    ),
    async (request, reply) => {
      const { cursor, limit } = request.query;
      const before = cursors.read(cursor);
      const found = await reader.newestStatements(request.params.team, {
        limit: limit + 1,
        ...(before === null ? {} : { before }),
      });
      const { page, last } = cut(found, limit);
      const body = {
        items: page.map(statementBody),
        nextCursor: last === null ? null : cursors.write(last.period.index),
      };
      return wantsCsv(request) ? sendCsv(request, reply, TABLE, body) : body;
    },
  );
}
