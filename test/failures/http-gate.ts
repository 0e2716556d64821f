import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

/** A request of a block: `GET /<workflow id>/<block>`. */
export interface Call {
  readonly run: string;
  readonly block: string;
}

/** The server that the flows of these tests call: it counts, and answers when it is told to. */
export interface HttpGate {
  readonly url: string;
  /** Every request so far in the order of arrival, answered or not. */
  readonly calls: readonly Call[];
  /** How often this block of this run was requested. */
  times(run: string, block: string): number;
  /** Requests of this block, of all runs. */
  of(block: string): readonly Call[];
  /** Answers the held requests that fit. */
  answer(which: (call: Call) => boolean): void;
  /** Answers what is held, and from now on at once. */
  open(): void;
  /** Holds what comes from now on. */
  shut(): void;
  /** Begins to count anew. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts shut: every block that is requested stays in flight until the test lets it go. */
export async function startHttpGate(): Promise<HttpGate> {
  const calls: Call[] = [];
  const held = new Map<ServerResponse, Call>();
  let isOpen = false;

  const server = createServer((request, response) => {
    const [, run = '', block = ''] = (request.url ?? '').split('/');
    const call = { run, block };
    calls.push(call);
    // The process that asked was killed: nobody waits for this answer any more.
    response.on('close', () => held.delete(response));
    if (isOpen) reply(response, call);
    else held.set(response, call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  function answer(which: (call: Call) => boolean): void {
    for (const [response, call] of [...held]) if (which(call)) reply(response, call);
  }

  function reply(response: ServerResponse, { run, block }: Call): void {
    held.delete(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ run, block }));
  }

  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    calls,
    times: (run, block) => calls.filter((call) => call.run === run && call.block === block).length,
    of: (block) => calls.filter((call) => call.block === block),
    answer,
    open: () => {
      isOpen = true;
      answer(() => true);
    },
    shut: () => {
      isOpen = false;
    },
    forget: () => {
      calls.length = 0;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
