import {
  ActivityCancellationType,
  ActivityFailure,
  CancelledFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  sleep,
} from '@temporalio/workflow';
import {
  type BlockFailureDetail,
  type ExecuteBlock,
  type ExecutedBlock,
  type Settlement,
} from '../contracts/activities';
import { attemptTimeoutMs, executionOf } from '../contracts/blocks-types';
import { type Block } from '../contracts/flow';
import { FAILURE } from '../contracts/failures';
import { delayMilliseconds } from './interpreter';
import { applicationFailureOf, type Registered } from './our-activities';
import { blockPriority } from './priority';

/** Reserve, commit, the executor's overtime and a busy worker, beside the block's own time. Milliseconds. */
const AROUND_A_BLOCK_MS = 20_000;

/** What came of a block. */
export type BlockEnd =
  | { readonly status: 'delivered'; readonly answer: ExecutedBlock }
  | { readonly status: 'failed'; readonly detail: BlockFailureDetail }
  /** Its run is cancelled, or stops: nothing follows from it but what it used. */
  | { readonly status: 'stopped'; readonly error: unknown; readonly settlement: Settlement | undefined };

/** Runs one block where its type belongs: a timer, a local activity, or an activity. Never throws. */
export async function runBlock(request: ExecuteBlock, waited: boolean): Promise<BlockEnd> {
  try {
    return { status: 'delivered', answer: await execute(request, waited) };
  } catch (error) {
    const failure = applicationFailureOf(error);
    const [detail] = failure?.details ?? [];
    if (failure?.type === FAILURE.blockFailed && isBlockFailure(detail)) return { status: 'failed', detail };
    return { status: 'stopped', error: failure ?? error, settlement: settlementOf(error) };
  }
}

async function execute(request: ExecuteBlock, waited: boolean): Promise<ExecutedBlock> {
  const { block } = request;
  switch (executionOf(block.type)) {
    case 'interpreter':
      return {};
    case 'timer':
      await sleep(delayMilliseconds(block.config), { summary: block.id });
      // The wait is over; what is left is the block's charge.
      return executeLogic(request, waited);
    case 'logic':
      return executeLogic(request, waited);
    case 'external':
      return executeExternal(request, waited);
  }
}

/** Logic is pure and short: one local activity. One that did not get through is tried as a regular one. */
async function executeLogic(request: ExecuteBlock, waited: boolean): Promise<ExecutedBlock> {
  const activities = proxyLocalActivities<Registered>({
    startToCloseTimeout: startToCloseMs(request.block),
    retry: { maximumAttempts: 1 },
    summary: summaryOf(request.block),
  });
  try {
    return await activities['flowCredits.executeBlock'](request);
  } catch (error) {
    if (isCancellation(error) || applicationFailureOf(error)?.nonRetryable === true) throw error;
    return executeExternal(request, waited);
  }
}

/**
 * Temporal retries without limit, so that a worker that dies costs no attempt; the activity counts the block's own
 * failures and ends them. Cancelling waits for the activity: its charge comes before the close.
 */
function executeExternal(request: ExecuteBlock, waited: boolean): Promise<ExecutedBlock> {
  const activities = proxyActivities<Registered>({
    startToCloseTimeout: startToCloseMs(request.block),
    heartbeatTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: blockPriority(request.about.team, waited),
    summary: summaryOf(request.block),
  });
  return activities['flowCredits.executeBlock'](request);
}

function startToCloseMs(block: Block): number {
  return attemptTimeoutMs(block) + AROUND_A_BLOCK_MS;
}

function summaryOf({ id, type }: Block): string {
  return id === type ? id : `${id} (${type})`;
}

/** A cancelled block tells what it used, too. */
function settlementOf(error: unknown): Settlement | undefined {
  const cancelled = error instanceof ActivityFailure ? error.cause : error;
  const [detail] = cancelled instanceof CancelledFailure ? cancelled.details : [];
  return isSettlement(detail) ? detail : undefined;
}

function isSettlement(value: unknown): value is Settlement {
  return typeof value === 'object' && value !== null && 'charged' in value;
}

function isBlockFailure(value: unknown): value is BlockFailureDetail {
  return typeof value === 'object' && value !== null && 'cause' in value && 'key' in value;
}
