import { conditionConfigSchema } from '../../contracts/blocks-config';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockExecutor } from './types';

/** The first case that is true hands the input on; none does: `else`. Cases after it are not looked at. */
export function conditionBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'condition',
    kind: 'logic',
    execute: async (config, io) => {
      const { cases } = conditionConfigSchema.parse(config);
      const expressions = cases.map(({ when }) => when);
      const place = await sandbox.firstTrue(expressions, scopeOf(io), io.signal);
      return { port: cases[place]?.name ?? 'else' };
    },
  };
}
