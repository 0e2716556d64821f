import { type BlockExecutor } from './types';

/** Hands on what came first: the interpreter chose it. It executes so that it is metered like any block. */
export const orBlock: BlockExecutor = {
  type: 'or',
  kind: 'logic',
  execute: () => Promise.resolve({}),
};
