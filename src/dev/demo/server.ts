import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Long enough to watch, short enough to wait for. */
const ANSWER_AFTER_MS = 40;

const CUSTOMER = { id: '42', name: 'Ada', email: 'ada@example.com', plan: 'enterprise' };

/** The server that the demo's flows call, on 127.0.0.1. */
export interface DemoApi {
  readonly url: string;
  /** Requests it has answered. */
  served(): number;
  /** Requests it holds back at present. */
  heldBack(): number;
  /** Answers to requests for this path wait until {@link DemoApi.letGo}: so runs stay in flight while we look. */
  holdBack(path: string): void;
  letGo(): void;
  close(): Promise<void>;
}

export async function startDemoApi(): Promise<DemoApi> {
  let served = 0;
  let gate: string | null = null;
  let held: (() => void)[] = [];

  const server = createServer((request, response) => {
    request.resume();
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const send = (): void => {
      served += 1;
      answer(request, response, path);
    };
    if (path === gate) held.push(send);
    else setTimeout(send, ANSWER_AFTER_MS);
  });
  const port = await listening(server);
  const letGo = (): void => {
    const waiting = held;
    gate = null;
    held = [];
    for (const send of waiting) send();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    served: () => served,
    heldBack: () => held.length,
    holdBack: (path) => {
      gate = path;
    },
    letGo,
    close: () => closed(server),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, path: string): void {
  const known = bodyOf(request.method ?? 'GET', path);
  response.writeHead(known === null ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(known ?? { error: `nothing is at ${path}` }));
}

function bodyOf(method: string, path: string): object | null {
  const route = `${method} ${path}`;
  if (/^GET \/steps\/\d+$/.test(route)) return { done: path };
  if (route === `GET /customers/${CUSTOMER.id}`) return CUSTOMER;
  if (route === `POST /customers/${CUSTOMER.id}/manager`) return { manager: 'Grace' };
  if (route === 'POST /reviews') return { review: 'queued' };
  return null;
}

/** Listens on this machine, at a port that is free. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
      else reject(new Error("the demo's HTTP server has no port"));
    });
  });
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
