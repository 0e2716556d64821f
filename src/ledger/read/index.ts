export { LedgerReader, openReader } from './reader';
export { type ChargeRow } from './runs';
export { EVENT_KINDS, type EventCounts, type EventStatus, type StoredEvent } from './events';
export { type InLine } from './line';
export { type Page, type TeamOverview } from './teams';
export { type UsageRow } from './usage';
export { type TeamViolation, type Verdict, type VerifyOptions } from './verify';
