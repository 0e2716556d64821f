import { createHash } from 'node:crypto';
import { messageOf } from '../../../contracts/error-text';
import { aborting } from '../aborting';
import { BlockError } from '../errors';
import { codeOf } from '../http-errors';
import { Redactor } from '../redact';
import { renderSecrets } from '../template';
import { named, type StepIo } from './io';
import { resultText, type ToolResult } from './mcp-content';
import { type McpServer, type McpServers } from './mcp-servers';
import { mcpPackage, type McpClient, type McpPackage } from './packages';

const CONNECT_TIMEOUT_MS = 30_000;
/** A connection that nobody uses is kept so long: an agent's next call comes within seconds. */
const IDLE_MS = 60_000;
const PAGES_MOST = 50;

/** A tool as its server describes it. */
export interface ServerTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
}

interface Connection {
  readonly client: McpClient;
  readonly redactor: Redactor;
  /** False once it has closed or is given up: nobody takes it for another call. */
  alive: boolean;
  calls: number;
  idle: NodeJS.Timeout | null;
}

/**
 * Connections to the platform's MCP servers, one for each server and team: a server that keeps something between calls
 * keeps it for one team, and secrets may differ. Connected when a step first needs them, closed when nobody does.
 */
export class McpConnections {
  private readonly open = new Map<string, Promise<Connection>>();
  /** Connections under way to their end: a process gets some seconds to end by itself. */
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly servers: McpServers) {}

  /** All tools of a server. */
  async tools(server: string, timeoutMs: number, io: StepIo): Promise<readonly ServerTool[]> {
    return this.use(server, timeoutMs, io, async ({ client }, options) => {
      const all: ServerTool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES_MOST; page += 1) {
        const answer = await client.listTools(cursor === undefined ? {} : { cursor }, options);
        for (const { name, description = '', inputSchema } of answer.tools) {
          all.push({ name, description, inputSchema });
        }
        cursor = answer.nextCursor;
        if (cursor === undefined || cursor === '') return all;
      }
      throw new BlockError(
        'McpAnswerInvalid',
        `MCP server "${server}" lists its tools on more than ${PAGES_MOST} pages`,
      );
    });
  }

  /** Calls a tool and gives what it answered, secrets taken out. */
  async call(
    server: string,
    tool: string,
    parameters: Record<string, unknown>,
    timeoutMs: number,
    io: StepIo,
  ): Promise<ToolResult> {
    return this.use(server, timeoutMs, io, async ({ client, redactor }, options) => {
      const { CallToolResultSchema } = await mcpPackage();
      // Not `callTool`: what a tool's answer should look like is the model's business, not a reason to lose it.
      const request = { method: 'tools/call' as const, params: { name: tool, arguments: parameters } };
      const { text, isError } = resultText(await client.request(request, CallToolResultSchema, options));
      return { text: redactor.text(text), isError };
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.open.values()];
    this.open.clear();
    for (const connecting of all) {
      const connection = await connecting.catch(() => null);
      if (connection !== null) this.end(connection);
    }
    await Promise.all(this.ending);
  }

  private async use<T>(
    server: string,
    timeoutMs: number,
    io: StepIo,
    work: (connection: Connection, options: { signal: AbortSignal; timeout: number }) => Promise<T>,
  ): Promise<T> {
    const settings = named(
      this.servers,
      server,
      'MCP server',
      'McpServerUnknown',
      'FLOW_CREDITS_MCP_SERVERS',
    );
    const mcp = await mcpPackage();
    const redactor = new Redactor();
    const resolved = await withSecrets(settings, io, redactor);
    io.signal.throwIfAborted();
    if (this.closed) throw new Error('the connections to MCP servers are closed');
    // A secret that was rotated makes another connection.
    const key = createHash('sha256')
      .update(JSON.stringify([io.run.team, server, resolved]))
      .digest('hex');
    let connection: Connection | null = null;
    try {
      connection = await aborting(this.connected(mcp, key, resolved, timeoutMs, redactor), io.signal);
      taken(connection);
      return await work(connection, { signal: io.signal, timeout: timeoutMs });
    } catch (error) {
      io.signal.throwIfAborted();
      const failure = failureOf(mcp, server, error, timeoutMs, redactor);
      // Whatever a server did not answer, it may answer on another connection; one that hangs is ended.
      if (connection !== null && (failure.retryable || failure.type === 'McpTimeout'))
        this.giveUp(key, connection);
      throw failure;
    } finally {
      if (connection !== null) this.unused(key, connection);
    }
  }

  private async connected(
    mcp: McpPackage,
    key: string,
    server: McpServer,
    timeoutMs: number,
    redactor: Redactor,
  ): Promise<Connection> {
    for (;;) {
      const known = this.open.get(key);
      if (known === undefined) break;
      const connection = await known;
      if (connection.alive) return connection;
      if (this.open.get(key) === known) this.open.delete(key);
    }
    const connecting = this.connect(mcp, server, Math.min(timeoutMs, CONNECT_TIMEOUT_MS), redactor);
    this.open.set(key, connecting);
    connecting.then(
      (connection) => {
        // Whoever asked for it may have been cancelled meanwhile.
        this.rest(key, connection);
      },
      () => {
        if (this.open.get(key) === connecting) this.open.delete(key);
      },
    );
    return connecting;
  }

  private unused(key: string, connection: Connection): void {
    connection.calls -= 1;
    if (connection.calls > 0) return;
    if (connection.alive) this.rest(key, connection);
    else this.end(connection);
  }

  private rest(key: string, connection: Connection): void {
    connection.idle = setTimeout(() => {
      this.giveUp(key, connection);
      this.end(connection);
    }, IDLE_MS).unref();
  }

  /** No new call takes it; it is closed with its last one. */
  private giveUp(key: string, connection: Connection): void {
    if (connection.alive) this.open.delete(key);
    connection.alive = false;
  }

  private async connect(
    mcp: McpPackage,
    server: McpServer,
    timeout: number,
    redactor: Redactor,
  ): Promise<Connection> {
    const client = new mcp.Client({ name: 'temporal-flow-credits', version: '0.1.0' });
    const connection: Connection = { client, redactor, alive: true, calls: 0, idle: null };
    client.onclose = () => {
      connection.alive = false;
    };
    try {
      await client.connect(transportOf(mcp, server), { timeout });
      return connection;
    } catch (error) {
      this.end(connection);
      throw error;
    }
  }

  private end(connection: Connection): void {
    connection.alive = false;
    if (connection.idle !== null) clearTimeout(connection.idle);
    const end = connection.client
      .close()
      .catch(() => undefined)
      .finally(() => this.ending.delete(end));
    this.ending.add(end);
  }
}

function taken(connection: Connection): void {
  connection.calls += 1;
  if (connection.idle !== null) clearTimeout(connection.idle);
  connection.idle = null;
}

function transportOf(mcp: McpPackage, server: McpServer) {
  if ('url' in server) {
    return new mcp.StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers },
    });
  }
  return new mcp.StdioClientTransport({
    command: server.command,
    args: server.args,
    env: server.env,
    // What it says there may hold secrets, and belongs into no log of ours.
    stderr: 'ignore',
    ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
  });
}

/** The server's settings with every secret in them: for a connection, and for nothing else. */
async function withSecrets(server: McpServer, io: StepIo, redactor: Redactor): Promise<McpServer> {
  const given = 'url' in server ? server.headers : server.env;
  const filled: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) filled[name] = await renderSecrets(text, io, redactor);
  return 'url' in server ? { ...server, headers: filled } : { ...server, env: filled };
}

const NOT_STARTED = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC']);

/** What went wrong, as a block's failure: `retryable` where the server did not answer at all. */
function failureOf(
  { McpError, ErrorCode, StreamableHTTPError }: McpPackage,
  server: string,
  error: unknown,
  timeoutMs: number,
  redactor: Redactor,
): BlockError {
  if (error instanceof BlockError) return error;
  const said = redactor.text(messageOf(error)).slice(0, 300);
  const what = `MCP server "${server}"`;
  if (error instanceof McpError) {
    const code: number = error.code;
    const [timeout, closed]: readonly number[] = [ErrorCode.RequestTimeout, ErrorCode.ConnectionClosed];
    if (code === timeout) {
      return new BlockError('McpTimeout', `${what} gave no answer within ${timeoutMs / 1000} s`);
    }
    if (code === closed) {
      return new BlockError('McpUnreachable', `${what} closed the connection`, { retryable: true });
    }
    return new BlockError('McpError', `${what}: ${said}`);
  }
  if (error instanceof StreamableHTTPError && error.code !== undefined) {
    const { code } = error;
    // 404: the server no longer knows the session; a new connection begins another.
    const mayPass = code === 404 || code === 408 || code === 429 || code >= 500;
    return new BlockError(mayPass ? 'McpUnreachable' : 'McpRefused', `${what} answered ${code}: ${said}`, {
      retryable: mayPass,
    });
  }
  if (NOT_STARTED.has(codeOf(error))) {
    return new BlockError('McpUnreachable', `${what} cannot be started: ${said}; see its "command"`);
  }
  return new BlockError('McpUnreachable', `${what} cannot be reached: ${said}`, { retryable: true });
}
