import { ifConfigSchema } from '../../contracts/blocks-config';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockExecutor } from './types';

/** Hands the input on, on `true` or `false`. What counts as true is JSONata's `$boolean`; nothing is false. */
export function ifBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'if',
    kind: 'logic',
    execute: async (config, io) => {
      const { condition } = ifConfigSchema.parse(config);
      const place = await sandbox.firstTrue([condition], scopeOf(io), io.signal);
      return { port: place === 0 ? 'true' : 'false' };
    },
  };
}
