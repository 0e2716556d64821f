import { createServer, type ServerResponse } from 'node:http';
import { type Registry } from 'prom-client';
import { type Readiness } from './checks';

export interface OpsServerOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Default: all addresses of the machine, for orchestrators and Prometheus. */
  readonly host?: string;
  readonly ready: () => Promise<Readiness>;
  readonly registry: Registry;
}

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/health`, `/ready` and `/metrics` of a process that serves nothing else. Throws where the port is taken. */
export async function startOpsServer({ port, host, ready, registry }: OpsServerOptions): Promise<OpsServer> {
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/health': (response) => {
      json(response, 200, { status: 'ok' });
      return Promise.resolve();
    },
    '/ready': async (response) => {
      const answer = await ready();
      json(response, answer.status === 'ready' ? 200 : 503, answer);
    },
    '/metrics': async (response) => {
      const text = await registry.metrics();
      response
        .writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' })
        .end(text);
    },
  };
  const server = createServer((request, response) => {
    request.resume();
    const [path = ''] = (request.url ?? '').split('?');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) json(response, 404, { error: `nothing is at this path` });
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      json(response, 405, { error: 'GET only' });
    } else {
      route(response).catch(() => {
        json(response, 500, { error: 'failed' });
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
}
