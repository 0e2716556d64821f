import { z } from 'zod';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, NUMBER_PLACE } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { cursorParam, tableLimitParam, teamParams } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import { statementBody, statementsSchema, type StatementBody } from '../schemas/statements';
import { inCredits, inUsd } from '../wire';

/** The period of the last one of a page. */
const cursors = cursorsOf('statements', NUMBER_PLACE);

const SIZES = { usual: 24, most: 120 };

const TABLE = {
  columns: {
    period: ({ period }: StatementBody) => period.index,
    start: ({ period }: StatementBody) => period.start,
    end: ({ period }: StatementBody) => period.end,
    plan: ({ plan }: StatementBody) => plan,
    openingCredits: ({ opening }: StatementBody) => inCredits(opening),
    grantedCredits: ({ granted }: StatementBody) => inCredits(granted),
    chargedCredits: ({ charged }: StatementBody) => inCredits(charged),
    expiredCredits: ({ expired }: StatementBody) => inCredits(expired),
    withdrawnCredits: ({ withdrawn }: StatementBody) => inCredits(withdrawn),
    closingCredits: ({ closing }: StatementBody) => inCredits(closing),
    payAsYouGoCredits: ({ payAsYouGo }: StatementBody) => inCredits(payAsYouGo.millicredits),
    payAsYouGoUsd: ({ payAsYouGo }: StatementBody) => inUsd(payAsYouGo.cents),
    payAsYouGoReversedCredits: ({ payAsYouGo }: StatementBody) => inCredits(payAsYouGo.reversed),
    payAsYouGoReversedUsd: ({ payAsYouGo }: StatementBody) => inUsd(payAsYouGo.reversedCents),
    overdraftCredits: ({ overdraft }: StatementBody) => inCredits(overdraft),
    owedCredits: ({ owed }: StatementBody) => inCredits(owed),
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
        querystring: z.strictObject({ cursor: cursorParam, limit: tableLimitParam(SIZES) }),
        response: { 200: jsonOrCsv('Statements, newest first.', statementsSchema) },
      },
    ),
    async (request, reply) => {
      const { cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
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
