export { LedgerBusy, LedgerFault, LedgerUnavailable } from './store/errors';
export { moveClock } from './store/clock';
export { type CommittedBatch } from './store/transaction';
export {
  openLedger,
  openPastLedger,
  type EventListener,
  type Ledger,
  type LedgerOptions,
  type WakeListener,
} from './store/ledger';
export {
  type LedgerObserver,
  type LedgerState,
  type Observable,
  type ObservedBatch,
  type OperationEnd,
  type OperationEnded,
} from './store/observer';
export { Outbox, type DueEvent, type FailedAttempt } from './store/outbox';
export { EVENT_KINDS } from './store/rows/words';
export { type EventKind } from './core/types';
