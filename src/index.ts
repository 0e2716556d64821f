/** Worker side: what runs where there is a Temporal worker. */
export {
  createFlowCreditsWorker,
  type FlowCreditsWorker,
  type FlowCreditsWorkerOptions,
} from './plugin/create-worker';
export { createPrivateRunner, type PrivateRunner, type PrivateRunnerOptions } from './plugin/create-runner';
export { runRunnerProcess, type RunnerProcessOptions } from './plugin/runner-process';
export { runWorkerProcess } from './plugin/worker-process';
export {
  FlowCreditsPlugin,
  type AroundOptions,
  type FlowCreditsPluginOptions,
} from './plugin/flow-credits-plugin';
export {
  eventSettingsFrom,
  type ActivityReader,
  type Deadlines,
  type EventSettings,
  type ActivityObserver,
  type ObservedAttempt,
  type Observer,
  type Submitter,
  type TeamSource,
  type WebhookOptions,
  type WorkflowStart,
} from './activities';
export {
  BlockError,
  EnvironmentSecrets,
  postgres,
  type PostgresSettingsInput,
  type BlobStore,
  type BlobToKeep,
  type BlockErrorOptions,
  type BlockErrorType,
  type BlockExecutor,
  type BlockIo,
  type BlockRegistryOptions,
  type BlockResult,
  type BlockRun,
  type SecretStore,
} from './activities/blocks';
export { type DeliveryOptions } from './client/events';
export { type TeamBillingOptions } from './client/team-billing';
export {
  catalogWith,
  defineBlock,
  type BlockDefinition,
  type OwnBlock,
  type OwnBlockCall,
  type OwnBlockResult,
} from './contracts/own-blocks';
export {
  connectorCatalog,
  defineConnector,
  type Connector,
  type ConnectorCatalog,
  type ConnectorSpec,
  type OperationSpec,
  type ParameterFault,
  type ConnectorCall,
  type ConnectorDefinition,
  type OperationDefinition,
} from './contracts/connectors';
export { loadOwn, loadOwnBlocks, type OwnExports } from './contracts/own-blocks-load';
export { validateFlow, type FlowValidation, type ValidateFlowOptions } from './contracts/validate-flow';
export { blockCatalog, type BlockCatalog, type BlockSpec, type Config } from './contracts/blocks';
export { type RunContext } from './contracts/context';
export { type StartFacts, type TeamPlace } from './contracts/team-source';
export { type Keeper, type KeeperAtWork } from './plugin/keeper';
export { type Block, type Fault, type Flow } from './contracts/flow';
export { type Json } from './contracts/json';
export { type Usage } from './contracts/usage';
export { loadPricing, pricingFilesFrom, type Pricing } from './pricing';
export { openReader, type LedgerReader, type LedgerTotals, type ReaderPatience } from './ledger/read';
export { FAILURE, type FailureType } from './contracts/failures';
export { runnerTaskQueue, TASK_QUEUE, WORKFLOWS } from './contracts/names';
export {
  openLedger,
  LedgerBusy,
  LedgerUnavailable,
  type Ledger,
  type LedgerObserver,
  type LedgerOptions,
  type LedgerState,
  type Observable,
  type ObservedBatch,
  type OperationEnd,
  type OperationEnded,
} from './ledger';
export { migrate, type Migrated } from './ledger/migrations';
