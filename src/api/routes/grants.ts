import { z } from 'zod';
import { type GrantKind, type GrantRow, type LedgerReader } from '../../ledger/read';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, NUMBER_PLACE } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { cursorParam, tableLimitParam, teamParams } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import {
  adjustmentBody,
  adjustmentsSchema,
  packBody,
  packsSchema,
  type AdjustmentBody,
  type PackBody,
} from '../schemas/grants';
import { inCredits } from '../wire';

const packCursors = cursorsOf('packs', NUMBER_PLACE);
const adjustmentCursors = cursorsOf('adjustments', NUMBER_PLACE);

const GRANT_COLUMNS = {
  grant: (row: AdjustmentBody) => row.grant,
  status: (row: AdjustmentBody) => row.status,
  grantedAt: (row: AdjustmentBody) => row.grantedAt,
  expiresAt: (row: AdjustmentBody) => row.expiresAt,
  grantedCredits: (row: AdjustmentBody) => inCredits(row.granted),
  usedCredits: (row: AdjustmentBody) => inCredits(row.used),
  heldCredits: (row: AdjustmentBody) => inCredits(row.held),
  leftCredits: (row: AdjustmentBody) => inCredits(row.left),
  expiredCredits: (row: AdjustmentBody) => inCredits(row.expired),
  withdrawnCredits: (row: AdjustmentBody) => inCredits(row.withdrawn),
  note: (row: AdjustmentBody) => row.note,
};
const ADJUSTMENTS = { columns: GRANT_COLUMNS };
const PACKS = {
  columns: {
    ...GRANT_COLUMNS,
    paid: ({ paid }: PackBody) => paid?.amount ?? null,
    currency: ({ paid }: PackBody) => paid?.currency ?? null,
    reference: ({ paid }: PackBody) => paid?.reference ?? null,
  },
};

const SIZES = { usual: 50, most: 500 };
const query = z.strictObject({ cursor: cursorParam, limit: tableLimitParam(SIZES) });

export function grantRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/packs',
    reads(
      'listPacks',
      {
        tag: 'money',
        summary: 'Packs that were bought',
        description: 'Newest first: what is left of each, until when it lasts, what was paid.',
      },
      {
        params: teamParams,
        querystring: query,
        response: { 200: jsonOrCsv('Packs, newest first.', packsSchema) },
      },
    ),
    async (request, reply) => {
      const { cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const before = packCursors.read(cursor);
      const { page, last } = await pageOf(reader, request.params.team, 'purchased', { before, limit });
      const body = {
        items: page.map(packBody),
        nextCursor: last === null ? null : packCursors.write(last.grant),
      };
      return wantsCsv(request) ? sendCsv(request, reply, PACKS, body) : body;
    },
  );

  app.get(
    '/teams/:team/adjustments',
    reads(
      'listAdjustments',
      {
        tag: 'money',
        summary: 'Credits given beside plan and packs',
        description: 'Newest first. What was withdrawn by an adjustment is in the audit.',
      },
      {
        params: teamParams,
        querystring: query,
        response: { 200: jsonOrCsv('Adjustments, newest first.', adjustmentsSchema) },
      },
    ),
    async (request, reply) => {
      const { cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const before = adjustmentCursors.read(cursor);
      const { page, last } = await pageOf(reader, request.params.team, 'adjustment', { before, limit });
      const body = {
        items: page.map(adjustmentBody),
        nextCursor: last === null ? null : adjustmentCursors.write(last.grant),
      };
      return wantsCsv(request) ? sendCsv(request, reply, ADJUSTMENTS, body) : body;
    },
  );
}

/** Newest first: a page goes on below the number where the one before ended. */
async function pageOf(
  reader: LedgerReader,
  team: string,
  kind: GrantKind,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<ReturnType<typeof cut<GrantRow>>> {
  const place = before === null ? {} : { before };
  return cut(await reader.grants(team, kind, { limit: limit + 1, ...place }), limit);
}
