import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command } from 'commander';
import { messageOf } from '../../contracts/error-text';
import { missingPackage } from '../../contracts/missing-package';
import { note, print, UserError } from '../output';

const EXAMPLES = `
Examples:
  $ export FLOW_CREDITS_JWKS_URL=https://id.example/.well-known/jwks.json
  $ export FLOW_CREDITS_JWT_ISSUER=https://id.example/ FLOW_CREDITS_JWT_AUDIENCE=flow-credits
  $ TEMPORAL_ADDRESS=temporal.example:7233 DATABASE_URL=postgres://api@db.example/credits flow-credits api
  $ flow-credits api --host 0.0.0.0 --port 80

Whose tokens count must be told: FLOW_CREDITS_JWKS_URL, FLOW_CREDITS_JWT_ISSUER and FLOW_CREDITS_JWT_AUDIENCE; what the
claims are called, where not team, role and sub: FLOW_CREDITS_JWT_TEAM, …_ROLE, …_ACTOR. DATABASE_URL may be that of a
login of flow_credits_reader: the API writes nothing, Temporal's worker does. FLOW_CREDITS_METRICS_TOKEN: who scrapes
/metrics brings it. "npm run dev" has an API of its own, and tokens for it.`;

interface Options {
  readonly port: string;
  readonly host: string;
  readonly page: boolean;
}

export function register(program: Command): void {
  program
    .command('api')
    .description('Serve the HTTP API and the Resource usage page until Ctrl-C.')
    .option('--port <port>', 'where it listens; 0: a free one', '8080')
    .option('--host <address>', 'on which address', '127.0.0.1')
    .option('--no-page', 'the API alone')
    .addHelpText('after', EXAMPLES)
    .action(api);
}

/** Who wants workers and plugins alone has none of these. */
const PACKAGES =
  'fastify fastify-type-provider-zod @fastify/helmet @fastify/static @fastify/swagger @fastify/swagger-ui jose prom-client';

function told(error: unknown): never {
  const name = missingPackage(error);
  if (name === null) throw error;
  throw new UserError(`"${name}" is not installed; the API needs: npm install ${PACKAGES}`);
}

async function api({ port, host, page }: Options): Promise<void> {
  const value = Number(port);
  if (!/^\d+$/.test(port) || value > 65_535) throw new UserError(`port ${port}: must be 0 to 65535`);
  const [{ authenticatorFrom, serveApi }, { pageFolder }, { environment }, { untilSignalled }] =
    await Promise.all([
      import('../../api/api-process.js'),
      import('../../api/page.js'),
      import('../../dev/state-file.js'),
      import('../../dev/signals.js'),
    ]).catch(told);
  const env = environment();
  if (!env['DATABASE_URL'])
    throw new UserError('DATABASE_URL is not set: it names the database of the ledger');
  const authenticate = await authenticatorFrom(env).catch((error: unknown) => {
    throw new UserError(messageOf(error));
  });
  const built = existsSync(join(pageFolder(), 'index.html'));
  if (page && !built) note('the page is not built ("npm run build" makes it): the API is served alone');
  const signalled = untilSignalled();
  try {
    const served = await serveApi({
      env,
      authenticate,
      port: value,
      host,
      ...(page && built ? {} : { page: null }),
      log: { stream: process.stderr },
    });
    try {
      print(`API        ${served.url}`);
      await signalled.first;
      note('stopping …');
    } finally {
      await served.close();
    }
  } finally {
    signalled.end();
  }
}
