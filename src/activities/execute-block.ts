import { Context } from '@temporalio/activity';
import {
  type ExecuteBlock,
  type ExecutedBlock,
  type MeteredRun,
  type Settlement,
} from '../contracts/activities';
import { toText } from '../contracts/millicredits';
import { likely, type RateCard } from '../pricing';
import { blockAttempt, failureOf, unmetered, type Outcome } from './attempt-block';
import { attemptKeeper, type AttemptKeeper } from './attempts';
import { type BlockResult } from './blocks';
import { type ActivityDeps, type Deadlines, type MeteringDeps } from './deps';
import { metered, meterOf, type Metered, type Settled } from './metering';
import { observed } from './observer';

/**
 * One block of a flow: reserves, executes, commits. A regular activity for what leaves the process, a local one for
 * logic. Throws `BlockFailed` (final), `BlockAttemptFailed` (tried again), `RunCreditLimitReached`, or the cancellation.
 */
export async function executeBlock(deps: ActivityDeps, request: ExecuteBlock): Promise<ExecutedBlock> {
  const keeper = attemptKeeper(Context.current());
  try {
    const attempt = blockAttempt(deps.executors, request, keeper);
    const { run } = request;
    const { key, block } = request;
    if (run === null) {
      const outcome = await observed(deps.observer, block.type, () => unmetered(attempt));
      return answer(request, outcome, null, keeper);
    }
    const card = cardOf(deps, run);
    const item = {
      run,
      key,
      type: block.type,
      rows: 'blocks',
      likely: likely(block, run.context, card),
      // Local activities are logic alone: it may run before its limit is looked at.
      pure: Context.current().info.isLocal,
    } as const;
    const meter = meterOf({ ...deps, deadlines: deadlinesOf(deps) }, card, (message, attributes) => {
      Context.current().log.warn(message, attributes);
    });
    const outcome = await observed(deps.observer, block.type, () => metered(meter, item, attempt));
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
  throw failureOf({ key, block }, outcome, keeper, settled, settlement ?? undefined);
}
