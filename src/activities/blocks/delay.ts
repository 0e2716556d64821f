import { type BlockExecutor } from './types';

/** Hands its input on. The workflow's durable timer has waited before; what is left is to be metered. */
export const delayBlock: BlockExecutor = {
  type: 'delay',
  kind: 'logic',
  execute: () => Promise.resolve({}),
};
