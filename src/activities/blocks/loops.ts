import { z } from 'zod';
import { cutText } from '../../contracts/blocks-size';
import { type Json } from '../../contracts/json';
import { BlockError } from './errors';
import { type Sandbox } from './sandbox';
import { scopeOf } from './scope';
import { type BlockExecutor } from './types';

/** What a loop asks before it begins: the workflow sends that part of its config alone. */
const forAsks = z.object({ items: z.string() });
const repeatAsks = z.union([z.object({ times: z.string() }), z.object({ while: z.string() })]);

/** Delivers the items. One that is no list, as JSONata makes of a list of one, stays as it is. */
export function forBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'for',
    kind: 'logic',
    execute: async (config, io) => {
      const { items } = forAsks.parse(config);
      const [value = null] = await sandbox.evaluate([items], scopeOf(io), io.signal);
      return { value };
    },
  };
}

/** Delivers how often, or whether once more. */
export function repeatBlock(sandbox: Sandbox): BlockExecutor {
  return {
    type: 'repeat',
    kind: 'logic',
    execute: async (config, io) => {
      const asks = repeatAsks.parse(config);
      if ('while' in asks) {
        const place = await sandbox.firstTrue([asks.while], scopeOf(io), io.signal);
        return { value: place === 0 };
      }
      const [value = null] = await sandbox.evaluate([asks.times], scopeOf(io), io.signal);
      return { value: timesOf(asks.times, value) };
    },
  };
}

function timesOf(expression: string, value: Json): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const shown = cutText(JSON.stringify(value), 60);
  throw new BlockError(
    'ExpressionFailed',
    `"${expression}" yields ${shown}; how often a block repeats must be a whole number, 0 or more`,
  );
}
