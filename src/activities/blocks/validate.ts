import { validateConfigSchema } from '../../contracts/blocks-config';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockExecutor } from './types';

/** Delivers the value on `valid`, or `{value, errors: [{path, message}]}` on `invalid`. */
export function validateBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'validate',
    kind: 'logic',
    execute: async (config, io) => {
      const { schema, value: expression } = validateConfigSchema.parse(config);
      const { valid, value, errors } = await sandbox.validate(schema, expression, scopeOf(io), io.signal);
      if (!valid) return { port: 'invalid', value: { value, errors } };
      return expression === undefined ? { port: 'valid' } : { port: 'valid', value };
    },
  };
}
