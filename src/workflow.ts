/** Sandbox-safe: what workflow code may import. */
export { deliverEvents, flowRun, monthlyReset, reconcile, teamBilling } from './workflows';
export { FAILURE, type FailureType } from './contracts/failures';
export {
  deliverEventsId,
  EVENTS,
  RUN,
  runIdOf,
  TASK_QUEUE,
  TEAM,
  teamBillingId,
  WORKFLOWS,
} from './contracts/names';
export { type AdmissionAnswer, type FlowRunInput, type FlowRunResult, type RunView } from './contracts/run';
export { type TeamBillingInput, type TeamBillingView } from './contracts/team';
