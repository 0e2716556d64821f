import { type Socket } from 'node:net';
import helmet from '@fastify/helmet';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { recordCommands } from './command';
import { accessOf, guard } from './door';
import { serveDocument } from './document';
import { answerUnreadable, answerWithProblems, problemFrom, sendProblem } from './errors';
import { KnownTeams } from './known-teams';
import { requestIdOf } from './logging';
import { type ApiOptions } from './options';
import { refuseOtherMethods } from './other-methods';
import { registerRoutes } from './routes';
import { validateByZod } from './validation';

/** All but flows are small; routes that take flows say more. */
const BODY_MOST_BYTES = 64 * 1024;
/** The ledger's ids of runs hold workflow ids, which may have 1,000 bytes. */
const PARAM_MOST = 1_500;

/**
 * The HTTP API, ready to listen: routes below `/v1`, `/openapi.json` and `/docs`, and what `plugins` add. It owns
 * nothing that it was given: who opened client, reader and changes closes them, after `close()` of what this answers.
 */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { authenticate, reader, plugins = [], logger = false, loggerInstance, trustProxy } = options;
  const app = fastify({
    ...(loggerInstance === undefined ? { logger } : { loggerInstance }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    bodyLimit: BODY_MOST_BYTES,
    exposeHeadRoutes: true,
    clientErrorHandler: answerUnreadable,
    // Addresses that no route is looked for: a bad escape, a part that is too long.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(request, reply, problemFrom(error));
    },
    genReqId: requestIdOf,
    // `logRequests` has one line a request instead of two, and says who asked.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    routerOptions: { maxParamLength: PARAM_MOST },
    // Streams end by themselves when the server closes; idle connections need not be waited for: see partWithCallers.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  validateByZod(app);
  app.setSerializerCompiler(serializerCompiler);
  answerWithProblems(app);
  partWithCallers(app);
  const allRoutesAreThere = refuseOtherMethods(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.decorateRequest('identity', null);
  for (const hooks of options.around ?? []) await hooks(app);
  await app.register(helmet, securityHeaders(options));
  const access = accessOf(options.access);
  await serveDocument(app, access);
  await app.register(
    (v1, _none, done) => {
      guard(v1, { authenticate, access, teams: new KnownTeams(reader) });
      recordCommands(v1, options);
      v1.addHook('onSend', async (_request, reply) => {
        // What a team used is nobody else's, and old the moment it is sent.
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      registerRoutes(v1, options, access);
      done();
    },
    { prefix: '/v1' },
  );
  for (const plugin of plugins) await app.register(plugin);
  allRoutesAreThere();
  return app;
}

/**
 * Lets go of connections that `close()` would wait for until their callers end them: who is answered meanwhile is told
 * that it was the last answer, and one that was opened ahead of need, as browsers do, is cut. Node takes it for busy.
 */
function partWithCallers(app: FastifyInstance): void {
  const connections = new Set<Socket>();
  let closing = false;
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.addHook('preClose', (done) => {
    closing = true;
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

/** Nothing but our own files, no inline script and no inline style sheet: the page needs neither. */
function securityHeaders({ frameAncestors = ["'none'"] }: ApiOptions) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: [...frameAncestors],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
      },
    },
    // Who may frame us is CSP's to say: this header knows only all or nobody.
    xFrameOptions: false as const,
    referrerPolicy: { policy: 'no-referrer' as const },
  };
}
