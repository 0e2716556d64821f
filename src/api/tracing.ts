import { type Span } from '@opentelemetry/api';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type TraceApi } from '../ops/spans';

/** A span for each request to a route of the API, the caller's as its parent: one of `createApi`'s `around`. */
export function traceRequests(api: TraceApi): (app: FastifyInstance) => void {
  const { context, propagation, trace, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer('temporal-flow-credits');
  const spans = new WeakMap<FastifyRequest, Span>();
  return (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      const { method, routeOptions, headers } = request;
      const [path = ''] = request.url.split('?');
      const span = tracer.startSpan(
        `${method} ${routeOptions.url ?? 'no route'}`,
        {
          kind: SpanKind.SERVER,
          attributes: {
            'http.request.method': method,
            'http.route': routeOptions.url ?? '',
            'url.path': path,
            'flow_credits.request': request.id,
          },
        },
        propagation.extract(context.active(), headers),
      );
      spans.set(request, span);
      // Whatever is done for this request is done within it.
      context.with(trace.setSpan(context.active(), span), done);
    });
    app.addHook('onResponse', (request, reply, done) => {
      const span = spans.get(request);
      const { identity } = request;
      if (identity?.team != null) span?.setAttribute('flow_credits.team', identity.team);
      span?.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
      done();
    });
  };
}
