import { randomBytes } from 'node:crypto';
import { type FastifyPluginAsync } from 'fastify';
import { Problem } from '../api/problem';

/** Somebody else on this machine does not guess it. */
const CODE_BYTES = 8;

export interface OpenLinks {
  /** For `createApi`: `GET /open/<code>`, which no document names. */
  readonly plugin: FastifyPluginAsync;
  /** A short address below the API's; `target` is asked at each opening. */
  path(target: () => Promise<string>): string;
}

/**
 * Short addresses of the page. Whoever opens one is sent on to where a token stands in the fragment, a fresh one each
 * time: what is printed is short, and works for as long as the stack is up. For an API that listens on this machine
 * alone: an address is as good as a token.
 */
export function openLinks(): OpenLinks {
  const targets = new Map<string, () => Promise<string>>();
  return {
    plugin: (app) => {
      app.get<{ Params: { code: string } }>(
        '/open/:code',
        { schema: { hide: true } },
        async ({ params }, reply) => {
          reply.header('cache-control', 'no-store');
          const target = targets.get(params.code);
          if (target === undefined) {
            throw new Problem(
              'not-found',
              'this address was of a stack that has ended: the one that runs now printed its own',
            );
          }
          return reply.redirect(await target(), 302);
        },
      );
      return Promise.resolve();
    },
    path: (target) => {
      const code = randomBytes(CODE_BYTES).toString('hex');
      targets.set(code, target);
      return `/open/${code}`;
    },
  };
}
