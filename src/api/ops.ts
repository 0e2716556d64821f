import { createHash, timingSafeEqual } from 'node:crypto';
import { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { type Readiness } from '../ops/checks';
import { Problem } from './problem';

/** Seconds. */
const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export interface OpsOptions {
  /** Asks Postgres and Temporal. */
  readonly ready: () => Promise<Readiness>;
  /** Left out: there is no `/metrics`. */
  readonly metrics?: {
    readonly registry: Registry;
    /** Who scrapes brings it as a bearer token. Left out: anybody may. */
    readonly token?: string;
  };
}

/** `/health`, `/ready` and `/metrics`: one of `createApi`'s `plugins`. */
export function serveOps({ ready, metrics }: OpsOptions): FastifyPluginAsync {
  return (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    const hidden = { schema: { hide: true } };
    app.get('/health', hidden, () => ({ status: 'ok' }));
    app.get('/ready', hidden, async (_request, reply) => {
      const answer = await ready();
      return reply.code(answer.status === 'ready' ? 200 : 503).send(answer);
    });
    if (metrics !== undefined) {
      const { registry, token } = metrics;
      app.get('/metrics', hidden, async (request, reply) => {
        if (token !== undefined && !bears(request, token)) {
          throw new Problem('unauthorized', 'metrics take the token that was set for them', {
            headers: { 'www-authenticate': 'Bearer' },
          });
        }
        return reply.type(registry.contentType).send(await registry.metrics());
      });
    }
    return Promise.resolve();
  };
}

function bears({ headers }: FastifyRequest, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${token}`));
}

/** How long answers take, by route: one of `createApi`'s `around`. */
export function measureRequests(registry: Registry): (app: FastifyInstance) => void {
  const seconds = new Histogram({
    name: 'flow_credits_http_request_duration_seconds',
    help: 'HTTP requests to the API, from the first byte to the last of the answer; streams as long as they are open.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return (app) => {
    app.addHook('onResponse', (request, reply, done) => {
      const { method, routeOptions } = request;
      // What is no route has no name: addresses are as many as somebody likes to try.
      const labels = { method, route: routeOptions.url ?? '', status: String(reply.statusCode) };
      seconds.observe(labels, reply.elapsedTime / 1000);
      done();
    });
  };
}
