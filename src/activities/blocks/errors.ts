import { type Usage } from '../../contracts/usage';

/** Types of failures of our own blocks: what an `error` port gets as `type`. A public interface. */
export type BlockErrorType =
  | 'ConfigInvalid'
  | 'TypeUnknown'
  | 'TemplateFailed'
  | 'ExpressionFailed'
  | 'ExpressionTooLong'
  | 'SchemaFailed'
  | 'ResultTooLarge'
  | 'SecretUnknown'
  | 'SecretUnusable'
  | 'ConnectorUnknown'
  | 'ConnectorFailed'
  | 'ConnectorTimeout'
  | 'PostgresSettingsInvalid'
  | 'PostgresUnreachable'
  | 'PostgresRefused'
  | 'PostgresError'
  | 'PostgresReadOnly'
  | 'PostgresTimeout'
  | 'PostgresSerialization'
  | 'PostgresConnectionLost'
  | 'PostgresCommitUnknown'
  | 'PostgresColumnTwice'
  | 'HttpUrlInvalid'
  | 'HttpAddressRefused'
  | 'HttpStatus'
  | 'HttpTimeout'
  | 'HttpUnreachable'
  | 'HttpTls'
  | 'HttpResponseInvalid'
  | 'HttpResponseTooLarge'
  | 'HttpRedirect'
  | 'PackageMissing'
  | 'ProviderUnknown'
  | 'ProviderModelUnknown'
  | 'ProviderStatus'
  | 'ProviderTimeout'
  | 'ProviderUnreachable'
  | 'ProviderAnswerInvalid'
  | 'ProviderUsageMissing'
  | 'McpServerUnknown'
  | 'McpToolUnknown'
  | 'McpUnreachable'
  | 'McpRefused'
  | 'McpTimeout'
  | 'McpError'
  | 'McpAnswerInvalid'
  | 'AgentStepLimit'
  | 'AgentSpendLimit'
  | 'AgentPromptTooLarge'
  | 'AgentToolsTooLarge'
  | 'AgentAnswerTooLarge'
  | 'AgentConversationTooLarge'
  | 'AgentOutputInvalid'
  | 'MediaUnpriced'
  | 'MediaCostMissing'
  | 'MediaTooLarge'
  | 'MediaUnavailable'
  | 'BlobsUnset'
  | 'BlobsFailed'
  /** Whatever a platform's own block calls it. */
  | (string & Record<never, never>);

/** What else a block's failure may say. */
export interface BlockErrorOptions {
  readonly retryable?: boolean;
  /** What the block demonstrably used before it failed. */
  readonly usage?: Usage;
  /** Not before this long; what a server's `Retry-After` asked for. */
  readonly retryAfterMs?: number;
}

/** A block failed. Whether that ends it or is tried again, the caller decides from `retryable` and its attempts. */
export class BlockError extends Error {
  override readonly name = 'BlockError';
  readonly type: BlockErrorType;
  readonly retryable: boolean;
  readonly usage: Usage | null;
  readonly retryAfterMs: number | null;

  constructor(type: BlockErrorType, message: string, options: BlockErrorOptions = {}) {
    super(message);
    this.type = type;
    this.retryable = options.retryable ?? false;
    this.usage = options.usage ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
