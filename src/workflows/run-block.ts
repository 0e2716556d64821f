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
import { type ExecuteInner } from './agent/flow-tool';
import { runAgent } from './agent/run-agent';
import { blockOptions, startToCloseMs, summaryOf } from './block-options';
import { isNested } from './interpreter';
import { type LogicLane, type Queued } from './logic-lane';
import { applicationFailureOf, isAnswer, type Registered } from './our-activities';
import { type PayloadRoom } from './payload-room';
import { runPrivately } from './private-block';
import { type MeteredEnd } from './settle-block';

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

export interface Surroundings {
  /**
   * What ends the flow's blocks together. Said, not taken from where the code runs: what follows from a block's end in
   * one flow may begin a block of another, which waited in their lane.
   */
  readonly scope: CancellationScope;
  /** Of the whole run. */
  readonly lane: LogicLane;
  /** Of the whole run. */
  readonly room: PayloadRoom;
  readonly executeInner: ExecuteInner;
  /** The task queue of the team's private runner, where the run executes on one: logic and all that leaves the process. */
  readonly runnerQueue: string | null;
}

/**
 * Executes the blocks of one flow where their types belong: a timer, an activity, or a local activity, in the lane of
 * the run.
 */
export class BlockRunner {
  /** What of the lane is this flow's. */
  private readonly queued = new Set<Queued>();
  /** What is under way, by key: each can be cancelled by itself. */
  private readonly scopes = new Map<string, CancellationScope>();
  private readonly timers = new Set<string>();
  private timersLeft = false;
  /** Cancelled by itself: its end is an answer. */
  private readonly dropped = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  /** How many blocks only wait for their timer. */
  get waiting(): number {
    return this.timers.size;
  }

  start(block: BlockStart): void {
    const { request, wait } = block;
    const { key } = request;
    const { runnerQueue, executeInner, room } = this.around;
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
        if (runnerQueue === null) this.inLane(block);
        else this.privately(block, runnerQueue);
        return;
      case 'external':
        if (runnerQueue === null) this.external(block);
        else this.privately(block, runnerQueue);
        return;
      case 'agent':
        this.committing(block, (asked, waited) =>
          runAgent(asked, waited, { executeInner, runnerQueue, room }),
        );
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
    this.around.lane.drop((queued) => this.queued.has(queued), error);
  }

  /** Ends one block, whatever it is at. */
  cancel(key: string): void {
    this.around.lane.drop((queued) => queued.key === key, new CancelledFailure('not needed'));
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
    const scope = new CancellationScope({ cancellable: true, parent: this.around.scope });
    this.scopes.set(key, scope);
    const gone = (): void => {
      if (this.scopes.get(key) === scope) this.scopes.delete(key);
    };
    const done = scope.run(work);
    done.then(gone, gone);
    return done;
  }

  private inLane(block: BlockStart): void {
    const { key } = block.request;
    const queued: Queued = {
      key,
      isMany: isNested(key),
      begin: () => {
        this.queued.delete(queued);
        this.execute(block);
      },
      drop: (error) => {
        this.queued.delete(queued);
        block.onEnd({ status: 'stopped', error, settlement: undefined });
      },
    };
    this.queued.add(queued);
    this.around.lane.add(queued);
  }

  private execute(block: BlockStart): void {
    const { request, onEnd } = block;
    const { lane, scope } = this.around;
    this.within(request.key, () => local(request)).then(
      (answer) => {
        lane.free(answer.value === undefined ? 0 : jsonBytes(answer.value));
        onEnd({ status: 'delivered', answer });
        lane.next();
      },
      (error: unknown) => {
        lane.free(null);
        // One that did not get through is tried as a regular activity, unless nobody needs it any more.
        if (isAnswer(error, scope) || this.dropped.delete(request.key)) onEnd(endOf(error));
        else this.external(block);
        lane.next();
      },
    );
  }

  private external({ request, waited, onEnd }: BlockStart): void {
    const { room } = this.around;
    this.within(request.key, () => room.run(request, external(request, waited))).then(
      (answer) => {
        onEnd({ status: 'delivered', answer });
      },
      (error: unknown) => {
        onEnd(endOf(error));
      },
    );
  }

  private privately(block: BlockStart, taskQueue: string): void {
    this.committing(block, (request, waited) => runPrivately(request, waited, taskQueue, this.around.room));
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

function external(request: ExecuteBlock, waited: boolean): Registered['flowCredits.executeBlock'] {
  return proxyActivities<Registered>(blockOptions(request, waited))['flowCredits.executeBlock'];
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
