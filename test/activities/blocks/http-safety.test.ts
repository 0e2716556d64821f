import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BlockRegistryOptions, type BlockResult } from '../../../src/activities/blocks';
import { allowList, httpAllowFrom } from '../../../src/activities/blocks/http-allow';
import { specialUse } from '../../../src/activities/blocks/http-addresses';
import { type Json } from '../../../src/contracts/json';
import {
  callWith,
  failureOf,
  json,
  secretsOf,
  startServer,
  withRegistry,
  type Answer,
  type TestServer,
} from './support';

/** A server whose every connection would be one too many. */
let inside: Server;
let insidePort = 0;
let connections = 0;
/** A server that flows may reach. */
let open: TestServer;
let answer: Answer;

beforeAll(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  insidePort = (inside.address() as AddressInfo).port;
  open = await startServer((request, response) => {
    answer(request, response);
  });
});
afterAll(async () => {
  inside.close();
  await open.close();
});
beforeEach(() => {
  connections = 0;
  open.seen.length = 0;
  answer = (_, response) => {
    json(response, { ok: true });
  };
});

function get(
  url: string,
  options: BlockRegistryOptions = {},
  config: Record<string, Json> = {},
): Promise<BlockResult> {
  const block = { id: 'h', type: 'http-request', config: { url, ...config } };
  return withRegistry(options, (registry) => registry.run(block, callWith({})));
}

const openHost = (): string => new URL(open.url).host;

/** Answers with the lists given, one a call, the last one again and again. */
function resolver(...answers: (readonly string[])[]): { lookup: LookupFunction; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    lookup: (_name, options, done) => {
      const found = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const [first] = addresses;
      if (options.all === true) done(null, addresses);
      else done(null, first?.address ?? '', first?.family ?? 4);
    },
  };
}

describe('an address that is not public', () => {
  it.each([
    ['0.0.0.0', 'this host'],
    ['10.1.2.3', 'private'],
    ['100.100.100.200', 'carrier-grade NAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.170', 'reserved'],
    ['192.0.2.1', 'documentation'],
    ['192.168.1.1', 'private'],
    ['198.19.0.1', 'benchmarking'],
    ['198.51.100.7', 'documentation'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.251', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['[::]', 'unspecified'],
    ['[::1]', 'loopback'],
    ['[::ffff:127.0.0.1]', 'loopback'],
    ['[::ffff:a9fe:a9fe]', 'link-local'],
    ['[::127.0.0.1]', 'reserved'],
    ['[64:ff9b::7f00:1]', 'loopback'],
    ['[64:ff9b::10.0.0.1]', 'private'],
    ['[64:ff9b:1::1]', 'local NAT64'],
    ['[2002:7f00:1::]', '6to4'],
    ['[2001:0:7f00:1::]', 'Teredo'],
    ['[2001:2::1]', 'reserved'],
    ['[2001:db8::1]', 'documentation'],
    ['[fc00::1]', 'private'],
    ['[fd00:ec2::254]', 'private'],
    ['[fe80::1]', 'link-local'],
    ['[fec0::1]', 'site-local'],
    ['[ff02::1]', 'multicast'],
    ['[4000::1]', 'reserved'],
  ])('%s is refused: %s', async (host, what) => {
    const failure = await failureOf(get(`http://${host}:${insidePort}/x?key=k`));
    expect(failure).toMatchObject({ type: 'HttpAddressRefused', retryable: false });
    expect(failure.message).toContain(` ${what} address, which flows may not reach`);
    expect(failure.message).toContain(`:${insidePort}" to FLOW_CREDITS_HTTP_ALLOW`);
    expect(failure.message).not.toContain('key=k');
  });

  it.each(['2130706433', '0x7f000001', '017700000001', '127.1', '0x7f.0.0.1', '127.0.0.1.', '127。0。0。1'])(
    'is refused however it is written: %s',
    async (host) => {
      const failure = await failureOf(get(`http://${host}:${insidePort}/`));
      expect(failure.message).toContain('127.0.0.1, a loopback address');
      expect(connections).toBe(0);
    },
  );

  it.each(['http', 'https'])('gets no connection, by %s', async (protocol) => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const failure = await failureOf(get(`${protocol}://${host}:${insidePort}/`));
      expect(failure.type).toBe('HttpAddressRefused');
    }
    expect(connections).toBe(0);
  });

  it('is told from a public one, whatever it is', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '100.63.255.255',
      '172.32.0.1',
      '198.20.0.1',
      '223.255.255.255',
    ])
      expect(specialUse(address)).toBeNull();
    for (const address of ['2606:4700::1111', '2a00:1450::1', '::ffff:8.8.8.8', '64:ff9b::808:808'])
      expect(specialUse(address)).toBeNull();
    expect(specialUse('fe80::1%eth0')).toBe('link-local');
    expect(specialUse('example.com')).toBe('no address');
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const inside = specialUse(address);
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const high = (a * 256 + b).toString(16);
        const low = (c * 256 + d).toString(16);
        expect(specialUse(`::ffff:${address}`)).toBe(inside);
        expect(specialUse(`::ffff:${high}:${low}`)).toBe(inside);
        expect(specialUse(`0:0:0:0:0:FFFF:${high}:${low}`)).toBe(inside);
        expect(specialUse(`64:ff9b::${high}:${low}`)).toBe(inside);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        // Outside of 2000::/3 only an address that stands for an IPv4 one is public.
        if (specialUse(address) === null) expect(address).toMatch(/^([23][0-9a-f]{3}:|.*ffff|.*ff9b)/i);
      }),
    );
  });
});

describe('a name', () => {
  it('is refused by the address it resolves to, and the message has both', async () => {
    const { lookup } = resolver(['10.0.0.7']);
    const failure = await failureOf(get('http://api.example/x', { lookup }));
    expect(failure.message).toBe(
      'GET http://api.example/x: api.example is at 10.0.0.7, a private address, which flows may not reach; ' +
        'if they are to, the platform adds "api.example:80" to FLOW_CREDITS_HTTP_ALLOW of its workers',
    );
  });

  it('is refused if one of its addresses is not public', async () => {
    const { lookup } = resolver(['8.8.8.8', '127.0.0.1']);
    const failure = await failureOf(get(`http://api.example:${insidePort}/`, { lookup }));
    expect(failure.type).toBe('HttpAddressRefused');
    expect(connections).toBe(0);
  });

  it('that changes its mind gains nothing: what was checked is what is connected to', async () => {
    // Public at first, and this machine when it is asked again.
    const { lookup, asked } = resolver(['192.0.2.1'], ['127.0.0.1']);
    await withRegistry({ lookup, httpAllow: ['192.0.2.1'] }, async (registry) => {
      const config = { url: `http://rebind.example:${insidePort}/`, timeoutSeconds: 0.3 };
      const block = { id: 'h', type: 'http-request', config };
      // Whatever becomes of the connection to the first address, it is to no other.
      const first = await failureOf(registry.run(block, callWith()));
      expect(first.type).not.toBe('HttpAddressRefused');
      expect(asked()).toBe(1);
      const second = await failureOf(registry.run(block, callWith()));
      expect(second.message).toContain('rebind.example is at 127.0.0.1, a loopback address');
      expect(asked()).toBe(2);
    });
    expect(connections).toBe(0);
  });

  it('keeps a secret that is part of it', async () => {
    const { lookup } = resolver(['10.0.0.7']);
    const secrets = secretsOf({ HOST: 'hidden-host-name' });
    const failure = await failureOf(get('http://{{secret:HOST}}.example/', { lookup, secrets }));
    expect(failure.type).toBe('HttpAddressRefused');
    expect(failure.message).not.toContain('hidden-host-name');
  });
});

describe('a redirect', () => {
  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '169.254.169.254'])(
    'to %s is refused',
    async (host) => {
      answer = (_, response) => {
        response.writeHead(302, { location: `http://${host}:${insidePort}/meta` }).end();
      };
      const failure = await failureOf(get(open.url, { httpAllow: [openHost()] }));
      expect(failure).toMatchObject({ type: 'HttpAddressRefused', retryable: false });
      expect(failure.message).toContain(`GET http://`);
      expect(failure.message).toContain('/meta: ');
      expect(open.seen).toHaveLength(1);
      expect(connections).toBe(0);
    },
  );

  it('is followed where it may go, and only so far', async () => {
    answer = (request, response) => {
      const next = request.url === '/a' ? '/b' : `http://127.0.0.1:${insidePort}/c`;
      response.writeHead(307, { location: next }).end();
    };
    const failure = await failureOf(get(`${open.url}/a`, { httpAllow: [openHost()] }));
    expect(failure.type).toBe('HttpAddressRefused');
    expect(open.seen.map(({ url }) => url)).toEqual(['/a', '/b']);
    expect(connections).toBe(0);
  });
});

describe('what is allowed by name', () => {
  it('is reached: an address, its network, its port, a name', async () => {
    const { lookup } = resolver(['127.0.0.1']);
    const { port } = new URL(open.url);
    for (const entry of [
      '127.0.0.1',
      '127.0.0.0/8',
      `127.0.0.1:${port}`,
      'API.example.',
      `api.example:${port}`,
    ]) {
      const url = `http://${entry.toLowerCase().startsWith('api') ? 'api.example' : '127.0.0.1'}:${port}/`;
      expect(await get(url, { lookup, httpAllow: [entry] })).toMatchObject({ value: { status: 200 } });
    }
    expect(open.seen).toHaveLength(5);
  });

  it.each([
    ['127.0.0.1:1', '127.0.0.1'],
    ['api.example:1', 'api.example'],
    ['other.example', 'api.example'],
    // The name is allowed, not the address it has: another name for it is another matter.
    ['api.example', '127.0.0.1'],
    ['10.0.0.0/8', 'api.example'],
    ['::1', '127.0.0.1'],
  ])('is no more than it says: %s is not %s', async (entry, host) => {
    const { lookup } = resolver(['127.0.0.1']);
    const failure = await failureOf(get(`http://${host}:${insidePort}/`, { lookup, httpAllow: [entry] }));
    expect(failure.type).toBe('HttpAddressRefused');
    expect(connections).toBe(0);
  });

  it('is read from a list in text, and what is no entry is refused by name', () => {
    expect(
      httpAllowFrom({ FLOW_CREDITS_HTTP_ALLOW: ' crm.internal:8080, 10.0.0.0/8\n[::1]:80 fd00::/8 ' }),
    ).toEqual(['crm.internal:8080', '10.0.0.0/8', '[::1]:80', 'fd00::/8']);
    expect(httpAllowFrom({})).toEqual([]);
    for (const entry of ['http://x/', 'a:b', 'x:99999', '10.0.0.0/33', 'x/8', 'a@b', 'x?y']) {
      expect(() => httpAllowFrom({ FLOW_CREDITS_HTTP_ALLOW: entry })).toThrow(
        `FLOW_CREDITS_HTTP_ALLOW: "${entry}" names nothing that may be reached`,
      );
    }
    const list = allowList(['[::1]:80', 'fd00::/8']);
    expect(list.allows('x', 80, '::1')).toBe(true);
    expect(list.allows('x', 81, '::1')).toBe(false);
    expect(list.allows('x', 81, 'fd12::1')).toBe(true);
  });
});

describe('a connector', () => {
  const service = (baseUrl: string): BlockRegistryOptions => ({
    services: { crm: { baseUrl, headers: {}, operations: { get: { method: 'GET', path: '/x' } } } },
  });
  const call = { id: 'k', type: 'connector', config: { service: 'crm', operation: 'get' } };

  it('reaches its service wherever the platform has it, and nobody else does by its connection', async () => {
    await withRegistry(service(open.url), async (registry) => {
      await registry.run(call, callWith());
      expect(open.seen).toHaveLength(1);
      const block = { id: 'h', type: 'http-request', config: { url: `${open.url}/x` } };
      const failure = await failureOf(registry.run(block, callWith()));
      expect(failure.type).toBe('HttpAddressRefused');
      expect(open.seen).toHaveLength(1);
    });
  });

  it('is not led elsewhere', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${insidePort}/` }).end();
    };
    await withRegistry(service(open.url), async (registry) => {
      expect((await failureOf(registry.run(call, callWith()))).type).toBe('HttpAddressRefused');
    });
    expect(connections).toBe(0);
  });
});

describe('a proxy of the environment', () => {
  const NAMES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  afterEach(() => {
    for (const name of NAMES) Reflect.deleteProperty(process.env, name);
  });

  it('is not used: what it connects to could not be seen', async () => {
    for (const name of NAMES) process.env[name] = `http://127.0.0.1:${insidePort}`;
    expect(await get(open.url, { httpAllow: [openHost()] })).toMatchObject({ value: { status: 200 } });
    expect((await failureOf(get('http://10.0.0.1/'))).type).toBe('HttpAddressRefused');
    expect(connections).toBe(0);
  });
});
