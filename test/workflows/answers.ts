import { once } from 'node:events';
import { createServer } from 'node:http';

/** A server that answers `/N/…` with 503 its first N times. */
export interface Answers {
  readonly url: string;
  /** How often a path was asked for. */
  seen(path: string): number;
  close(): Promise<void>;
}

export async function startAnswers(): Promise<Answers> {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const times = (seen.get(path) ?? 0) + 1;
    seen.set(path, times);
    response.statusCode = times <= Number(path.split('/')[1] ?? 0) ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    seen: (path) => seen.get(path) ?? 0,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
