import { z } from 'zod';
import { parseMillicredits, toText } from '../../contracts/millicredits';
import { type UsageReport, type UsageRequest } from '../../ledger/read';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { unknownTeam } from '../problem';
import { jsonOrCsv } from '../schemas/csv';
import { teamParams } from '../schemas/common';
import { usageBody, usageQuery, usageSchema, USAGE_SIZES } from '../schemas/usage';
import { malformed } from '../validation';
import { inCredits } from '../wire';

const cursors = cursorsOf('usage', z.object({ key: z.string(), amount: z.string().regex(/^-?\d{1,18}$/) }));

const DAY_MS = 86_400_000;
const DAYS_MOST = 3_660;

type Row = z.infer<typeof usageSchema>['items'][number];
const TABLE = {
  columns: {
    key: ({ key }: Row) => key,
    workflowId: ({ workflowId }: Row) => workflowId,
    flow: ({ flow }: Row) => flow,
    charges: ({ charges }: Row) => charges,
    credits: ({ amount }: Row) => inCredits(amount),
    reversedCredits: ({ reversed }: Row) => inCredits(reversed),
    includedCredits: ({ included }: Row) => inCredits(included),
    purchasedCredits: ({ purchased }: Row) => inCredits(purchased),
    adjustmentCredits: ({ adjustment }: Row) => inCredits(adjustment),
    payAsYouGoCredits: ({ payg }: Row) => inCredits(payg),
    overdraftCredits: ({ overdraft }: Row) => inCredits(overdraft),
  },
};

export function usageRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/usage',
    reads(
      'getUsage',
      {
        tag: 'usage',
        summary: 'Usage by day, flow, block type or run',
        description:
          'What was charged less what was reversed of it, for a billing period or a span. A reversal counts where and ' +
          'when its charge was made.',
      },
      {
        params: teamParams,
        querystring: usageQuery,
        response: { 200: jsonOrCsv('Usage, in order.', usageSchema) },
      },
    ),
    async (request, reply) => {
      const { team } = request.params;
      const { limit = rowsUnlessTold(request, USAGE_SIZES), cursor } = request.query;
      const after = cursors.read(cursor);
      const report = await reader.usage(team, {
        ...spanOf(request.query),
        limit,
        ...(after === null ? {} : { after: { key: after.key, amount: parseMillicredits(after.amount) } }),
      });
      if (report === null) throw unknownTeam(team);
      const body = usageBody(report, nextOf(report));
      return wantsCsv(request) ? sendCsv(request, reply, TABLE, body) : body;
    },
  );
}

function nextOf({ rows, more }: UsageReport): string | null {
  const last = more ? rows.at(-1) : undefined;
  return last === undefined ? null : cursors.write({ key: last.key, amount: toText(last.amount) });
}

/** Throws {@link Problem} 400 where period and span contradict each other, or the span is none. */
function spanOf({ by, period, from, to }: z.infer<typeof usageQuery>): UsageRequest {
  if (period !== undefined && (from !== undefined || to !== undefined)) {
    throw malformed('query', [
      { path: 'period', message: 'must not stand beside from and to; give one or the other' },
    ]);
  }
  if (period !== undefined) return { by, period };
  if (from === undefined && to === undefined) return { by };
  if (from === undefined) {
    throw malformed('query', [{ path: 'from', message: 'must stand beside to; it is missing' }]);
  }
  const start = Date.parse(from);
  if (to === undefined) return { by, from: start };
  const end = Date.parse(to);
  if (end <= start) throw malformed('query', [{ path: 'to', message: `must be after from; it is ${to}` }]);
  if (by === 'day' && end - start > DAYS_MOST * DAY_MS) {
    throw malformed('query', [{ path: 'to', message: `must be at most ${DAYS_MOST} days after from` }]);
  }
  return { by, from: start, to: end };
}
