import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import {
  type ExecuteBlock,
  type MeteredRun,
  type RanBlock,
  type UncommittedUsage,
} from '../contracts/activities';
import { blockPriority } from '../contracts/priority';
import { type Usage } from '../contracts/usage';
import { blockOptions } from './block-options';
import { type Registered } from './our-activities';
import { type PayloadRoom } from './payload-room';
import { blockFailure, commitLater, settle, type MeteredEnd } from './settle-block';

/**
 * Executes a block on its team's private runner, which has no ledger: reserves before it and commits after it. While
 * nobody polls the runner's task queue the block waits, and nothing here counts the time. Never rejects.
 *
 * The runner is the customer's: of what it answers only port, value and usage are taken, and what a failure says.
 */
export async function runPrivately(
  request: ExecuteBlock,
  waited: boolean,
  taskQueue: string,
  room: PayloadRoom,
): Promise<MeteredEnd> {
  const { run, key, block, inputs, about } = request;
  let reserved = false;

  async function reserve(metered: MeteredRun): Promise<void> {
    try {
      const reserveBlock = reserving(request, waited)['flowCredits.reserve'];
      const answer = await room.run({ run: metered, key, block }, reserveBlock);
      reserved = answer.reserved;
    } catch (error) {
      // One that is cancelled may have reserved all the same.
      reserved = isCancellation(error);
      throw error;
    }
  }

  /** A block that had nothing set aside and used nothing that is counted has nothing to commit. */
  function usedOf(usage: Usage, failed: boolean): UncommittedUsage | null {
    const nothing = Object.keys(usage).length === 0 && !reserved;
    return run === null || nothing ? null : { key, type: block.type, usage, rows: 'blocks', failed };
  }

  try {
    if (run !== null) await reserve(run);
    const theirs = proxyActivities<Registered>({ ...blockOptions(request, waited), taskQueue });
    const ran: unknown = await room.run({ key, block, inputs, about }, theirs['flowCredits.runBlock']);
    if (!isRan(ran)) throw blockFailure(request, 'Unexpected', 'its private runner answered nothing');
    const { port, value, usage } = ran;
    const { settlement, refusal } = await settle(run, usedOf(usage ?? {}, false), reserved);
    if (refusal !== null) return { error: blockFailure(request, 'Unexpected', refusal), settlement };
    return {
      answer: {
        ...(port === undefined ? {} : { port }),
        ...(value === undefined ? {} : { value }),
        ...(settlement === undefined ? {} : { settlement }),
      },
    };
  } catch (error) {
    const used = usedOf(usageIn(error), true);
    // A run that stops waits for its commits at its close.
    if (isCancellation(error)) return { error, settlement: used === null ? undefined : commitLater(used) };
    return { error, settlement: (await settle(run, used, reserved)).settlement };
  }
}

/** On our own task queue, and in time: a local activity's result may change places with another's in a replay. */
export function reserving({ key, about }: Pick<ExecuteBlock, 'key' | 'about'>, waited: boolean): Registered {
  return proxyActivities<Registered>({
    activityId: `${key}#reserve`,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '500ms', maximumInterval: '15s' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: blockPriority(about.team, waited),
    summary: `${key}: reserve`,
  });
}

/** What is in it is looked at where it is used: the interpreter knows its ports, the ledger's worker its usage. */
function isRan(value: unknown): value is RanBlock {
  return typeof value === 'object' && value !== null;
}

/** What an activity without a ledger says that it used, in the first detail of its failure or cancellation. */
export function usageIn(error: unknown): Usage {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const told = cause instanceof ApplicationFailure || cause instanceof CancelledFailure ? cause.details : [];
  const [detail] = told ?? [];
  return hasUsage(detail) ? detail.usage : {};
}

function hasUsage(value: unknown): value is { readonly usage: Usage } {
  if (typeof value !== 'object' || value === null || !('usage' in value)) return false;
  return typeof value.usage === 'object' && value.usage !== null;
}
