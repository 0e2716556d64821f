import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { atEnd } from '../support';
import { openApiDesk } from './desk';

/** A promise, and what resolves it. */
function event(): { readonly happened: Promise<void>; readonly happen: () => void } {
  let happen = (): void => undefined;
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

it('closing the API waits for who is being answered, and for no connection that is merely open', async () => {
  const [asked, closing] = [event(), event()];
  const { app } = await openApiDesk({
    working: false,
    api: {
      plugins: [
        (server) => {
          server.addHook('preClose', (done) => {
            closing.happen();
            done();
          });
          server.get('/slow', async () => {
            asked.happen();
            await closing.happened;
            return 'done';
          });
          return Promise.resolve();
        },
      ],
    },
  });
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  // As browsers do it: opened ahead of need, and kept open for more.
  const silent = connect(Number(port), '127.0.0.1');
  await once(silent, 'connect');
  const agent = new Agent({ keepAlive: true });
  atEnd(() => {
    silent.destroy();
    agent.destroy();
    return Promise.resolve();
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/slow', agent }, resolve).on('error', reject);
  });
  await asked.happened;
  await app.close();
  const { statusCode, headers } = await answer;
  expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'close' });
});

it('closing the API waits for no request that does not come to its end', async () => {
  const { app } = await openApiDesk({ working: false });
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const half = 'POST /v1/estimates HTTP/1.1\r\nHost: x\r\n';
  const halves = [half, `${half}Content-Length: 100\r\n\r\n{`].map((text) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined).resume();
    return once(socket, 'close');
  });
  // The body's half is one that was asked.
  await once(app.server, 'request');
  await app.close();
  await Promise.all(halves);
});
