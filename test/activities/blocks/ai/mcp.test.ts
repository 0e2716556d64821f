import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { McpConnections } from '../../../../src/activities/blocks/ai/mcp';
import { mcpServersSchema, type McpServersInput } from '../../../../src/activities/blocks/ai/mcp-servers';
import { type StepIo } from '../../../../src/activities/blocks/ai/io';
import { eventually } from '../../../support/eventually';
import { failureOf, json, RUN, startServer, type TestServer } from '../support';
import { everythingByStdio, startToolServer, type ToolServer } from './tool-servers';

let tools: ToolServer;
let broken: TestServer;
let folder = '';
beforeAll(async () => {
  tools = await startToolServer();
  broken = await startServer(({ url }, response) => {
    json(response, { error: 'token-of-acme is refused' }, url === '/401' ? 401 : 503);
  });
  folder = mkdtempSync(join(tmpdir(), 'fc-mcp-'));
});
afterAll(async () => {
  await Promise.all([tools.close(), broken.close()]);
  rmSync(folder, { recursive: true });
});

function ioFor(team = 'acme', signal = new AbortController().signal): StepIo {
  return {
    run: { ...RUN, team },
    secrets: { get: (of) => Promise.resolve(`token-of-${of}`) },
    signal,
    heartbeat: () => undefined,
  };
}

async function withServers<T>(
  servers: McpServersInput,
  use: (connections: McpConnections) => Promise<T>,
): Promise<T> {
  const connections = new McpConnections(mcpServersSchema.parse(servers));
  try {
    return await use(connections);
  } finally {
    await connections.close();
  }
}

const SECRET = { authorization: 'Bearer {{secret:TOKEN}}' };

describe('connections to MCP servers', () => {
  it('list tools and call them, over HTTP and with a process alike', async () => {
    const servers = { web: { url: tools.url }, process: everythingByStdio() };
    await withServers(servers, async (connections) => {
      for (const server of ['web', 'process']) {
        const names = (await connections.tools(server, 30_000, ioFor())).map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(['echo', 'get-sum', 'get-tiny-image']));
        expect(await connections.call(server, 'get-sum', { a: 2, b: 3 }, 30_000, ioFor())).toEqual({
          text: 'The sum of 2 and 3 is 5.',
          isError: false,
        });
        const image = await connections.call(server, 'get-tiny-image', {}, 30_000, ioFor());
        expect(image.text).toMatch(/\[image\/png, \d+ kB: not shown\]/);
      }
    });
  });

  it('give a process the environment that is configured, and take its secrets out of what it says', async () => {
    process.env['FLOW_CREDITS_SECRET_OF_THE_WORKER'] = 'not for a server';
    const servers = { process: everythingByStdio({ TOKEN: '{{secret:TOKEN}}', PLAIN: 'as it is' }) };
    const { text } = await withServers(servers, (connections) =>
      connections.call('process', 'get-env', {}, 30_000, ioFor()),
    );
    delete process.env['FLOW_CREDITS_SECRET_OF_THE_WORKER'];
    expect(text).toContain('"PLAIN": "as it is"');
    expect(text).toContain('"TOKEN": "[secret TOKEN]"');
    expect(text).not.toContain('not for a server');
    expect(text).not.toContain('JEST_WORKER_ID');
  });

  it('are kept between calls, one for each team, with its own secrets', async () => {
    await withServers({ web: { url: tools.url, headers: SECRET } }, async (connections) => {
      const before = tools.headers.length;
      await Promise.all(
        [1, 2, 3].map(() => connections.call('web', 'echo', { message: 'x' }, 30_000, ioFor())),
      );
      await connections.call('web', 'echo', { message: 'x' }, 30_000, ioFor('globex'));
      const sessions = new Map<string, Set<string>>();
      for (const { authorization = '', 'mcp-session-id': session } of tools.headers.slice(before)) {
        if (typeof session !== 'string') continue;
        sessions.set(authorization, (sessions.get(authorization) ?? new Set()).add(session));
      }
      expect([...sessions].map(([authorization, { size }]) => [authorization, size])).toEqual([
        ['Bearer token-of-acme', 1],
        ['Bearer token-of-globex', 1],
      ]);
    });
  });

  it.each([
    ['that is not there', 'gone', 'McpUnreachable', true, 'cannot be reached'],
    ['that is busy', 'busy', 'McpUnreachable', true, 'answered 503'],
    ['that refuses us', 'strict', 'McpRefused', false, '[secret TOKEN] is refused'],
    ['whose command does not exist', 'typo', 'McpUnreachable', false, 'see its "command"'],
    ['that ends at once', 'short', 'McpUnreachable', true, 'closed the connection'],
    ['with another name', 'buzy', 'McpServerUnknown', false, 'did you mean "busy"?'],
  ])('fail by name for a server %s', async (_, server, type, retryable, message) => {
    const servers = {
      gone: { url: 'http://127.0.0.1:9/mcp' },
      busy: { url: `${broken.url}/503`, headers: SECRET },
      strict: { url: `${broken.url}/401`, headers: SECRET },
      typo: { command: 'no-such-command-anywhere' },
      short: { command: process.execPath, args: ['-e', '0'] },
    };
    const failure = await withServers(servers, (connections) =>
      failureOf(connections.tools(server, 10_000, ioFor())),
    );
    expect(failure).toMatchObject({ type, retryable });
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain('token-of-acme');
  });

  it('give a tool up that takes too long, and the next call gets another process', async () => {
    await withServers({ process: everythingByStdio() }, async (connections) => {
      const slow = { duration: 60, steps: 1 };
      const call = connections.call('process', 'trigger-long-running-operation', slow, 1_000, ioFor());
      expect(await failureOf(call)).toMatchObject({ type: 'McpTimeout', retryable: false });
      await expect(
        connections.call('process', 'echo', { message: 'x' }, 30_000, ioFor()),
      ).resolves.toMatchObject({
        text: 'Echo: x',
      });
    });
  });

  it('kill a process that neither answers nor ends', async () => {
    const file = join(folder, 'pid');
    const stubborn = `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid));
      process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)`;
    await withServers(
      { stubborn: { command: process.execPath, args: ['-e', stubborn] } },
      async (connections) => {
        expect(await failureOf(connections.tools('stubborn', 2_000, ioFor()))).toMatchObject({
          type: 'McpTimeout',
        });
        expect(existsSync(file)).toBe(true);
      },
    );
    const pid = Number(readFileSync(file, 'utf8'));
    await eventually(() => !isAlive(pid));
  });

  it('end a call whose run is cancelled, at once', async () => {
    const stop = new AbortController();
    await withServers({ web: { url: tools.url } }, async (connections) => {
      const slow = { duration: 60, steps: 1 };
      const call = connections.call(
        'web',
        'trigger-long-running-operation',
        slow,
        60_000,
        ioFor('acme', stop.signal),
      );
      await eventually(() => tools.calls.at(-1) === 'trigger-long-running-operation');
      stop.abort(new Error('stop it'));
      await expect(call).rejects.toThrow('stop it');
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
