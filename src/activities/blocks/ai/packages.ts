import { isMissingPackage } from '../../../contracts/missing-package';
import { BlockError } from '../errors';

/**
 * The clients of agents are installed by who wants agents: they are loaded when a block first needs them, and a worker
 * without them runs everything else.
 */

async function loaded<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissingPackage(error)) throw error;
    throw new BlockError(
      'PackageMissing',
      `this worker has no package "${name}", which AI blocks need; install it: npm install ${name}`,
    );
  }
}

export async function openAiPackage() {
  return loaded('openai', () => import('openai'));
}

export type OpenAiPackage = Awaited<ReturnType<typeof openAiPackage>>;
export type OpenAiClient = InstanceType<OpenAiPackage['OpenAI']>;

/** What of the MCP SDK its connections need. */
export async function mcpPackage() {
  return loaded('@modelcontextprotocol/sdk', async () => {
    const [
      { Client },
      { StdioClientTransport },
      { StreamableHTTPClientTransport, StreamableHTTPError },
      types,
    ] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/stdio.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      import('@modelcontextprotocol/sdk/types.js'),
    ]);
    const { McpError, ErrorCode, CallToolResultSchema } = types;
    return {
      Client,
      StdioClientTransport,
      StreamableHTTPClientTransport,
      StreamableHTTPError,
      McpError,
      ErrorCode,
      CallToolResultSchema,
    };
  });
}

export type McpPackage = Awaited<ReturnType<typeof mcpPackage>>;
export type McpClient = InstanceType<McpPackage['Client']>;
