import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aiProvidersSchema, FileBlobs } from '../../../../src/activities/blocks';
import { McpConnections } from '../../../../src/activities/blocks/ai/mcp';
import { mcpServersSchema } from '../../../../src/activities/blocks/ai/mcp-servers';
import {
  callWith,
  failureOf,
  json,
  RUN,
  secretsOf,
  startServer,
  withRegistry,
  type TestServer,
} from '../support';

/** What the platform named redirects to what it did not: neither the request nor the key goes there. */
let named: TestServer;
let elsewhere: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'fc-redirects-'));
const secrets = secretsOf({ KEY: 'key-of-the-platform' });

beforeAll(async () => {
  elsewhere = await startServer((_, response) => {
    json(response, {});
  });
  named = await startServer(({ url }, response) => {
    response.writeHead(307, { location: `${elsewhere.url}${url}` }).end();
  });
});
afterAll(async () => {
  await Promise.all([named.close(), elsewhere.close()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  named.seen.length = 0;
});

describe('a redirect to another origin', () => {
  it('of an AI provider is not followed', async () => {
    const images = { painter: { cost: { field: 'usage.cost' } } };
    const providers = aiProvidersSchema.parse({
      local: { baseUrl: `${named.url}/v1`, apiKey: '{{secret:KEY}}', images },
    });
    const blobs = new FileBlobs(folder);
    const config = { provider: 'local', model: 'painter', prompt: 'a cat' };
    const failure = await withRegistry({ providers, blobs, secrets }, (registry) =>
      failureOf(registry.run({ id: 'm', type: 'ai-media', config }, callWith())),
    );
    expect(failure).toMatchObject({ type: 'ProviderStatus', retryable: false });
    expect(named.seen[0]?.headers.authorization).toBe('Bearer key-of-the-platform');
    expect(elsewhere.seen).toEqual([]);
  });

  it('of an MCP server is not followed', async () => {
    const headers = { 'x-key': '{{secret:KEY}}' };
    const connections = new McpConnections(
      mcpServersSchema.parse({ web: { url: `${named.url}/mcp`, headers } }),
    );
    const io = { run: RUN, secrets, signal: new AbortController().signal, heartbeat: () => undefined };
    const failure = await failureOf(connections.tools('web', 10_000, io));
    await connections.close();
    expect(failure.type).toMatch(/^Mcp/);
    expect(named.seen[0]?.headers['x-key']).toBe('key-of-the-platform');
    expect(elsewhere.seen).toEqual([]);
  });
});
