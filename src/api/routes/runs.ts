import { z } from 'zod';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, NUMBER_PLACE } from '../cursors';
import { explained, grantsIn } from '../explain';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { Problem } from '../problem';
import { runnerOf } from '../runner';
import { type LedgerReader, type LedgerRun } from '../../ledger/read';
import { cursorParam, limitParam, runParams, tableLimitParam, teamParams } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import { documented } from '../schemas/registry';
import { RUN_STATUSES, runBody, runDetailSchema, runsSchema, type RunBody } from '../schemas/runs';
import { inCredits } from '../wire';

const cursors = cursorsOf('runs', z.object({ askedAt: NUMBER_PLACE, runId: z.string() }));
const chargeCursors = cursorsOf('charges', NUMBER_PLACE);

const SIZES = { usual: 50, most: 500 };

const TABLE = {
  columns: {
    runId: (run: RunBody) => run.runId,
    workflowId: (run: RunBody) => run.workflowId,
    flow: (run: RunBody) => run.flow,
    status: (run: RunBody) => run.status,
    closeReason: (run: RunBody) => run.closeReason,
    trigger: (run: RunBody) => run.trigger,
    location: (run: RunBody) => run.location,
    rateCard: (run: RunBody) => run.rateCard,
    askedAt: (run: RunBody) => run.askedAt,
    admittedAt: (run: RunBody) => run.admittedAt,
    endedAt: (run: RunBody) => run.endedAt,
    heldCredits: (run: RunBody) => inCredits(run.held),
    chargedCredits: (run: RunBody) => inCredits(run.charged),
  },
};

/** A run of a team by either of its ids. Throws {@link Problem} 404 where the team has none. */
export async function knownRun(reader: LedgerReader, team: string, id: string): Promise<LedgerRun> {
  const run = await reader.findRun(team, id);
  if (run !== null) return run;
  throw new Problem('not-found', `run "${id}" of team "${team}" is unknown`);
}

export function runRoutes(app: Api, { client, reader, pricing }: ApiOptions): void {
  app.get(
    '/teams/:team/runs',
    reads(
      'listRuns',
      { tag: 'runs', summary: 'Runs of a team', description: 'Newest first: when they asked for admission.' },
      {
        params: teamParams,
        querystring: z.strictObject({
          status: z
            .enum(RUN_STATUSES)
            .optional()
            .register(documented, { description: 'Only runs that are there.' }),
          flow: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .register(documented, { description: 'Only runs of the flow of this name.' }),
          cursor: cursorParam,
          limit: tableLimitParam(SIZES),
        }),
        response: { 200: jsonOrCsv('Runs, newest first.', runsSchema) },
      },
    ),
    async (request, reply) => {
      const { status, flow, cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const after = cursors.read(cursor);
      const found = await reader.runs(request.params.team, {
        limit: limit + 1,
        ...(status === undefined ? {} : { status }),
        ...(flow === undefined ? {} : { flow }),
        ...(after === null ? {} : { after }),
      });
      const { page, last } = cut(found, limit);
      const nextCursor = last === null ? null : cursors.write({ askedAt: last.askedAt, runId: last.runId });
      const body = { items: page.map(runBody), nextCursor };
      return wantsCsv(request) ? sendCsv(request, reply, TABLE, body) : body;
    },
  );

  app.get(
    '/teams/:team/runs/:run',
    reads(
      'getRun',
      {
        tag: 'runs',
        summary: 'One run, each charge explained',
        description:
          'Line by line: what, how many, the unit price, the row of the rate card and whether it is documented or ' +
          'assumed; where the credits came from; what was reversed. Charges come in pages, the first ones here.',
      },
      {
        params: runParams,
        querystring: z.strictObject({ cursor: cursorParam, limit: limitParam(200, 1_000) }),
        response: { 200: runDetailSchema },
      },
    ),
    async ({ params: { team, run: id }, query: { cursor, limit }, log }) => {
      const after = chargeCursors.read(cursor) ?? 0;
      const run = await knownRun(reader, team, id);
      const [found, totals, place, runner] = await Promise.all([
        reader.charges(team, run.runId, { after, limit: limit + 1 }),
        reader.runTotals(team, run.runId),
        run.status === 'waiting' ? reader.place(team, run.runId) : null,
        runnerOf(client, team, run, (err) => {
          log.warn({ err }, 'whether a private runner polls is not known');
        }),
      ]);
      const { page, last } = cut(found, limit);
      const kinds = await reader.grantKinds(team, grantsIn(page));
      return {
        ...runBody(run),
        place,
        runner,
        reversed: totals.reversed.toString(),
        chargeCount: totals.charges,
        charges: {
          items: explained(page, { rateCard: run.rateCard, pricing, kinds }),
          nextCursor: last === null ? null : chargeCursors.write(last.seq),
        },
      };
    },
  );
}
