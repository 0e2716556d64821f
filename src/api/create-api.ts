import helmet from '@fastify/helmet';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { partWithCallers } from './closing';
import { recordCommands } from './command';
import { accessOf, guard } from './door';
import { serveDocument } from './document';
import { answerWithProblems, problemFrom, sendProblem } from './errors';
import { KnownTeams } from './known-teams';
import { requestIdOf } from './logging';
import { type ApiOptions } from './options';
import { refuseOtherMethods } from './other-methods';
import { registerRoutes } from './routes';
import { answerUnreadable, meetAllCallers, REQUEST_WITHIN_MS } from './unreadable';
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
    requestTimeout: REQUEST_WITHIN_MS,
    clientErrorHandler: answerUnreadable,
    // Who names no host is told so as everybody is: see `meetAllCallers`.
    http: { requireHostHeader: false },
    // Addresses that no route is looked for: a bad escape, a part that is too long.
    frameworkErrors: (error, request, reply) => {
      void sendProblem(request, reply, problemFrom(error, request));
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
  meetAllCallers(app);
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
