/** Worker side: what runs where there is a Temporal worker. */
export {
  createFlowCreditsWorker,
  type FlowCreditsWorker,
  type FlowCreditsWorkerOptions,
} from './plugin/create-worker';
export { createPrivateRunner, type PrivateRunner, type PrivateRunnerOptions } from './plugin/create-runner';
export { runRunnerProcess, type RunnerProcessOptions } from './plugin/runner-process';
export { runWorkerProcess } from './plugin/worker-process';
export { FlowCreditsPlugin, type FlowCreditsPluginOptions } from './plugin/flow-credits-plugin';
export {
  eventSettingsFrom,
  type EventSettings,
  type Observer,
  type TeamSource,
  type WebhookOptions,
  type WorkflowStart,
} from './activities';
export {
  BlockError,
  EnvironmentSecrets,
  type BlockExecutor,
  type BlockIo,
  type BlockRegistryOptions,
  type BlockResult,
  type SecretStore,
} from './activities/blocks';
export {
  catalogWith,
  defineBlock,
  type BlockDefinition,
  type OwnBlock,
  type OwnBlockCall,
  type OwnBlockResult,
} from './contracts/own-blocks';
export { loadOwnBlocks } from './contracts/own-blocks-load';
export { validateFlow, type FlowValidation } from './contracts/validate-flow';
export { blockCatalog, type BlockCatalog, type BlockSpec } from './contracts/blocks';
export { loadPricing, pricingFilesFrom, type Pricing } from './pricing';
export { openReader, type LedgerReader } from './ledger/read';
export { FAILURE, type FailureType } from './contracts/failures';
export { runnerTaskQueue, TASK_QUEUE, WORKFLOWS } from './contracts/names';
export { openLedger, LedgerBusy, LedgerUnavailable, type Ledger, type LedgerOptions } from './ledger';
export { migrate } from './ledger/migrations';
