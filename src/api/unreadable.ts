import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { type FastifyInstance } from 'fastify';
import { Problem, PROBLEMS, problemType, type ProblemSlug } from './problem';
import { type ProblemBody } from './schemas/problem';

/** How long a request may take to be there as a whole, its body included. */
export const REQUEST_WITHIN_MS = 60_000;

/** What Node says of a request that it could not read, in our words. */
const UNREADABLE: Readonly<Record<string, readonly [ProblemSlug, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    'too-slow',
    `the request was not there as a whole within ${REQUEST_WITHIN_MS / 1000} s`,
  ],
  HPE_HEADER_OVERFLOW: ['malformed', 'the address and the headers are too long'],
};

/**
 * What is no HTTP request, or is not there in time, or has more of an address and of headers than Node reads (16 KiB):
 * answered before there is a request, and so by hand. Fastify calls it as its own.
 */
export function answerUnreadable(
  this: FastifyInstance,
  error: { readonly code?: string },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [slug, detail] = UNREADABLE[error.code ?? ''] ?? [
    'malformed',
    'this is no HTTP request that can be read',
  ];
  const requestId = answerByHand(socket, slug, detail);
  this.log.info({ request: requestId, code: error.code ?? null }, detail);
}

/**
 * Answers by a problem who Node would turn away with an empty answer, or with none: who names no host, who expects what
 * nobody keeps, who takes us for a proxy. Call it before there is any route.
 */
export function meetAllCallers(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (raw.headers.host !== undefined || raw.httpVersion !== '1.1') {
      done();
      return;
    }
    const message = 'is missing; HTTP/1.1 has it in each request';
    throw new Problem('malformed', `header: host ${message}`, {
      errors: [{ in: 'header', path: 'host', message }],
    });
  });
  // Only "100-continue" means anything, and Node keeps that one: a server may overlook others (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  app.server.on('connect', ({ url = '' }, socket) => {
    const detail = 'CONNECT is not among the methods here: this is no proxy';
    const requestId = answerByHand(socket, 'method-not-allowed', detail, 'allow: \r\n');
    app.log.info({ request: requestId, path: url }, detail);
  });
}

/** Gives the id that it made up for what is no request to Fastify. */
function answerByHand(socket: Duplex, slug: ProblemSlug, detail: string, headers = ''): string {
  const requestId = randomUUID();
  const { title, status } = PROBLEMS[slug];
  const body: ProblemBody = { type: problemType(slug), title, status, detail, instance: '', requestId };
  const text = JSON.stringify(body);
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n` +
      `content-type: application/problem+json\r\nx-content-type-options: nosniff\r\n${headers}` +
      `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  return requestId;
}
