import { Client, Connection } from '@temporalio/client';
import { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { FlowCreditsClient } from '../client';
import { temporalSettings } from '../client/connection';
import { retriesUntil } from '../client/retries';
import { loadOwnBlocks, OWN_BLOCKS_VARIABLE } from '../contracts/own-blocks-load';
import { catalogWith } from '../contracts/own-blocks';
import { openReader, watchTeams } from '../ledger/read';
import { processMetrics } from '../ops/build-info';
import { readiness } from '../ops/checks';
import { ledgerGauges } from '../ops/ledger-gauges';
import { serverChecks } from '../ops/server-checks';
import { tracingFrom } from '../ops/tracing';
import { loadPricing, pricingFilesFrom } from '../pricing';
import { createApi } from './create-api';
import { type Authenticate } from './identity';
import { bearerJwt } from './jwt';
import { apiLogger, logRequests, type LogOptions } from './logging';
import { measureRequests, serveOps } from './ops';
import { type ApiOptions } from './options';
import { servePage } from './page';
import { traceRequests } from './tracing';

export interface ServeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly authenticate: Authenticate;
  /** 0: a free one. */
  readonly port: number;
  readonly host: string;
  /** Left out: as `FLOW_CREDITS_LOG_LEVEL` says, to standard output. */
  readonly log?: LogOptions;
  /** Told of every command. Left out: each is a line of the log, at any level. */
  readonly onCommand?: ApiOptions['onCommand'];
  /** Where the page lies. Null: there is none, and `/` is a 404. Left out: where `npm run build` puts it. */
  readonly page?: string | null;
  /** More of the server: `createApi`'s. */
  readonly plugins?: ApiOptions['plugins'];
  /** Metrics of what else is in this process, to be served with the API's own. Left out: there is nothing else. */
  readonly registry?: Registry;
}

export interface ServedApi {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the API and the page, with health, readiness, metrics, logs, live updates and, where an exporter is set, traces.
 * Neither Postgres nor Temporal need be there yet: `/ready` says so, and what needs them is 503 until they are.
 * Throws where an option is wrong, the page was not built, or the port is taken.
 */
export async function serveApi(options: ServeOptions): Promise<ServedApi> {
  const { env, authenticate, port, host, registry = new Registry() } = options;
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: it names the database of the ledger');
  const pricing = loadPricing(pricingFilesFrom(env));
  const blocks = catalogWith(loadOwnBlocks(env[OWN_BLOCKS_VARIABLE]));
  const { namespace, connection: settings } = temporalSettings(env);
  const page = options.page === null ? [] : [servePage(options.page)];
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).reverse()) await each();
  };
  try {
    const tracing = await tracingFrom(env, 'flow-credits-api');
    if (tracing !== null) opened.push(() => tracing.close());
    // Connects when it is first used: reads go on where Temporal is away.
    const ending = new AbortController();
    const connection = Connection.lazy({ ...settings, interceptors: [retriesUntil(ending.signal)] });
    opened.push(() => {
      ending.abort();
      return connection.close();
    });
    const reader = openReader(databaseUrl, pricing);
    opened.push(() => reader.close());
    const changes = watchTeams(databaseUrl);
    opened.push(() => changes.close());
    processMetrics(registry, 'api');
    ledgerGauges(registry, reader);
    const taskQueue = env['FLOW_CREDITS_TASK_QUEUE'];
    const temporal = new Client({
      connection,
      namespace,
      ...(tracing === null ? {} : { plugins: [tracing.plugin] }),
    });
    const token = env['FLOW_CREDITS_METRICS_TOKEN'];
    const app = await createApi({
      client: new FlowCreditsClient({ client: temporal, reader, ...(taskQueue ? { taskQueue } : {}) }),
      reader,
      pricing,
      blocks,
      authenticate,
      changes,
      logger: apiLogger({ ...levelFrom(env), ...options.log }),
      around: [
        ...(tracing === null ? [] : [traceRequests(tracing.api)]),
        measureRequests(registry),
        logRequests,
      ],
      plugins: [
        serveOps({
          ready: readiness(serverChecks(reader, connection, namespace)),
          metrics: { registry, ...(token ? { token } : {}) },
        }),
        ...page,
        ...(options.plugins ?? []),
      ],
      ...(options.onCommand === undefined ? {} : { onCommand: options.onCommand }),
      ...proxyFrom(env),
    });
    opened.push(() => {
      // A Temporal that is away is not waited for: who asked for it hears so, and may come again.
      ending.abort();
      return app.close();
    });
    await app.listen({ port, host });
    return { url: urlOf(app, host), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function levelFrom({ FLOW_CREDITS_LOG_LEVEL: level }: NodeJS.ProcessEnv): LogOptions {
  return level ? { level } : {};
}

/** The proxies in front, by their addresses: what they say of their callers is believed. */
function proxyFrom({ FLOW_CREDITS_TRUST_PROXY: proxy }: NodeJS.ProcessEnv): {
  readonly trustProxy?: string;
} {
  return proxy ? { trustProxy: proxy } : {};
}

/** Where the issuer of tokens is, and what its claims are called. Throws with what is to be set. */
export async function authenticatorFrom(env: NodeJS.ProcessEnv): Promise<Authenticate> {
  const {
    FLOW_CREDITS_JWKS_URL: jwksUrl,
    FLOW_CREDITS_JWT_ISSUER: issuer,
    FLOW_CREDITS_JWT_AUDIENCE: audience,
  } = env;
  if (!jwksUrl || !issuer || !audience) {
    const missing = Object.entries({
      FLOW_CREDITS_JWKS_URL: jwksUrl,
      FLOW_CREDITS_JWT_ISSUER: issuer,
      FLOW_CREDITS_JWT_AUDIENCE: audience,
    }).flatMap(([name, value]) => (value ? [] : [name]));
    throw new Error(
      `the API does not start without knowing whose tokens count: set ${missing.join(', ')} ` +
        '(where your identity provider has its JWKS, its issuer, and the audience that is this API)',
    );
  }
  const { FLOW_CREDITS_JWT_TEAM: team, FLOW_CREDITS_JWT_ROLE: role, FLOW_CREDITS_JWT_ACTOR: actor } = env;
  return bearerJwt({
    jwksUrl,
    issuer,
    audience,
    claims: { ...(team ? { team } : {}), ...(role ? { role } : {}), ...(actor ? { actor } : {}) },
  });
}
