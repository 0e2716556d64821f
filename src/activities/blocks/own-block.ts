import { type OwnBlock } from '../../contracts/own-blocks';
import { BlockError } from './errors';
import { isObject } from './json';
import { secretOf } from './template';
import { type BlockExecutor } from './types';

/** Executes what a platform defined by `defineBlock`: templates first, then its own code. */
export function ownBlock(block: OwnBlock): BlockExecutor {
  return {
    type: block.type,
    kind: 'external',
    execute: async (config, io) => {
      const filled = block.spec.templates ? await io.fill(config) : config;
      const { input, inputs, run, signal, heartbeat, secrets } = io;
      try {
        return await block.execute(isObject(filled) ? filled : {}, {
          input,
          inputs,
          run,
          signal,
          heartbeat,
          secret: (name) => secretOf(name, secrets, run.team),
        });
      } catch (error) {
        throw asOurs(error, `"${block.type}"`);
      }
    },
  };
}

/** A platform may have loaded this package twice: its errors are known by their names. */
export function asOurs(error: unknown, what: string): unknown {
  if (error instanceof BlockError || !(error instanceof Error)) return error;
  if (error.name === 'OwnConfigInvalid') {
    return new BlockError('ConfigInvalid', `${what}, with its templates filled in: ${error.message}`);
  }
  if (error.name !== 'BlockError' || !('type' in error) || typeof error.type !== 'string') return error;
  return new BlockError(error.type, error.message, {
    retryable: 'retryable' in error && error.retryable === true,
    ...('retryAfterMs' in error && typeof error.retryAfterMs === 'number'
      ? { retryAfterMs: error.retryAfterMs }
      : {}),
  });
}
