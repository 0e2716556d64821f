export {
  begin,
  BOUNDS,
  compact,
  delivered,
  failed,
  outcome,
  outputs,
  startFlow,
  statuses,
} from './interpreter';
export { isNested, toolPrefix } from './keys';
export { deadlineOf, firstReady, inputsOf, isOpen, ready, running, taskOf, type Task } from './look';
export { type BlockFailure, type Delivered } from './settle';
export { type BlockStatus, type FlowState, type Frame, type RunFailure } from './state';
export { inputFrom } from './values';
export { delayMilliseconds } from '../../contracts/blocks-duration';
