import { FileBlobs } from './ai/blobs';
import { loadMcpServers } from './ai/mcp-servers';
import { loadAiProviders } from './ai/providers';
import { loadConnectorServices } from './connectors/services';
import { httpAllowFrom } from './http-allow';
import { type BlockRegistryOptions } from './registry';

/**
 * What a platform configures for its blocks, by the environment: `FLOW_CREDITS_CONNECTORS`, `FLOW_CREDITS_AI_PROVIDERS`,
 * `FLOW_CREDITS_MCP_SERVERS`, `FLOW_CREDITS_HTTP_ALLOW` and `FLOW_CREDITS_BLOBS`. Throws where a file cannot be read, naming it and the field.
 */
export function blockSettingsFrom(env: Readonly<NodeJS.ProcessEnv>): BlockRegistryOptions {
  const blobs = env['FLOW_CREDITS_BLOBS'];
  return {
    services: loadConnectorServices(env['FLOW_CREDITS_CONNECTORS']),
    providers: loadAiProviders(env['FLOW_CREDITS_AI_PROVIDERS']),
    mcpServers: loadMcpServers(env['FLOW_CREDITS_MCP_SERVERS']),
    httpAllow: httpAllowFrom(env),
    ...(blobs === undefined || blobs === '' ? {} : { blobs: new FileBlobs(blobs) }),
  };
}
