export { databaseAddress } from './address';
export { type AuditRow } from './audit';
export { type ChargePages, type PastUsage } from './charges';
export { cursorFrom, cursorText, type RunCursor } from './cursor';
export { type GrantRow, type GrantsPage } from './grants';
export { EVENT_KINDS, type EventCounts, type EventStatus, type StoredEvent } from './events';
export { type InLine, type LinePage } from './line';
export { type ObservedFlow, type ObservedReport, type ObservedRequest, type ObservedRuns } from './observed';
export { type PaygPreview } from './payg-preview';
export { LedgerReader, openReader } from './reader';
export { type ReaderPatience } from './rows';
export { type ChargeRow, type RunChargesPage, type RunsPage, type RunTotals } from './runs';
export { type Balance, type Page, type TeamOverview, type TeamsPage } from './teams';
export {
  USAGE_BY,
  type UsageAmounts,
  type UsageBy,
  type UsageReport,
  type UsageRequest,
  type UsageRow,
} from './usage';
export { COUNTED_AT_MOST, type LedgerTotals } from './totals';
export { type TeamViolation, type Verdict, type VerifyOptions } from './verify';
export { watchTeams, type TeamListener, type TeamWatch } from './watch';
export { type AlertSettings, type Backlog, type BacklogRule, type TeamStatus } from '../core/setting-types';
export {
  type EventKind,
  type GrantKind,
  type LedgerEvent,
  type Paid,
  type Period,
  type Run as LedgerRun,
  type Setting,
  type Statement,
} from '../core/types';
