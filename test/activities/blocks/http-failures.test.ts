import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBlockRegistry, LOOPBACK, type BlockResult } from '../../../src/activities/blocks';
import { type Json } from '../../../src/contracts/json';
import { selfSigned } from './certificate';
import { callWith, failureOf, json, startServer, type Answer, type TestServer } from './support';

const registry = createBlockRegistry({ httpAllow: LOOPBACK });
afterAll(() => registry.close());

let answer: Answer;
let server: TestServer;

beforeAll(async () => {
  server = await startServer((request, response) => {
    answer(request, response);
  });
});
afterAll(() => server.close());
beforeEach(() => {
  server.seen.length = 0;
  answer = (_, response) => {
    json(response, { fine: true });
  };
});

type Config = Record<string, Json>;

function send(config: Config, input: Json = null, signal?: AbortSignal): Promise<BlockResult> {
  const block = { id: 'h', type: 'http-request', config: { url: `${server.url}/x`, ...config } };
  return registry.run(block, callWith({ start: input }, signal));
}

describe('what goes wrong on the way', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const one of servers.splice(0)) await new Promise((resolve) => one.close(resolve));
  });

  async function listen(one: Server): Promise<number> {
    servers.push(one);
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return (one.address() as AddressInfo).port;
  }

  it('nobody listens', async () => {
    const port = await listen(createTcpServer());
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    const failure = await failureOf(send({ url: `http://127.0.0.1:${port}/`, method: 'POST' }));
    // Not even a POST has arrived: it may be sent again.
    expect(failure).toMatchObject({ type: 'HttpUnreachable', retryable: true });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it('there is no such host', async () => {
    const failure = await failureOf(send({ url: 'http://no-such-host.invalid/' }));
    expect(failure).toMatchObject({ type: 'HttpUnreachable', retryable: true });
    expect(failure.message).toMatch(/no-such-host\.invalid\/: no answer \((ENOTFOUND|EAI_AGAIN)\)/);
  });

  it.each([
    ['GET', true],
    ['POST', false],
  ])('the connection breaks under a %s', async (method, retryable) => {
    answer = (_, response) => {
      response.destroy();
    };
    expect(await failureOf(send({ method }))).toMatchObject({ type: 'HttpUnreachable', retryable });
  });

  it('the connection breaks in the middle of the body', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    };
    expect(await failureOf(send({}))).toMatchObject({ type: 'HttpUnreachable', retryable: true });
  });

  it('the answer is not HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n\r\n')),
    );
    const failure = await failureOf(send({ url: `http://127.0.0.1:${port}/` }));
    expect(failure).toMatchObject({ type: 'HttpResponseInvalid', retryable: false });
  });

  it('the certificate is nobody’s', async () => {
    const port = await listen(createTlsServer(selfSigned, (_, response) => response.end('secret')));
    const failure = await failureOf(send({ url: `https://localhost:${port}/` }));
    expect(failure).toMatchObject({ type: 'HttpTls', retryable: false });
    expect(failure.message).toContain('SELF_SIGNED_CERT');
  });

  it('the server does not speak TLS', async () => {
    const failure = await failureOf(send({ url: server.url.replace('http:', 'https:') }));
    expect(failure).toMatchObject({ type: 'HttpTls', retryable: false });
  });

  it.each<[string, Answer]>([
    ['says nothing', () => undefined],
    ['stops in the middle', (_, response) => response.writeHead(200).write('half')],
  ])('the server %s', async (_, silence) => {
    answer = silence;
    const failure = await failureOf(send({ timeoutSeconds: 0.2 }));
    expect(failure).toMatchObject({ type: 'HttpTimeout', retryable: true });
    expect(failure.message).toContain('no complete answer within 0.2 s');
    expect(await failureOf(send({ timeoutSeconds: 0.2, method: 'POST' }))).toMatchObject({
      retryable: false,
    });
  });
});

describe('cancellation', () => {
  it('before the request sends none', async () => {
    await expect(send({}, null, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(server.seen).toHaveLength(0);
  });

  it('while the server thinks hangs up', async () => {
    const cancelled = new AbortController();
    let hangUp: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => (hangUp = resolve));
    answer = (_, response) => {
      response.on('close', hangUp);
      cancelled.abort(new Error('cancelled'));
    };
    await expect(send({}, null, cancelled.signal)).rejects.toThrow('cancelled');
    await hungUp;
  });

  it('while the body comes hangs up', async () => {
    const cancelled = new AbortController();
    answer = (_, response) => {
      response.writeHead(200).write('half');
      setImmediate(() => {
        cancelled.abort(new Error('cancelled'));
      });
    };
    await expect(send({}, null, cancelled.signal)).rejects.toThrow('cancelled');
  });

  it('between two redirects sends no more', async () => {
    const cancelled = new AbortController();
    answer = (_, response) => {
      cancelled.abort(new Error('cancelled'));
      response.writeHead(302, { location: '/y' }).end();
    };
    await expect(send({}, null, cancelled.signal)).rejects.toThrow('cancelled');
    expect(server.seen).toHaveLength(1);
  });

  it('while templates are evaluated sends none', async () => {
    const cancelled = new AbortController();
    const attempt = send({ url: `${server.url}/{{ 1 + 1 }}` }, null, cancelled.signal);
    cancelled.abort(new Error('cancelled'));
    await expect(attempt).rejects.toThrow('cancelled');
    expect(server.seen).toHaveLength(0);
  });
});
