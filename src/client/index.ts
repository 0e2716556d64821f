export { connectionFromEnv, temporalSettings, type TemporalSettings } from './connection';
export {
  FlowCreditsClient,
  type FlowCreditsClientOptions,
  type RunViewWithPlace,
  type StartedRun,
  type StartRun,
} from './flow-credits-client';
export { type CancelledBy, type RunExecution } from './cancel';
export { type RunnerState } from './private-runner';
export { type StartedOnce, type StartOnce } from './start-once';
export {
  openReader,
  type AuditRow,
  type GrantRow,
  type InLine,
  type LedgerReader,
  type PaygPreview,
  type TeamOverview,
  type UsageReport,
  type UsageRequest,
  EVENT_KINDS,
  type EventCounts,
  type EventStatus,
  type StoredEvent,
} from '../ledger/read';
export { type AdmissionAnswer, type FlowRunInput, type FlowRunResult, type RunView } from '../contracts/run';
export { type CommandRefused, type TeamCommandAnswers } from '../contracts/team';
export { FAILURE, type FailureType } from '../contracts/failures';
