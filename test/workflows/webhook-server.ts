import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { Webhook as Verifier } from 'standardwebhooks';
import { z } from 'zod';

const bodySchema = z.strictObject({
  id: z.string(),
  type: z.string(),
  timestamp: z.iso.datetime(),
  team: z.string(),
  seq: z.int(),
  data: z.record(z.string(), z.unknown()),
});

/** A request as the receiver of a webhook sees it. */
export interface Hook {
  readonly headers: Record<string, string>;
  readonly raw: string;
  readonly body: z.output<typeof bodySchema>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** The receiver of a platform's events: keeps each request, and answers as the test says. */
export interface WebhookServer {
  readonly url: string;
  /** Every request in the order of arrival, whatever it was answered. */
  readonly hooks: readonly Hook[];
  /** Those of a team. */
  of(team: string): readonly Hook[];
  /** Decides on each request from now on; `null` leaves it without an answer. Default: 204. */
  answer(decide: (hook: Hook, earlier: number) => Reply | null): void;
  close(): Promise<void>;
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** What the receiver's library makes of a request. Throws if the signature is not of this secret. */
export function verified(hook: Hook, secret = SECRET): unknown {
  return new Verifier(secret).verify(hook.raw, hook.headers);
}

export async function startWebhookServer(): Promise<WebhookServer> {
  const hooks: Hook[] = [];
  let decide: (hook: Hook, earlier: number) => Reply | null = () => ({ status: 204 });

  function take(headers: NodeJS.Dict<string | string[]>, raw: string, response: ServerResponse): void {
    const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    const hook: Hook = {
      headers: z.record(z.string(), z.string()).parse(Object.fromEntries(flat)),
      raw,
      body: bodySchema.parse(JSON.parse(raw)),
    };
    const earlier = hooks.filter(({ body }) => body.id === hook.body.id).length;
    hooks.push(hook);
    const reply = decide(hook, earlier);
    if (reply !== null) response.writeHead(reply.status, reply.headers).end();
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      take(request.headers, Buffer.concat(chunks).toString('utf8'), response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}/hooks?key=not-for-logs`,
    hooks,
    of: (team) => hooks.filter(({ body }) => body.team === team),
    answer: (next) => {
      decide = next;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
