import { z } from 'zod';
import { EVENT_KINDS } from '../../client';
import { rowsUnlessTold, sendCsv, wantsCsv } from '../csv';
import { cursorsOf, cut, NUMBER_PLACE } from '../cursors';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { cursorParam, tableLimitParam, teamParams, wholeParam } from '../schemas/common';
import { jsonOrCsv } from '../schemas/csv';
import {
  auditBody,
  auditsSchema,
  eventBody,
  eventsSchema,
  type AuditBody,
  type EventBody,
} from '../schemas/feed';
import { documented } from '../schemas/registry';
import { inCredits } from '../wire';

const eventCursors = cursorsOf('events', NUMBER_PLACE);
const auditCursors = cursorsOf('audit', NUMBER_PLACE);

const SIZES = { usual: 100, most: 1_000 };

const EVENTS = {
  columns: {
    id: (event: EventBody) => event.id,
    type: (event: EventBody) => event.type,
    timestamp: (event: EventBody) => event.timestamp,
    delivery: (event: EventBody) => event.delivery.status,
    data: (event: EventBody) => JSON.stringify(event.data),
  },
};
const AUDIT = {
  columns: {
    entry: (row: AuditBody) => row.entry,
    at: (row: AuditBody) => row.at,
    kind: (row: AuditBody) => row.kind,
    actor: (row: AuditBody) => row.actor,
    reason: (row: AuditBody) => row.reason,
    requestId: (row: AuditBody) => row.requestId,
    credits: (row: AuditBody) => inCredits(row.millicredits),
    run: (row: AuditBody) => row.reversed?.runId ?? null,
    key: (row: AuditBody) => row.reversed?.key ?? null,
  },
};

export function feedRoutes(app: Api, { reader }: ApiOptions): void {
  app.get(
    '/teams/:team/events',
    reads(
      'listEvents',
      {
        tag: 'feed',
        summary: 'What happened, in order',
        description:
          'The feed that webhooks are sent from. `seq` counts a team’s events from 1 without a gap: who has read up to ' +
          'one asks for those `after` it.',
      },
      {
        params: teamParams,
        querystring: z.strictObject({
          after: wholeParam(0, Number.MAX_SAFE_INTEGER)
            .optional()
            .register(documented, { description: 'Events after this `seq`; a cursor goes before it.' }),
          type: z
            .enum(EVENT_KINDS)
            .optional()
            .register(documented, { description: 'Only events of this kind.' }),
          cursor: cursorParam,
          limit: tableLimitParam(SIZES),
        }),
        response: { 200: jsonOrCsv('Events, oldest first.', eventsSchema) },
      },
    ),
    async (request, reply) => {
      const { after = 0, type: kind, cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const found = await reader.events(request.params.team, {
        after: eventCursors.read(cursor) ?? after,
        limit: limit + 1,
        ...(kind === undefined ? {} : { kind }),
      });
      const { page, last } = cut(found, limit);
      const body = {
        items: page.map(eventBody),
        nextCursor: last === null ? null : eventCursors.write(last.event.seq),
      };
      return wantsCsv(request) ? sendCsv(request, reply, EVENTS, body) : body;
    },
  );

  app.get(
    '/teams/:team/audit',
    reads(
      'listAudit',
      {
        tag: 'feed',
        summary: 'Who did what to the team',
        description:
          'Newest first: settings, packs, adjustments, reversals, discards, each with its actor and request id. Starts ' +
          'and cancellations of runs change nothing of the team, and are in the log of the server.',
      },
      {
        params: teamParams,
        querystring: z.strictObject({ cursor: cursorParam, limit: tableLimitParam(SIZES) }),
        response: { 200: jsonOrCsv('Entries with an actor, newest first.', auditsSchema) },
      },
    ),
    async (request, reply) => {
      const { cursor, limit = rowsUnlessTold(request, SIZES) } = request.query;
      const before = auditCursors.read(cursor);
      const found = await reader.audit(request.params.team, {
        limit: limit + 1,
        ...(before === null ? {} : { before }),
      });
      const { page, last } = cut(found, limit);
      const body = {
        items: page.map(auditBody),
        nextCursor: last === null ? null : auditCursors.write(last.seq),
      };
      return wantsCsv(request) ? sendCsv(request, reply, AUDIT, body) : body;
    },
  );
}
