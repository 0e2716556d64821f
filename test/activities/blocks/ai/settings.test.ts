import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { blockSettingsFrom, FileBlobs } from '../../../../src/activities/blocks';
import { listedCost, toldCost } from '../../../../src/activities/blocks/ai/media-cost';
import { cutForModel } from '../../../../src/activities/blocks/ai/mcp-content';
import { type ImageCost } from '../../../../src/activities/blocks/ai/providers';
import { aiMediaConfigSchema } from '../../../../src/contracts/blocks-ai';

const folder = mkdtempSync(join(tmpdir(), 'fc-ai-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const media = (size?: string, quality?: string) =>
  aiMediaConfigSchema.parse({ provider: 'p', model: 'm', prompt: 'x', size, quality });

describe('the settings of AI blocks', () => {
  it('come from the environment, as JSON or as a file; none is none', () => {
    expect(blockSettingsFrom({})).toEqual({ services: {}, providers: {}, mcpServers: {}, httpAllow: [] });
    const file = join(folder, 'mcp.json');
    writeFileSync(file, '{"files":{"command":"mcp-files"}}');
    const { providers, mcpServers, blobs } = blockSettingsFrom({
      FLOW_CREDITS_AI_PROVIDERS:
        '{"openai":{"baseUrl":"https://api.openai.com/v1","apiKey":"{{secret:KEY}}"}}',
      FLOW_CREDITS_MCP_SERVERS: file,
      FLOW_CREDITS_BLOBS: folder,
    });
    expect(providers).toMatchObject({ openai: { apiKey: '{{secret:KEY}}', images: {} } });
    expect(mcpServers).toEqual({ files: { command: 'mcp-files', args: [], env: {} } });
    expect(blobs).toBeInstanceOf(FileBlobs);
  });

  it.each([
    ['FLOW_CREDITS_AI_PROVIDERS', '{"a":{"baseUrl":"ftp://x"}}', 'FLOW_CREDITS_AI_PROVIDERS: a.baseUrl'],
    ['FLOW_CREDITS_AI_PROVIDERS', '{"a":', 'FLOW_CREDITS_AI_PROVIDERS cannot be read'],
    ['FLOW_CREDITS_AI_PROVIDERS', '/no/such/file', 'AI providers file "/no/such/file" cannot be read'],
    ['FLOW_CREDITS_MCP_SERVERS', '{"a":{}}', 'must have either "url" (and "headers") or "command"'],
    ['FLOW_CREDITS_MCP_SERVERS', '{"a":{"url":"http://x","command":"y"}}', 'a must have either'],
    [
      'FLOW_CREDITS_AI_PROVIDERS',
      '{"a":{"baseUrl":"http://x","images":{"m":{"cost":{"usd":0.04}}}}}',
      'a.images.m.cost must say where the cost is found',
    ],
  ])('that are wrong are refused by name: %s %s', (variable, value, message) => {
    expect(() => blockSettingsFrom({ [variable]: value })).toThrow(message);
  });
});

describe('the cost of a picture', () => {
  const list: ImageCost = {
    list: [
      { size: '1024x1024', quality: 'high', usd: '0.167' },
      { size: '1024x1024', usd: '0.042' },
      { quality: 'low', usd: '0.011' },
    ],
  };

  it('is the first row of the list that fits', () => {
    expect(listedCost(list, media('1024x1024', 'high'))).toBe('0.167');
    expect(listedCost(list, media('1024x1024', 'low'))).toBe('0.042');
    expect(listedCost(list, media('512x512', 'low'))).toBe('0.011');
    expect(() => listedCost(list, media())).toThrow('lists no cost of a picture by "m"');
    expect(listedCost({ header: 'x-cost' }, media())).toBeNull();
  });

  const field: ImageCost = { field: 'usage.cost' };
  const told = (body: string): string | null => toldCost(field, new Headers(), body);

  it.each([
    ['0.0123456', '0.0123456'],
    ['"0.50"', '0.50'],
    ['1e3', '1000'],
    ['12.5E+1', '125'],
    ['1.25e-3', '0.00125'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['-1', null],
    ['"free"', null],
    ['null', null],
    ['[1]', null],
  ])('of %s is %s', (written, cost) => {
    expect(told(`{"n":1,"say":"a \\"5\\"","usage":{"cost":${written}}}`)).toBe(cost);
  });

  it('may be in a header, and may be missing', () => {
    expect(toldCost({ header: 'X-Cost' }, new Headers({ 'x-cost': '0.02' }), '{}')).toBe('0.02');
    expect(toldCost({ header: 'X-Cost' }, new Headers(), '{}')).toBeNull();
    expect(told('{}')).toBeNull();
  });
});

describe('blobs in a folder', () => {
  it('are written once, and whole', async () => {
    const blobs = new FileBlobs(join(folder, 'blobs'));
    const blob = { team: 'a', bytes: Buffer.from('abc'), mediaType: 'text/plain' };
    const names = await Promise.all([1, 2, 3].map(() => blobs.put(blob)));
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(new Set(names)).toEqual(new Set([`sha256:${digest}`]));
    expect(readdirSync(join(folder, 'blobs', 'ba'))).toEqual([digest]);
    expect(Buffer.from((await blobs.get(`sha256:${digest}`)) ?? []).toString()).toBe('abc');
    expect(await blobs.get('sha256:../../etc/passwd')).toBeNull();
  });
});

describe("a tool's result", () => {
  it('is cut between characters, and says so', () => {
    expect(cutForModel('short')).toBe('short');
    const cut = cutForModel('é'.repeat(10_000));
    expect(cut).toMatch(/^é+\n\[cut: the first 16 kB of 20 kB\]$/);
    expect(cutForModel(`x${'é'.repeat(10_000)}`)).toMatch(/^xé+\n\[cut/);
  });
});
