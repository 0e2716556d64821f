import { didYouMean } from '../../../contracts/blocks-suggest';
import { BlockError, type BlockErrorType } from '../errors';
import { type BlockIo } from '../types';

/** What a step of an agent is given: it renders nothing, so it sees no input. */
export type StepIo = Pick<BlockIo, 'run' | 'secrets' | 'signal' | 'heartbeat'>;

/** A thing of the platform's settings, by its name. */
export function named<T>(
  all: Readonly<Record<string, T>>,
  name: string,
  what: string,
  cause: BlockErrorType,
  variable: string,
): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(all);
  const way = known.length === 0 ? `; name it in ${variable}` : didYouMean(name, known);
  throw new BlockError(cause, `this worker has no ${what} named "${name}"${way}`);
}
