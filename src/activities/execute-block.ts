import { Context } from '@temporalio/activity';
import {
  type ExecuteBlock,
  type ExecutedBlock,
  type MeteredRun,
  type Settlement,
} from '../contracts/activities';
import { attemptsOf, attemptTimeoutMs } from '../contracts/blocks-types';
import { toText } from '../contracts/millicredits';
import { type Usage } from '../contracts/usage';
import { likely, type RateCard } from '../pricing';
import { attemptKeeper, type AttemptKeeper } from './attempts';
import { BlockError, type BlockResult } from './blocks';
import { type ActivityDeps, type Deadlines, type MeteringDeps } from './deps';
import { blockAttemptFailed, blockFailed, workerStopping } from './failures';
import { metered, type Attempt, type Meter, type Metered, type Settled } from './metering';

/** A block that does not heed its own timeout is ended by us so much later. Milliseconds. */
const OVERTIME_MS = 2_000;

/** The cause of a failure that no executor named. */
const UNEXPECTED = 'Unexpected';

/**
 * One block of a flow: reserves, executes, commits. A regular activity for what leaves the process, a local one for
 * logic. Throws `BlockFailed` (final), `BlockAttemptFailed` (tried again), `RunCreditLimitReached`, or the cancellation.
 */
export async function executeBlock(deps: ActivityDeps, request: ExecuteBlock): Promise<ExecutedBlock> {
  const keeper = attemptKeeper(Context.current());
  try {
    const attempt = blockAttempt(deps, request, keeper);
    const { run } = request;
    if (run === null) return answer(request, await unmetered(attempt), null, keeper);
    const card = cardOf(deps, run);
    const { key, block } = request;
    const item = {
      run,
      key,
      type: block.type,
      rows: 'blocks',
      likely: likely(block, run.context, card),
      // Local activities are logic alone: it may run before its limit is looked at.
      pure: Context.current().info.isLocal,
    } as const;
    const meter: Meter = {
      ledger: deps.ledger,
      card,
      deadlines: deadlinesOf(deps),
      warn: (message, attributes) => {
        Context.current().log.warn(message, attributes);
      },
    };
    const outcome = await metered(meter, item, attempt);
    return answer(
      request,
      outcome,
      outcome.status === 'retried' ? null : settlementOf(outcome.settled),
      keeper,
    );
  } finally {
    keeper.stop();
  }
}

function deadlinesOf({ deadlines }: ActivityDeps): Deadlines {
  const { localMs } = deadlines;
  return Context.current().info.isLocal ? { ...deadlines, reserveMs: localMs, commitMs: localMs } : deadlines;
}

/** The card a run pinned. Every worker must have it loaded: a card is never taken away. */
export function cardOf({ pricing }: Pick<MeteringDeps, 'pricing'>, run: MeteredRun): RateCard {
  const card = pricing.card(run.rateCard);
  if (card === null)
    throw new Error(`rate card "${run.rateCard}" of run "${run.runId}" is not loaded on this worker`);
  return card;
}

function blockAttempt(
  deps: ActivityDeps,
  { block, inputs, about }: ExecuteBlock,
  keeper: AttemptKeeper,
): Attempt<BlockResult> {
  let used: Usage | null = null;
  return {
    execute: async () => {
      const overtime = AbortSignal.timeout(attemptTimeoutMs(block) + OVERTIME_MS);
      const signal = AbortSignal.any([keeper.signal, overtime]);
      try {
        const result = await deps.executors.run(block, {
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

type Outcome =
  | { readonly status: 'done'; readonly result: BlockResult }
  | { readonly status: 'failed' | 'retried'; readonly error: unknown };

async function unmetered(attempt: Attempt<BlockResult>): Promise<Outcome> {
  try {
    return { status: 'done', result: await attempt.execute() };
  } catch (error) {
    return { status: attempt.judge(error) === 'final' ? 'failed' : 'retried', error };
  }
}

function settlementOf({ charged, uncommitted }: Settled): Settlement {
  return {
    charged: charged === null ? null : toText(charged),
    ...(uncommitted === null ? {} : { uncommitted }),
  };
}

function answer(
  { key, block }: ExecuteBlock,
  outcome: Outcome | Metered<BlockResult>,
  settlement: Settlement | null,
  keeper: AttemptKeeper,
): ExecutedBlock {
  const settled = settlement === null ? {} : { settlement };
  if (outcome.status === 'done') {
    const { port, value } = outcome.result;
    return { ...(port === undefined ? {} : { port }), ...(value === undefined ? {} : { value }), ...settled };
  }
  const { error } = outcome;
  const message = error instanceof Error ? error.message : String(error);
  if (outcome.status === 'failed') {
    if (keeper.ending() === 'final') throw keeper.cancellation(settlement ?? undefined);
    const cause = error instanceof BlockError ? error.type : UNEXPECTED;
    throw blockFailed({ key, type: block.type, cause, message, ...settled });
  }
  if (keeper.shuttingDown()) throw workerStopping(key);
  if (keeper.ending() !== null) throw keeper.cancellation();
  keeper.failed();
  const retryAfterMs = error instanceof BlockError ? error.retryAfterMs : null;
  throw blockAttemptFailed(key, message, keeper.failures + 1, retryAfterMs ?? undefined);
}
