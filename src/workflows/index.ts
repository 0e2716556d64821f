export { deliverEvents } from './deliver-events';
export { flowRun } from './flow-run';
export { teamBilling } from './team-billing';
export { monthlyReset, type MonthlyResetInput, type MonthlyResetResult } from './monthly-reset';
export { reconcile, type ReconcileInput, type ReconcileResult } from './reconcile';
