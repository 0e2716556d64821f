export { answerTo } from './answer';
export { applyBatch } from './apply-batch';
export { chargeKey } from './charge-key';
export { needs, needsOfAll } from './needs';
export { periodAt, periodContaining, periodStart } from './periods';
export { isLive } from './spendable';
export { chargeOf, chargeWith, MemoryLedger, type TeamRows } from './memory';
export { Fold } from './fold';
export { checkInvariants, TeamCheck, type CheckedRows, type Violation } from './invariants';
