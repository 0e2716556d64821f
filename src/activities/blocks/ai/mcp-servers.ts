import { z } from 'zod';
import { nameSchema } from '../../../contracts/blocks-config';
import { loadSettings } from '../settings-file';

/** A text, `{{secret:NAME}}` or both. */
const secretText = z.string().min(1);

const serverSchema = z.union(
  [
    /** Streamable HTTP. */
    z.strictObject({
      url: z.url({ protocol: /^https?$/ }),
      headers: z.record(z.string().min(1), secretText).default({}),
    }),
    /** A process of the worker's machine, spoken to over its standard input and output. */
    z.strictObject({
      command: z.string().min(1),
      args: z.array(z.string()).default([]),
      /** All it gets of the environment, beside PATH, HOME and the like. */
      env: z.record(z.string().min(1), secretText).default({}),
      cwd: z.string().min(1).optional(),
    }),
  ],
  { error: 'must have either "url" (and "headers") or "command" (and "args", "env", "cwd")' },
);
export type McpServer = z.infer<typeof serverSchema>;

/** The MCP servers whose tools agents may be given. The platform's, not the flow author's: a command least of all. */
export const mcpServersSchema = z.record(nameSchema, serverSchema);
export type McpServers = z.infer<typeof mcpServersSchema>;
export type McpServersInput = z.input<typeof mcpServersSchema>;

/** What `FLOW_CREDITS_MCP_SERVERS` holds: a JSON file, or JSON itself. */
export function loadMcpServers(fileOrJson: string | undefined): McpServers {
  return loadSettings(mcpServersSchema, 'FLOW_CREDITS_MCP_SERVERS', 'MCP servers', fileOrJson);
}
