import { METHODS } from 'node:http';
import { type FastifyInstance } from 'fastify';
import { Problem } from './problem';

/**
 * Addresses that are there, asked with a method they do not have: 405, and `Allow` says which they have. Before anybody
 * is made out and before a body is read, for the document says it to everybody. Call it before there is any route; what
 * it answers, when all are there.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  // All that Node reads, PROPFIND and the like: of methods that Fastify does not know no address would be looked for.
  // CONNECT names no address of ours, and comes to no route.
  const unknown = METHODS.filter((method) => method !== 'CONNECT' && !app.supportedMethods.includes(method));
  for (const method of unknown) app.addHttpMethod(method);
  const addresses = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    addresses.add(url);
  });
  return () => {
    for (const url of [...addresses]) {
      const has = (method: string): boolean => app.hasRoute({ method, url });
      const allow = app.supportedMethods.filter(has).sort().join(', ');
      app.route({
        method: app.supportedMethods.filter((method) => !has(method)),
        url,
        schema: { hide: true },
        onRequest: ({ method }) => {
          throw new Problem('method-not-allowed', `${method} is not among the methods here: ${allow}`, {
            headers: { allow },
          });
        },
        handler: (_request, reply) => {
          reply.callNotFound();
        },
      });
    }
  };
}
