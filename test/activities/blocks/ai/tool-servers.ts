import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send, type IncomingHttpHeaders } from 'node:http';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type McpServersInput } from '../../../../src/activities/blocks/ai/mcp-servers';
import { freePort } from '../../../../src/dev/ports';

/** The published reference server, which has a tool for everything. */
export const EVERYTHING = resolve(
  __dirname,
  '../../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
);

/** It, as a process that the worker starts. */
export function everythingByStdio(env: Record<string, string> = {}): McpServersInput[string] {
  return { command: process.execPath, args: [EVERYTHING, 'stdio'], env };
}

const rpcSchema = z.object({
  method: z.string().optional(),
  params: z.object({ name: z.string().optional() }).optional(),
});

export interface ToolServer {
  readonly url: string;
  /** Tools in the order in which they were called. */
  readonly calls: readonly string[];
  /** Of the requests, in order. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** Calls of this tool are seen and not handed on until they are let go. */
  hold(tool: string): void;
  release(): void;
  close(): Promise<void>;
}

/** The reference server over streamable HTTP, behind a door that counts the calls of tools. */
export async function startToolServer(): Promise<ToolServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  const ended = once(child, 'exit');
  const listens = new Promise<boolean>((done) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said.push(chunk.toString('utf8'));
      if (said.join('').includes('listening')) done(true);
    });
  });
  if (!(await Promise.race([listens, ended.then(() => false)]))) {
    throw new Error(`the reference server did not come up:\n${said.join('')}`);
  }
  const calls: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const held: (() => void)[] = [];
  let holding: string | null = null;

  const door = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      headers.push(incoming.headers);
      const tool = toolIn(body);
      if (tool !== null) calls.push(tool);
      const on = (): void => {
        const { method = 'GET', url: path = '/' } = incoming;
        const options = { host: '127.0.0.1', port, method, path, headers: incoming.headers };
        const onward = send(options, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        onward.end(body);
      };
      if (tool !== null && tool === holding) held.push(on);
      else on();
    });
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}/mcp`,
    calls,
    headers,
    hold: (tool) => {
      holding = tool;
    },
    release: () => {
      holding = null;
      for (const on of held.splice(0)) on();
    },
    close: async () => {
      const closed = Promise.all([once(door, 'close'), ended]);
      door.close();
      door.closeAllConnections();
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function toolIn(body: Buffer): string | null {
  if (body.length === 0) return null;
  const { method, params } = rpcSchema.parse(JSON.parse(body.toString('utf8')));
  return method === 'tools/call' ? (params?.name ?? null) : null;
}
