import { type AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import {
  BlockError,
  createBlockRegistry,
  type BlockCall,
  type BlockRegistry,
} from '../../../src/activities/blocks';
import { type BlockRegistryOptions } from '../../../src/activities/blocks';
import { type Json } from '../../../src/contracts/json';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  /** Every request that came in whole, in order. */
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** A real HTTP server on a free port of loopback. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(one);
      answer(one, response);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export const RUN = { id: 'w:1', team: 'acme', flow: 'test', trigger: 'manual', location: 'local' } as const;

export function callWith(
  inputs: Readonly<Record<string, Json>> = {},
  signal: AbortSignal = new AbortController().signal,
): BlockCall {
  return { inputs, run: RUN, signal, heartbeat: () => undefined };
}

/** Secrets of team `acme`. */
export function secretsOf(
  all: Readonly<Record<string, string>>,
): NonNullable<BlockRegistryOptions['secrets']> {
  return {
    get: (team, name) =>
      Promise.resolve(team === 'acme' && Object.hasOwn(all, name) ? (all[name] ?? null) : null),
  };
}

/** Uses a registry and closes it. */
export async function withRegistry<T>(
  options: BlockRegistryOptions,
  use: (registry: BlockRegistry) => Promise<T>,
): Promise<T> {
  const registry = createBlockRegistry(options);
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}

/** The failure of a block that must fail. */
export async function failureOf(attempt: Promise<unknown>): Promise<BlockError> {
  try {
    const result = await attempt;
    throw new Error(`it did not fail, and gave ${JSON.stringify(result)}`);
  } catch (error) {
    if (error instanceof BlockError) return error;
    throw error;
  }
}
