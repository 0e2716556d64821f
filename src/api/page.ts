import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type FastifyPluginAsync } from 'fastify';

/** Where `npm run build` puts the page: beside the compiled sources, and found from the sources themselves as well. */
export function pageFolder(): string {
  const folders = ['../../dashboard', '../../dist/dashboard'].map((path) => resolve(__dirname, path));
  return (
    folders.find((folder) => existsSync(join(folder, 'index.html'))) ??
    resolve(__dirname, '../../dist/dashboard')
  );
}

const A_YEAR_S = 31_536_000;

/**
 * Serves the Resource usage page at `/`, one of `createApi`'s `plugins`. Its files are public: all that is anybody's
 * comes from `/v1`, with a token. Throws where the page was not built.
 */
export function servePage(folder: string = pageFolder()): FastifyPluginAsync {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`there is no page in ${folder}: "npm run build" makes it`);
  }
  return async (app) => {
    await app.register(fastifyStatic, {
      root: folder,
      // Only what is there is a route: everything else stays the API's 404.
      wildcard: false,
      globIgnore: ['.vite/**'],
      schemaHide: true,
      decorateReply: false,
      cacheControl: false,
      // The build lays compressed files beside the others.
      preCompressed: true,
      setHeaders: (reply, path) => {
        // Files in assets/ have their content's hash in their names.
        const forEver = path.startsWith(join(folder, 'assets'));
        reply.header(
          'cache-control',
          forEver ? `public, max-age=${String(A_YEAR_S)}, immutable` : 'no-cache',
        );
      },
    });
  };
}
