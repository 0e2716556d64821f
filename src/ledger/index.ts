export { LedgerBusy, LedgerFault, LedgerUnavailable } from './store/errors';
export { moveClock } from './store/clock';
export { openLedger, type Ledger, type LedgerOptions, type WakeListener } from './store/ledger';
