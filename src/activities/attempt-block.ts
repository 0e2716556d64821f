import { type BlockFailureDetail, type RunBlock } from '../contracts/activities';
import { attemptsOf, attemptTimeoutMs } from '../contracts/blocks-types';
import { messageOf } from '../contracts/error-text';
import { type Usage } from '../contracts/usage';
import { type AttemptKeeper } from './attempts';
import { BlockError, type BlockRegistry, type BlockResult } from './blocks';
import { blockAttemptFailed, blockFailed, workerStopping } from './failures';
import { type Attempt } from './metering';

/** One attempt of a block, on our own worker or on a private runner: nothing here knows of a ledger. */

/** A block that does not heed its own timeout is ended by us so much later. Milliseconds. */
const OVERTIME_MS = 2_000;

/** The cause of a failure that no executor named. */
const UNEXPECTED = 'Unexpected';

export function blockAttempt(
  executors: Pick<BlockRegistry, 'run'>,
  { block, inputs, about }: RunBlock,
  keeper: AttemptKeeper,
): Attempt<BlockResult> {
  let used: Usage | null = null;
  return {
    execute: async () => {
      const overtime = AbortSignal.timeout(attemptTimeoutMs(block) + OVERTIME_MS);
      const signal = AbortSignal.any([keeper.signal, overtime]);
      try {
        const result = await executors.run(block, {
          inputs,
          run: about,
          signal,
          heartbeat: keeper.beat,
        });
        used = result.usage ?? null;
        return result;
      } catch (error) {
        if (error instanceof BlockError) used = error.usage;
        throw error;
      }
    },
    usage: () => used,
    judge: (error) => {
      const ending = keeper.ending();
      if (ending !== null) return ending;
      const mayPass = !(error instanceof BlockError) || error.retryable;
      return mayPass && keeper.failures + 1 < attemptsOf(block) ? 'retried' : 'final';
    },
  };
}

export type Outcome =
  | { readonly status: 'done'; readonly result: BlockResult }
  | { readonly status: 'failed' | 'retried'; readonly error: unknown };

export async function unmetered(attempt: Attempt<BlockResult>): Promise<Outcome> {
  try {
    return { status: 'done', result: await attempt.execute() };
  } catch (error) {
    return { status: attempt.judge(error) === 'final' ? 'failed' : 'retried', error };
  }
}

/** What to throw for an attempt that failed. `told` goes with its failure for good, `toldCancelled` with its cancellation. */
export function failureOf(
  { key, block }: Pick<RunBlock, 'key' | 'block'>,
  { status, error }: { readonly status: 'failed' | 'retried'; readonly error: unknown },
  keeper: AttemptKeeper,
  told: Pick<BlockFailureDetail, 'settlement' | 'usage'>,
  toldCancelled?: unknown,
): Error {
  const message = messageOf(error);
  if (status === 'failed') {
    if (keeper.ending() === 'final') return keeper.cancellation(toldCancelled);
    const cause = error instanceof BlockError ? error.type : UNEXPECTED;
    return blockFailed({ key, type: block.type, cause, message, ...told });
  }
  if (keeper.shuttingDown()) return workerStopping(key);
  if (keeper.ending() !== null) return keeper.cancellation();
  keeper.failed();
  const retryAfterMs = error instanceof BlockError ? error.retryAfterMs : null;
  return blockAttemptFailed(key, message, keeper.failures + 1, retryAfterMs ?? undefined);
}
