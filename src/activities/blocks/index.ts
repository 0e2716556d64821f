export { FileBlobs, type BlobStore, type BlobToKeep } from './ai/blobs';
export { loadMcpServers, mcpServersSchema, type McpServers } from './ai/mcp-servers';
export { aiProvidersSchema, loadAiProviders, type AiProviders } from './ai/providers';
export { postgres } from './connectors/postgres';
export { type PostgresSettingsInput } from './connectors/postgres-settings';
export { servicesCatalog } from './connectors/services-from';
export {
  connectorServicesSchema,
  loadConnectorServices,
  type ConnectorServices,
} from './connectors/services';
export { BlockError, type BlockErrorOptions, type BlockErrorType } from './errors';
export { httpAllowFrom, LOOPBACK } from './http-allow';
export {
  createBlockRegistry,
  inputFrom,
  type BlockCall,
  type BlockRegistry,
  type BlockRegistryOptions,
} from './registry';
export { blockSettingsFrom } from './settings';
export { EnvironmentSecrets } from './secrets';
export { type BlockExecutor, type BlockIo, type BlockResult, type BlockRun, type SecretStore } from './types';
