import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';
import { type FastifyInstance } from 'fastify';

/** How long a server that closes waits for the rest of a request, and for a caller to take the end of an answer. */
const PATIENCE_MS = 3_000;

/**
 * Lets go of connections that `close()` would wait for until their callers end them: who is answered meanwhile is told
 * that it was the last answer, and one that was opened ahead of need, as browsers do, is cut. Node takes it for busy.
 * After a while all are cut but those whose answer is being made: nobody waits for a request that never ends.
 */
export function partWithCallers(app: FastifyInstance): void {
  const connections = new Set<Socket>();
  const answers = new WeakMap<Socket, ServerResponse>();
  let closing = false;
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answers.set(request.socket, response);
  });
  const beingAnswered = (socket: Socket): boolean => {
    const answer = answers.get(socket);
    return answer !== undefined && answer.req.complete && !answer.writableEnded;
  };
  app.addHook('preClose', (done) => {
    closing = true;
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    const cut = setInterval(() => {
      for (const socket of connections) if (!beingAnswered(socket)) socket.destroy();
    }, PATIENCE_MS).unref();
    app.server.once('close', () => {
      clearInterval(cut);
    });
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
