import {
  ActivityCancellationType,
  ActivityFailure,
  CancelledFailure,
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
import { blockPriority } from '../contracts/priority';
import { runAgent } from './agent/run-agent';
import { delayMilliseconds } from './interpreter';
import { applicationFailureOf, isAnswer, type Registered } from './our-activities';

/** Reserve, commit, the executor's overtime and a busy worker, beside the block's own time. Milliseconds. */
const AROUND_A_BLOCK_MS = 20_000;

/** What came of a block. */
export type BlockEnd =
  | { readonly status: 'delivered'; readonly answer: ExecutedBlock }
  | { readonly status: 'failed'; readonly detail: BlockFailureDetail }
  /** Its run is cancelled, or stops: nothing follows from it but what it used. */
  | { readonly status: 'stopped'; readonly error: unknown; readonly settlement: Settlement | undefined };

export interface BlockStart {
  readonly request: ExecuteBlock;
  /** Its run waited in the line: newer runs go first. */
  readonly waited: boolean;
  /** Called once. Whatever it does to the workflow it does at once, without awaiting anything. */
  readonly onEnd: (end: BlockEnd) => void;
}

/**
 * Executes the blocks of one run where their types belong: a timer, a local activity, or an activity.
 *
 * Logic goes through one lane, one local activity at a time: when a history is replayed, Temporal hands local results
 * over as soon as they are asked for, not in the order in which they once came. With two of them under way, what
 * follows from each could change places, and one block get the other's result.
 */
export class BlockRunner {
  private readonly lane: BlockStart[] = [];
  private busy = false;

  start(block: BlockStart): void {
    const { type, config } = block.request.block;
    switch (executionOf(type)) {
      case 'interpreter':
        block.onEnd({ status: 'delivered', answer: {} });
        return;
      case 'timer':
        sleep(delayMilliseconds(config), { summary: block.request.block.id }).then(
          () => {
            // The wait is over; what is left is the block's charge.
            this.inLane(block);
          },
          (error: unknown) => {
            block.onEnd(endOf(error));
          },
        );
        return;
      case 'logic':
        this.inLane(block);
        return;
      case 'external':
        external(block);
        return;
      case 'agent':
        agent(block);
    }
  }

  /** Ends what has not begun. */
  dropQueued(error: unknown): void {
    for (const { onEnd } of this.lane.splice(0)) onEnd({ status: 'stopped', error, settlement: undefined });
  }

  private inLane(block: BlockStart): void {
    this.lane.push(block);
    this.next();
  }

  private next(): void {
    if (this.busy) return;
    const block = this.lane.shift();
    if (block === undefined) return;
    this.busy = true;
    local(block.request).then(
      (answer) => {
        this.busy = false;
        block.onEnd({ status: 'delivered', answer });
        this.next();
      },
      (error: unknown) => {
        this.busy = false;
        // One that did not get through is tried as a regular activity.
        if (isAnswer(error)) block.onEnd(endOf(error));
        else external(block);
        this.next();
      },
    );
  }
}

/** Logic is pure and short: inside the workflow task, and one event. */
function local(request: ExecuteBlock): Promise<ExecutedBlock> {
  const activities = proxyLocalActivities<Registered>({
    startToCloseTimeout: startToCloseMs(request.block),
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summaryOf(request.block),
  });
  return activities['flowCredits.executeBlock'](request);
}

/**
 * Temporal retries without limit, so that a worker that dies costs no attempt; the activity counts the block's own
 * failures and ends them. Cancelling waits for the activity: its charge comes before the close. The activity's id is
 * the block's key: a replay that mixed blocks up would be found out.
 */
function external({ request, waited, onEnd }: BlockStart): void {
  const activities = proxyActivities<Registered>({
    activityId: request.key,
    startToCloseTimeout: startToCloseMs(request.block),
    heartbeatTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    priority: blockPriority(request.about.team, waited),
    summary: summaryOf(request.block),
  });
  activities['flowCredits.executeBlock'](request).then(
    (answer) => {
      onEnd({ status: 'delivered', answer });
    },
    (error: unknown) => {
      onEnd(endOf(error));
    },
  );
}

/** An AI Agent makes its calls from here, and tells what it used whatever ended it. */
function agent({ request, waited, onEnd }: BlockStart): void {
  void runAgent(request, waited).then((end) => {
    if ('answer' in end) {
      onEnd({ status: 'delivered', answer: end.answer });
      return;
    }
    const { settlement } = end;
    const told = endOf(end.error);
    if (told.status === 'stopped') onEnd({ ...told, settlement });
    else if (told.status === 'delivered' || settlement === undefined) onEnd(told);
    else onEnd({ status: 'failed', detail: { ...told.detail, settlement } });
  });
}

function endOf(error: unknown): BlockEnd {
  const failure = applicationFailureOf(error);
  const [detail] = failure?.details ?? [];
  if (failure?.type === FAILURE.blockFailed && isBlockFailure(detail)) return { status: 'failed', detail };
  return { status: 'stopped', error: failure ?? error, settlement: settlementOf(error) };
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
