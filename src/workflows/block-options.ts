import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import { type ExecuteBlock } from '../contracts/activities';
import { attemptTimeoutMs } from '../contracts/blocks-types';
import { type Block } from '../contracts/flow';
import { blockPriority } from '../contracts/priority';

/** Reserve, commit, the executor's overtime and a busy worker, beside the block's own time. Milliseconds. */
const AROUND_A_BLOCK_MS = 20_000;

/**
 * Temporal retries without limit, so that a worker that dies costs no attempt; the activity counts the block's own
 * failures and ends them. Cancelling waits for the activity: its charge comes before the close. The activity's id is
 * the block's key: a replay that mixed blocks up would be found out. There is no limit to how long it waits for a worker.
 */
export function blockOptions(request: ExecuteBlock, waited: boolean): ActivityOptions {
  return {
    activityId: request.key,
    startToCloseTimeout: startToCloseMs(request.block),
    heartbeatTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: blockPriority(request.about.team, waited),
    summary: summaryOf(request),
  };
}

export function startToCloseMs(block: Block): number {
  return attemptTimeoutMs(block) + AROUND_A_BLOCK_MS;
}

export function summaryOf({ key, block: { type } }: ExecuteBlock): string {
  return key === type ? key : `${key} (${type})`;
}
