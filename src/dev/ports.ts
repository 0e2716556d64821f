import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what Linux (from 32768), macOS and Windows (from 49152) hand to outgoing connections. */
const FIRST_PORT = 10_000;
const END_OF_PORTS = 32_000;
const TRIES = 100;

/**
 * A TCP port of 127.0.0.1 that is free now. It is none that the system may give to somebody's outgoing connection:
 * such a one could be gone a moment later, and still be gone when a server comes back to it. Another process may
 * take it before its use all the same: callers retry.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const port = randomInt(FIRST_PORT, END_OF_PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `no free port on 127.0.0.1: ${String(TRIES)} between ${String(FIRST_PORT)} and ${String(END_OF_PORTS)} were taken`,
  );
}

/** Whether nobody listens on a TCP port of 127.0.0.1 at present. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
