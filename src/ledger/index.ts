export { LedgerBusy, LedgerFault, LedgerUnavailable } from './store/errors';
export { moveClock } from './store/clock';
export { type CommittedBatch } from './store/transaction';
export { openLedger, type Ledger, type LedgerOptions, type WakeListener } from './store/ledger';
