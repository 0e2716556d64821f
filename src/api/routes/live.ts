import { type FastifyTypeProviderDefault } from 'fastify';
import { z } from 'zod';
import { Live } from '../live';
import { type Api, reads } from '../operation';
import { type ApiOptions } from '../options';
import { whoAsks } from '../identity';
import { Problem } from '../problem';
import { teamParams } from '../schemas/common';
import { documented } from '../schemas/registry';

const LAST_EVENT = 'last-event-id';

const liveHeaders = z.looseObject({
  [LAST_EVENT]: z
    .string()
    .max(100)
    .optional()
    .register(documented, { description: 'The team’s version that was read: only what is newer is told.' }),
});

const eventsSchema = z.string().register(documented, {
  id: 'Live',
  description: 'Server-sent events: `changed` with the team’s version as its id, and comments as heartbeats.',
  examples: ['event: changed\nid: 42.17\ndata: {"version":"42.17"}\n\n'],
});

export function liveRoutes(app: Api, { reader, changes, live: options }: ApiOptions): void {
  const live = changes === undefined ? null : new Live(changes, reader, options);
  app.addHook('preClose', (done) => {
    live?.close();
    done();
  });
  // What is sent is a stream: no type of a schema.
  app.withTypeProvider<FastifyTypeProviderDefault>().get(
    '/teams/:team/live',
    {
      ...reads(
        'watchTeam',
        {
          tag: 'teams',
          summary: 'Tells when the team has changed',
          description:
            'A stream of server-sent events. `changed` comes with the team’s version; read again what you show. It ends ' +
            'with the token, with the server, and with you; connect again with `Last-Event-ID`.',
        },
        {
          params: teamParams,
          headers: liveHeaders,
          response: {
            200: {
              description: 'A stream that does not end.',
              content: { 'text/event-stream': { schema: eventsSchema } },
            },
          },
        },
      ),
      // There is nothing but the stream.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      if (live === null)
        throw new Problem('unavailable', 'this server tells no changes; read now and then instead');
      const seen = request.headers[LAST_EVENT];
      const { expiresAt } = whoAsks(request);
      const { team } = teamParams.parse(request.params);
      const stream = await live.watch(team, {
        seen: typeof seen === 'string' ? seen : null,
        expiresAt,
      });
      // A proxy must hand every event on as it comes; and a server that closes waits for no connection that was a stream's.
      reply.headers({
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        connection: 'close',
      });
      return reply.type('text/event-stream').send(stream);
    },
  );
}
