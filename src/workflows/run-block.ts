import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
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
import { executionOf } from '../contracts/blocks-types';
import { jsonBytes } from '../contracts/blocks-size';
import { FAILURE } from '../contracts/failures';
import { runAgent } from './agent/run-agent';
import { blockOptions, startToCloseMs, summaryOf } from './block-options';
import { isNested } from './interpreter';
import { applicationFailureOf, isAnswer, type Registered } from './our-activities';
import { runPrivately } from './private-block';
import { type MeteredEnd } from './settle-block';

/**
 * Local activities end with their workflow task, in one message of at most 4 MB; one that is cut short does all of them
 * again, and meanwhile nothing else reaches the workflow. So a loop's task ends after this much.
 */
const LOCAL_MOST_BYTES = 1024 * 1024;
const LOCAL_MOST = 200;

/** What came of a block. */
export type BlockEnd =
  | { readonly status: 'delivered'; readonly answer: ExecutedBlock }
  | { readonly status: 'failed'; readonly detail: BlockFailureDetail }
  /** Its run is cancelled, or stops: nothing follows from it but what it used. */
  | { readonly status: 'stopped'; readonly error: unknown; readonly settlement: Settlement | undefined };

export interface BlockStart {
  readonly request: ExecuteBlock;
  /** Of a `delay`, the milliseconds it has yet to wait; null for all others. */
  readonly wait: number | null;
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
  /** Local results since the last workflow task was ended on purpose. */
  private locals = { count: 0, bytes: 0 };
  /** What is under way, by key: each can be cancelled by itself. */
  private readonly scopes = new Map<string, CancellationScope>();
  private readonly timers = new Set<string>();
  private timersLeft = false;
  /** Cancelled by itself: its end is an answer. */
  private readonly dropped = new Set<string>();

  /** The task queue of the team's private runner, where the run executes on one: logic and all that leaves the process. */
  constructor(private readonly runnerQueue: string | null = null) {}

  /** How many blocks only wait for their timer. */
  get waiting(): number {
    return this.timers.size;
  }

  start(block: BlockStart): void {
    const { request, wait } = block;
    const { key } = request;
    if (wait !== null) {
      this.timer(key, wait, (error) => {
        // The wait is over; what is left is the block's charge.
        if (error === null) this.inLane(block);
        else block.onEnd(endOf(error));
      });
      return;
    }
    switch (executionOf(request.block.type)) {
      case 'interpreter':
      case 'timer':
        block.onEnd({ status: 'delivered', answer: {} });
        return;
      case 'logic':
        if (this.runnerQueue === null) this.inLane(block);
        else this.privately(block, this.runnerQueue);
        return;
      case 'external':
        if (this.runnerQueue === null) this.external(block);
        else this.privately(block, this.runnerQueue);
        return;
      case 'agent':
        this.committing(block, runAgent);
    }
  }

  /** Lets the workflow task end, and goes on in the next one. */
  rest(key: string, onEnd: BlockStart['onEnd']): void {
    this.within(key, () => sleep(1)).then(
      () => {
        onEnd({ status: 'delivered', answer: {} });
      },
      (error: unknown) => {
        onEnd(endOf(error));
      },
    );
  }

  /** Ends what has not begun. */
  dropQueued(error: unknown): void {
    for (const { onEnd } of this.lane.splice(0)) onEnd({ status: 'stopped', error, settlement: undefined });
  }

  /** Ends one block, whatever it is at. */
  cancel(key: string): void {
    const place = this.lane.findIndex(({ request }) => request.key === key);
    const [queued] = place < 0 ? [] : this.lane.splice(place, 1);
    queued?.onEnd({ status: 'stopped', error: new CancelledFailure('not needed'), settlement: undefined });
    const scope = this.scopes.get(key);
    if (scope === undefined) return;
    this.dropped.add(key);
    scope.cancel();
  }

  /** Gives up the timers that are under way: nothing follows from them here any more. */
  leaveTimers(): void {
    this.timersLeft = true;
    for (const key of this.timers) this.scopes.get(key)?.cancel();
  }

  private timer(key: string, milliseconds: number, onEnd: (error: unknown) => void): void {
    this.timers.add(key);
    const over = (error: unknown): void => {
      this.timers.delete(key);
      if (!this.timersLeft) onEnd(error);
    };
    this.within(key, () => sleep(milliseconds, { summary: key })).then(() => {
      over(null);
    }, over);
  }

  /** A scope for one block. What follows from its end must not be in it. */
  private within<T>(key: string, work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope();
    this.scopes.set(key, scope);
    const gone = (): void => {
      if (this.scopes.get(key) === scope) this.scopes.delete(key);
    };
    const done = scope.run(work);
    done.then(gone, gone);
    return done;
  }

  private inLane(block: BlockStart): void {
    this.lane.push(block);
    this.next();
  }

  private next(): void {
    if (this.busy) return;
    const [first] = this.lane;
    if (first === undefined) return;
    this.busy = true;
    // Blocks outside of loops are few: their tasks end as they always did.
    const { count, bytes } = this.locals;
    const enough = count >= LOCAL_MOST || bytes > LOCAL_MOST_BYTES;
    if (enough && isNested(first.request.key)) this.breathe();
    else this.execute(first);
  }

  private breathe(): void {
    const goOn = (): void => {
      this.locals = { count: 0, bytes: 0 };
      this.busy = false;
      this.next();
    };
    sleep(1).then(goOn, goOn);
  }

  private execute(block: BlockStart): void {
    this.lane.shift();
    const { request, onEnd } = block;
    this.within(request.key, () => local(request)).then(
      (answer) => {
        this.busy = false;
        this.locals.count += 1;
        if (answer.value !== undefined) this.locals.bytes += jsonBytes(answer.value);
        onEnd({ status: 'delivered', answer });
        this.next();
      },
      (error: unknown) => {
        this.busy = false;
        // One that did not get through is tried as a regular activity, unless nobody needs it any more.
        if (isAnswer(error) || this.dropped.delete(request.key)) onEnd(endOf(error));
        else this.external(block);
        this.next();
      },
    );
  }

  private external({ request, waited, onEnd }: BlockStart): void {
    this.within(request.key, () => external(request, waited)).then(
      (answer) => {
        onEnd({ status: 'delivered', answer });
      },
      (error: unknown) => {
        onEnd(endOf(error));
      },
    );
  }

  private privately(block: BlockStart, taskQueue: string): void {
    this.committing(block, (request, waited) => runPrivately(request, waited, taskQueue));
  }

  /** A block whose workflow commits it tells what it used whatever ended it, and nobody else does. It never rejects. */
  private committing(
    { request, waited, onEnd }: BlockStart,
    run: (request: ExecuteBlock, waited: boolean) => Promise<MeteredEnd>,
  ): void {
    void this.within(request.key, () => run(request, waited)).then((end) => {
      if ('answer' in end) {
        onEnd({ status: 'delivered', answer: end.answer });
        return;
      }
      const told = endOf(end.error);
      if (told.status !== 'failed') {
        onEnd({ ...told, settlement: end.settlement });
        return;
      }
      const { key, type, cause, message } = told.detail;
      const settled = end.settlement === undefined ? {} : { settlement: end.settlement };
      onEnd({ status: 'failed', detail: { key, type, cause, message, ...settled } });
    });
  }
}

/** Logic is pure and short: inside the workflow task, and one event. */
function local(request: ExecuteBlock): Promise<ExecutedBlock> {
  const activities = proxyLocalActivities<Registered>({
    startToCloseTimeout: startToCloseMs(request.block),
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summaryOf(request),
  });
  return activities['flowCredits.executeBlock'](request);
}

function external(request: ExecuteBlock, waited: boolean): Promise<ExecutedBlock> {
  const activities = proxyActivities<Registered>(blockOptions(request, waited));
  return activities['flowCredits.executeBlock'](request);
}

function endOf(error: unknown): Exclude<BlockEnd, { status: 'delivered' }> {
  const failure = applicationFailureOf(error);
  const [detail] = failure?.details ?? [];
  if (failure?.type === FAILURE.blockFailed && isBlockFailure(detail)) return { status: 'failed', detail };
  return { status: 'stopped', error: failure ?? error, settlement: settlementOf(error) };
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
