import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** What a request is answered with: a status and JSON. */
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

/** A server of a platform's, scripted: it counts requests by their path, and holds those that a test wants held. */
export interface Service {
  readonly url: string;
  /** How often this path was requested. */
  times(path: string): number;
  /** All requests. */
  total(): number;
  /** Holds the `count`th request from now; the others are answered. */
  holdNext(count: number): void;
  /** True while a request is held. */
  holds(): boolean;
  close(): Promise<void>;
}

export async function startService(answer: (path: string, body: unknown) => Answer): Promise<Service> {
  const counts = new Map<string, number>();
  let held: ServerResponse | null = null;
  let until = Infinity;

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    until -= 1;
    if (until === 0) {
      held = response;
      // Who asked was killed: nobody waits for this answer any more.
      response.on('close', () => {
        held = null;
      });
      return;
    }
    void (request.method === 'POST' ? json(request).catch(() => null) : Promise.resolve(null)).then(
      (body) => {
        const { status = 200, body: told } = answer(path, body);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(told));
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    times: (path) => counts.get(path) ?? 0,
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    holdNext: (count) => {
      until = count;
    },
    holds: () => held !== null,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
