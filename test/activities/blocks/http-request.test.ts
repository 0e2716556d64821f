import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBlockRegistry, LOOPBACK, type BlockResult } from '../../../src/activities/blocks';
import { type Json } from '../../../src/contracts/json';
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

/** The value of a block that delivers on `out`. */
async function delivered(config: Config, input?: Json): Promise<Record<string, Json>> {
  const { port, value } = await send(config, input);
  expect(port).toBeUndefined();
  return value as Record<string, Json>;
}

function headerOf(value: Record<string, Json>, name: string): unknown {
  return (value['headers'] as Record<string, Json>)[name];
}

describe('a request', () => {
  it('is what the config says', async () => {
    await send(
      {
        method: 'POST',
        url: `${server.url}/users/{{ $encodeUrlComponent(input.id) }}?a=1`,
        headers: { 'X-One': 'n{{ input.n }}', 'x-gone': '{{ input.missing }}' },
        query: {
          b: '{{ input.id }}',
          c: [1, 2].length,
          d: true,
          list: '{{ input.list }}',
          none: '{{ null }}',
        },
        body: {
          json: { whole: '{{ input.list }}', text: 'id {{ input.id }}', fixed: 1, 'a b': '{{ input.n }}' },
        },
      },
      { id: 'ä/b', n: 7, list: [1, 'two'] },
    );
    const [request] = server.seen;
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe('/users/%C3%A4%2Fb?a=1&b=%C3%A4%2Fb&c=2&d=true&list=1&list=two');
    expect(request?.headers).toMatchObject({
      'x-one': 'n7',
      'content-type': 'application/json',
      'user-agent': 'temporal-flow-credits',
    });
    expect(request?.headers).not.toHaveProperty('x-gone');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      whole: [1, 'two'],
      text: 'id ä/b',
      fixed: 1,
      'a b': 7,
    });
  });

  it('may carry text, and its own content type', async () => {
    await send(
      { method: 'PUT', body: { text: 'a,{{ input }}' }, headers: { 'Content-Type': 'text/csv' } },
      'b',
    );
    expect(server.seen[0]).toMatchObject({ body: 'a,b', headers: { 'content-type': 'text/csv' } });
  });

  it.each([
    [
      'a template that yields nothing',
      { url: 'http://{{ input.host }}/x' },
      'TemplateFailed',
      '"{{ input.host }}" yields nothing',
    ],
    ['a template that breaks', { url: '{{ $error("no address") }}' }, 'ExpressionFailed', 'no address'],
    ['an address that is none', { url: '{{ input.base }}/x' }, 'HttpUrlInvalid', '"nowhere/x" is no address'],
    ['an address that is no text', { url: '{{ input.n }}' }, 'HttpUrlInvalid', 'came out as 7'],
    [
      'an address of another kind',
      { url: '{{ "file:///etc/passwd" }}' },
      'HttpUrlInvalid',
      'must begin with',
    ],
    [
      'an address with a password',
      { url: 'http://u:p4ssword@127.0.0.1/' },
      'HttpUrlInvalid',
      'holds a user or a password',
    ],
    ['a header with a line break', { headers: { a: '{{ "b\\nc: d" }}' } }, 'ConfigInvalid', 'header "a"'],
    [
      'a secret there is not',
      { headers: { a: '{{secret:NO_SUCH}}' } },
      'SecretUnknown',
      'team "acme" has no secret "NO_SUCH"',
    ],
  ])('is not sent with %s', async (_, config, type, message) => {
    const failure = await failureOf(send(config, { base: 'nowhere', n: 7 }));
    expect(failure).toMatchObject({ type, retryable: false });
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain('p4ssword');
    expect(server.seen).toHaveLength(0);
  });
});

describe('an answer', () => {
  it('is delivered with status, headers and body', async () => {
    answer = (_, response) => {
      response.setHeader('x-a', ['1', '2']);
      json(response, { list: [1] }, 201);
    };
    const value = await delivered({});
    expect(value).toMatchObject({ status: 201, body: { list: [1] } });
    expect(headerOf(value, 'x-a')).toBe('1, 2');
  });

  it.each<[string, string, string | Buffer, Json]>([
    ['JSON of a kind', 'application/problem+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['what is not the JSON it says', 'application/json', '{"a":', '{"a":'],
    ['text', 'text/plain', 'hällo', 'hällo'],
    ['nothing', 'application/json', '', null],
    ['bytes', 'image/png', Buffer.from([137, 80, 255]), { base64: 'iVD/' }],
    ['bytes that say they are text', 'text/plain', Buffer.from([255, 254]), { base64: '//4=' }],
  ])('may be %s', async (_, type, body, expected) => {
    answer = (__, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    };
    expect((await delivered({}))['body']).toEqual(expected);
  });

  it('is decoded, and counts as decoded', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
      response.end(gzipSync('a'.repeat(100_000)));
    };
    expect((await delivered({}))['body']).toBe('a'.repeat(100_000));
    const failure = await failureOf(send({ maxResponseBytes: 50_000 }));
    expect(failure.type).toBe('HttpResponseTooLarge');
  });

  it('to HEAD has no body, whatever its headers promise', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '1000' });
      response.end();
    };
    expect(await delivered({ method: 'HEAD' })).toMatchObject({ status: 200, body: null });
  });

  it('that is not what its encoding says is a failure', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end('plain');
    };
    expect(await failureOf(send({}))).toMatchObject({ type: 'HttpResponseInvalid', retryable: false });
  });

  it('is read no further than it may be long', async () => {
    let hangUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (hangUp = resolve));
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.on('close', hangUp);
      const more = (): void => {
        // Endless, if nobody hangs up.
        while (response.write('x'.repeat(16_384)));
        response.once('drain', more);
      };
      more();
    };
    const failure = await failureOf(send({ maxResponseBytes: 100_000 }));
    expect(failure).toMatchObject({ type: 'HttpResponseTooLarge', retryable: false });
    expect(failure.message).toContain(`GET ${server.url}/x: the answer is larger than 98 kB`);
    await closed;
  });
});

describe('a status', () => {
  const withStatus =
    (status: number, headers: Record<string, string> = {}): Answer =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'text/plain', ...headers });
      response.end('out of order');
    };

  it.each([204, 304, 400, 404, 409])('%i is delivered', async (status) => {
    answer = withStatus(status);
    expect((await delivered({}))['status']).toBe(status);
  });

  it.each([
    [500, 'GET', {}, true],
    [501, 'GET', {}, false],
    [502, 'DELETE', {}, true],
    [429, 'GET', {}, true],
    [500, 'POST', {}, false],
    [503, 'POST', {}, true],
    [429, 'PATCH', {}, true],
    [500, 'POST', { attempts: 5 }, true],
    [500, 'POST', { attempts: 1 }, false],
    [404, 'GET', { failOn: [404] }, false],
    [408, 'GET', { failOn: ['4xx'] }, true],
    [302, 'GET', { failOn: ['3xx'], redirects: 0 }, false],
  ])(
    '%i of a %s with %j fails the attempt; to be tried again: %s',
    async (status, method, config, retryable) => {
      answer = withStatus(status);
      const failure = await failureOf(send({ method, ...config }));
      expect(failure).toMatchObject({ type: 'HttpStatus', retryable, usage: null });
      expect(failure.message).toBe(`${method} ${server.url}/x answered ${status}: out of order`);
    },
  );

  it('that does not count as a failure is delivered', async () => {
    answer = withStatus(503);
    expect((await delivered({ failOn: [] }))['status']).toBe(503);
  });

  it('passes on how long the server wants to be left alone', async () => {
    answer = withStatus(429, { 'retry-after': '7' });
    expect((await failureOf(send({}))).retryAfterMs).toBe(7000);
    answer = withStatus(503, { 'retry-after': '86400' });
    expect((await failureOf(send({}))).retryAfterMs).toBe(300_000);
    answer = withStatus(503, { 'retry-after': 'soon' });
    expect((await failureOf(send({}))).retryAfterMs).toBeNull();
    answer = withStatus(503, { 'retry-after': new Date(0).toUTCString() });
    expect((await failureOf(send({}))).retryAfterMs).toBe(0);
  });
});

describe('a redirect', () => {
  const to =
    (status: number, location: string): Answer =>
    ({ url }, response) => {
      if (url !== '/x') json(response, { at: url });
      else response.writeHead(status, { location }).end();
    };

  it.each([
    [301, 'GET', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PUT', 'PUT', '{"a":1}'],
  ])('%i of a %s is followed by a %s', async (status, method, next, body) => {
    answer = to(status, '/y?z=1');
    const config = method === 'GET' ? {} : { body: { json: { a: 1 } } };
    expect((await delivered({ method, ...config }))['body']).toEqual({ at: '/y?z=1' });
    expect(server.seen[1]).toMatchObject({ method: next, body });
    expect(server.seen[1]?.headers['content-type'] === undefined).toBe(body === '');
  });

  it('is delivered itself where none is to be followed', async () => {
    answer = to(302, '/y');
    const value = await delivered({ redirects: 0 });
    expect(value['status']).toBe(302);
    expect(headerOf(value, 'location')).toBe('/y');
  });

  it('in a circle ends', async () => {
    answer = (_, response) => response.writeHead(302, { location: '/x' }).end();
    const failure = await failureOf(send({ redirects: 3 }));
    expect(failure).toMatchObject({ type: 'HttpRedirect', retryable: false });
    expect(server.seen).toHaveLength(4);
  });

  it.each(['http://', 'ftp://127.0.0.1/', 'javascript:alert(1)'])('to %s is refused', async (location) => {
    answer = to(302, location);
    expect((await failureOf(send({}))).type).toMatch(/^Http(Redirect|UrlInvalid)$/);
    expect(server.seen).toHaveLength(1);
  });
});
