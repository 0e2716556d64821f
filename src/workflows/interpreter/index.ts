export {
  begin,
  BOUNDS,
  compact,
  deadlineOf,
  delivered,
  failed,
  inputsOf,
  outcome,
  outputs,
  ready,
  running,
  startFlow,
  statuses,
  type BlockFailure,
  type Delivered,
} from './interpreter';
export { type BlockStatus, type FlowState, type RunFailure } from './state';
export { inputFrom } from './values';
export { delayMilliseconds } from '../../contracts/blocks-duration';
