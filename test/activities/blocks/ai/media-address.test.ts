import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aiProvidersSchema,
  FileBlobs,
  type BlockRegistryOptions,
  type BlockResult,
} from '../../../../src/activities/blocks';
import {
  callWith,
  failureOf,
  json,
  secretsOf,
  startServer,
  withRegistry,
  type Answer,
  type TestServer,
} from '../support';

const BYTES = Buffer.from('GIF89a of a cat');
const USAGE = { model: 'painter', costUsd: '0.02' };

let provider: TestServer;
let elsewhere: TestServer;
let blobs: FileBlobs;
let url = '';
/** What a server answers for the picture itself. */
let serve: Answer;
const folder = mkdtempSync(join(tmpdir(), 'fc-media-'));

beforeAll(async () => {
  blobs = new FileBlobs(folder);
  elsewhere = await startServer((_, response) => response.end(BYTES));
  provider = await startServer((request, response) => {
    if (request.method === 'POST') json(response, { data: [{ url }], usage: { cost: 0.02 } });
    else serve(request, response);
  });
});
afterAll(async () => {
  await provider.close();
  await elsewhere.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  provider.seen.length = 0;
  elsewhere.seen.length = 0;
  serve = (_, response) => response.end(BYTES);
});

function paint(
  options: BlockRegistryOptions = {},
  { signal, ...more }: { readonly signal?: AbortSignal; readonly timeoutSeconds?: number } = {},
): Promise<BlockResult> {
  const providers = aiProvidersSchema.parse({
    local: {
      baseUrl: `${provider.url}/v1`,
      apiKey: '{{secret:KEY}}',
      images: { painter: { cost: { field: 'usage.cost' } } },
    },
  });
  const config = { provider: 'local', model: 'painter', prompt: 'a cat', ...more };
  const secrets = secretsOf({ KEY: 'key-of-the-provider' });
  return withRegistry({ providers, blobs, secrets, ...options }, (registry) =>
    registry.run({ id: 'm', type: 'ai-media', config }, callWith({}, signal)),
  );
}

async function kept(result: BlockResult): Promise<Buffer> {
  const { value } = result;
  const blob = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['blob'] : null;
  return Buffer.from((await blobs.get(typeof blob === 'string' ? blob : '')) ?? []);
}

describe('a picture by its address', () => {
  it('at the provider’s own host is fetched, without its key', async () => {
    url = `${provider.url}/pictures/cat.gif?signature=abc`;
    const result = await paint();
    expect(result).toMatchObject({ value: { mediaType: 'image/gif', bytes: BYTES.length }, usage: USAGE });
    expect(await kept(result)).toEqual(BYTES);
    expect(
      provider.seen.map(({ method, url: path, headers }) => [method, path, headers.authorization]),
    ).toEqual([
      ['POST', '/v1/images/generations', 'Bearer key-of-the-provider'],
      ['GET', '/pictures/cat.gif?signature=abc', undefined],
    ]);
  });

  it('at another private address is refused by name, unless the platform allows it; it is charged', async () => {
    url = `${elsewhere.url}/cat.gif?signature=abc`;
    const refused = await failureOf(paint());
    expect(refused).toMatchObject({ type: 'HttpAddressRefused', retryable: false, usage: USAGE });
    expect(refused.message).toContain('the picture was made and could not be fetched');
    expect(refused.message).not.toContain('signature');
    expect(elsewhere.seen).toHaveLength(0);
    const allowed = await paint({ httpAllow: [new URL(elsewhere.url).host] });
    expect(await kept(allowed)).toEqual(BYTES);
  });

  it('that redirects to another private address is refused, too', async () => {
    url = `${provider.url}/moved`;
    serve = (_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/cat.gif` }).end();
    };
    expect(await failureOf(paint())).toMatchObject({ type: 'HttpAddressRefused', usage: USAGE });
    expect(elsewhere.seen).toHaveLength(0);
  });

  it('is asked for again where the server is busy; the picture is not made again', async () => {
    url = `${provider.url}/busy`;
    let tries = 0;
    serve = (_, response) => {
      tries += 1;
      response.statusCode = tries === 1 ? 503 : 200;
      response.end(BYTES);
    };
    expect(await kept(await paint())).toEqual(BYTES);
    expect(provider.seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
  });

  it.each([
    [404, 2],
    [503, 4],
  ])('that is answered %i is charged, and the block is not tried again', async (status, requests) => {
    url = `${provider.url}/gone`;
    serve = (_, response) => {
      response.writeHead(status).end();
    };
    expect(await failureOf(paint())).toMatchObject({ type: 'HttpStatus', retryable: false, usage: USAGE });
    expect(provider.seen).toHaveLength(requests);
  });

  it('in the answer itself is taken from there', async () => {
    url = `data:image/gif;base64,${BYTES.toString('base64')}`;
    expect(await kept(await paint())).toEqual(BYTES);
    expect(provider.seen).toHaveLength(1);
  });

  it('that does not come in time, or whose run is cancelled, is charged', async () => {
    url = `${provider.url}/slow`;
    const cancel = new AbortController();
    serve = () => {
      cancel.abort(new Error('cancelled'));
    };
    expect(await failureOf(paint({}, { signal: cancel.signal }))).toMatchObject({
      type: 'MediaUnavailable',
      usage: USAGE,
    });
    serve = () => undefined;
    expect(await failureOf(paint({}, { timeoutSeconds: 0.5 }))).toMatchObject({
      type: 'MediaUnavailable',
      usage: USAGE,
    });
  });
});
