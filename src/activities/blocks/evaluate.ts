import { evaluateConfigSchema } from '../../contracts/blocks-config';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockExecutor } from './types';

/** Delivers the value of a JSONata expression; what yields nothing delivers null. */
export function evaluateBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'evaluate',
    kind: 'logic',
    execute: async (config, io) => {
      const { expression } = evaluateConfigSchema.parse(config);
      const [value = null] = await sandbox.evaluate([expression], scopeOf(io), io.signal);
      return { value };
    },
  };
}
