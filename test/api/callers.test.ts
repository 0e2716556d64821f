import { EventEmitter, once } from 'node:events';
import { METHODS, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { apiLogger, logRequests } from '../../src/api/logging';
import { eventually } from '../support';
import { openApiDesk, type ApiDesk } from './desk';

let desk: ApiDesk;
let port: number;
/** Of a request whose body is about to be read. */
const reading = new EventEmitter();
const lines: string[] = [];

beforeAll(async () => {
  const stream = { write: (line: string) => void lines.push(line) };
  desk = await openApiDesk({
    working: false,
    api: {
      logger: apiLogger({ stream }),
      around: [
        logRequests,
        (app) => {
          app.addHook('preParsing', (_request, _reply, _body, done) => {
            reading.emit('body');
            done();
          });
        },
      ],
    },
  });
  port = Number(new URL(await desk.app.listen({ port: 0, host: '127.0.0.1' })).port);
});

const problemSchema = z.looseObject({ status: z.int(), detail: z.string(), requestId: z.string() });

async function dial(text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** What comes back until the server has no more to say. */
async function heard(socket: Socket): Promise<{ head: string; problem: z.infer<typeof problemSchema> }> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/);
  const problem = problemSchema.parse(JSON.parse(body));
  expect(head).toContain(`HTTP/1.1 ${problem.status} `);
  expect(head).toContain(`x-request-id: ${problem.requestId}`);
  return { head, problem };
}

const logOf = (id: string): unknown[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['request'] === id);

describe('whom Node would turn away without a word is answered by a problem', () => {
  it.each([
    ['names no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'header: host is missing'],
    [
      'expects what nobody keeps',
      'GET /v1/me HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      401,
      'the header Authorization has no bearer token',
    ],
    ['takes us for a proxy', 'CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n', 405, 'no proxy'],
    ['speaks no HTTP', 'how do you do\r\n\r\n', 400, 'no HTTP request'],
  ])('who %s', async (_who, text, status, detail) => {
    const { problem } = await heard(await dial(text));
    expect(problem).toMatchObject({ status, detail: expect.stringContaining(detail) });
    // The id finds it.
    await eventually(() => {
      expect(logOf(problem.requestId)).not.toEqual([]);
    });
  });

  it('who does not come to an end', async () => {
    expect(desk.app.server.requestTimeout).toBe(60_000);
    const theirs = once(desk.app.server, 'connection');
    const socket = await dial('POST /v1/estimates HTTP/1.1\r\n');
    const [ours] = (await theirs) as [Socket];
    // As Node tells it when the time is over.
    desk.app.server.emit(
      'clientError',
      Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
      ours,
    );
    expect((await heard(socket)).problem).toMatchObject({
      status: 408,
      detail: expect.stringContaining('60 s'),
    });
  });
});

describe('a caller who goes in the middle of a body', () => {
  it('is no fault of ours, and no sign that Postgres is away', async () => {
    const token = await desk.token({ role: 'operator' });
    const begun = once(reading, 'body');
    const socket = await dial(
      `PUT /v1/teams/nobody-yet HTTP/1.1\r\nHost: x\r\nX-Request-Id: gone-1\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    await begun;
    socket.destroy();
    await eventually(() => {
      expect(logOf('gone-1')).toContainEqual(
        expect.objectContaining({ level: 'info', audit: expect.objectContaining({ status: 400 }) }),
      );
    });
    expect(logOf('gone-1')).not.toContainEqual(expect.objectContaining({ level: 'error' }));
  });
});

describe('a method that Node reads and no address has', () => {
  it('is 405 as others are: PROPFIND, LOCK, SEARCH, …', async () => {
    const odd = METHODS.filter((method) => !['CONNECT', 'GET', 'HEAD'].includes(method));
    expect(odd).toContain('PROPFIND');
    for (const method of odd) {
      const { status, type, allow } = await new Promise<Record<string, unknown>>((resolve, reject) => {
        request({ port, host: '127.0.0.1', method, path: '/v1/me', agent: false }, (answer) => {
          answer.resume();
          const { headers, statusCode } = answer;
          resolve({ status: statusCode, type: headers['content-type'], allow: headers.allow });
        })
          .on('error', reject)
          .end();
      });
      expect({ method, status, type, allow }).toEqual({
        ...{ method, status: 405, type: 'application/problem+json', allow: 'GET, HEAD' },
      });
    }
  });
});

describe('a body that is packed', () => {
  it('is 415: nobody unpacks it here', async () => {
    const answer = await desk.ask(
      '/v1/estimates',
      { role: 'operator' },
      {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
        body: {},
      },
    );
    expect(answer.json()).toMatchObject({
      status: 415,
      detail: 'content-encoding is "gzip"; send the body as it is',
    });
  });
});
