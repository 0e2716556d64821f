export { connectionFromEnv, temporalSettings, type TemporalSettings } from './connection';
export {
  FlowCreditsClient,
  type FlowCreditsClientOptions,
  type RunViewWithPlace,
  type StartedRun,
  type StartRun,
} from './flow-credits-client';
export {
  EVENT_KINDS,
  openReader,
  type EventCounts,
  type EventStatus,
  type InLine,
  type LedgerReader,
  type StoredEvent,
  type TeamOverview,
} from '../ledger/read';
export { type AdmissionAnswer, type FlowRunInput, type FlowRunResult, type RunView } from '../contracts/run';
export { type CommandRefused, type TeamCommandAnswers } from '../contracts/team';
export { FAILURE, type FailureType } from '../contracts/failures';
