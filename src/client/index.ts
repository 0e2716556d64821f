export { connectionFromEnv, temporalSettings, type TemporalSettings } from './connection';
export {
  FlowCreditsClient,
  type FlowCreditsClientOptions,
  type RunViewWithPlace,
  type StartedRun,
  type StartRun,
} from './flow-credits-client';
export { admissionOf, withTeam } from './ordinary-workflows';
export { type RunnerState } from './private-runner';
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
export {
  type AdmissionAnswer,
  type AdmissionReply,
  type FlowRunInput,
  type FlowRunResult,
  type OrdinaryRunView,
  type RunView,
} from '../contracts/run';
export { type CommandRefused, type TeamCommandAnswers } from '../contracts/team';
export { FAILURE, type FailureType } from '../contracts/failures';
