/**
 * What a platform calls, what it reads, and how amounts are shown.
 *
 * @module client
 */
export { connectionFromEnv, temporalSettings, type TemporalSettings } from './connection';
export {
  FlowCreditsClient,
  type FlowCreditsClientOptions,
  type RunViewWithPlace,
  type StartedRun,
  type StartRun,
  type Without,
} from './flow-credits-client';
export { admissionOf, withTeam } from './ordinary-workflows';
export { type CancelledBy, type RunExecution } from './cancel';
export { type RunnerState } from './private-runner';
export { type StartedOnce, type StartOnce } from './start-once';
export {
  EVENT_KINDS,
  openReader,
  type ReaderPatience,
  type AlertSettings,
  type AuditRow,
  type Balance,
  type Backlog,
  type BacklogRule,
  type ChargePages,
  type ChargeRow,
  type EventCounts,
  type EventKind,
  type EventStatus,
  type GrantKind,
  type GrantRow,
  type GrantsPage,
  type InLine,
  type LinePage,
  type LedgerEvent,
  type LedgerReader,
  type LedgerRun,
  type ObservedFlow,
  type ObservedReport,
  type ObservedRequest,
  type ObservedRuns,
  type Page,
  type TeamsPage,
  type Paid,
  type PastUsage,
  type PaygPreview,
  type Period,
  type RunChargesPage,
  type RunsPage,
  type RunTotals,
  type Statement,
  type StoredEvent,
  type TeamOverview,
  type TeamStatus,
  type TeamViolation,
  type UsageAmounts,
  type UsageBy,
  type UsageReport,
  type UsageRequest,
  type UsageRow,
  type Verdict,
  type VerifyOptions,
} from '../ledger/read';
export { type Charge, type ChargeLine } from '../contracts/charge';
export { type RunContext } from '../contracts/context';
export { type RetryEvents } from '../contracts/events';
export { FAILURE, type FailureType } from '../contracts/failures';
export { type Fault, type FlowInput } from '../contracts/flow';
export { type Json } from '../contracts/json';
export {
  formatCredits,
  parseCredits,
  type Millicredits,
  type MillicreditsText,
} from '../contracts/millicredits';
export { formatUsdCents, parseUsd, type MicroUsd, type PaygRate } from '../contracts/money';
export {
  type AdmissionAnswer,
  type AdmissionReply,
  type FlowRunInput,
  type FlowRunResult,
  type OrdinaryRunView,
  type RejectReason,
  type RunStatus,
  type RunView,
  type WaitReason,
} from '../contracts/run';
export {
  type AddCredits,
  type AdjustCredits,
  type ChangePlan,
  type CommandRefused,
  type DiscardWaiting,
  type ReverseCharge,
  type ReverseRun,
  type SetPayAsYouGo,
  type SetTeamStatus,
  type TeamBillingInput,
  type TeamCommandAnswers,
  type UpsertTeamInput,
  type VoidPack,
} from '../contracts/team';
export { type Instant } from '../contracts/time';
