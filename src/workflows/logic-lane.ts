import { patched, sleep } from '@temporalio/workflow';

/**
 * Local activities end with their workflow task, in one message of at most 4 MB; one that is cut short does all of them
 * again, and meanwhile nothing else reaches the workflow. So a task ends after this much.
 */
const LOCAL_MOST_BYTES = 1024 * 1024;
const LOCAL_MOST = 200;
/** Runs that began before tasks ended for large results outside of loops go on without. */
const PATCH = 'flow-credits.local-bytes';

export interface Queued {
  readonly key: string;
  /** Of a loop: there may be any number of them. */
  readonly isMany: boolean;
  /** Its local activity begins. Whoever gave it says `free`, and then `next`, when that has ended. */
  readonly begin: () => void;
  /** It never begins. */
  readonly drop: (error: unknown) => void;
}

/**
 * Where a run's logic blocks wait for each other, those of the flows that its agents call, too: one local activity at a
 * time. When a history is replayed, Temporal hands local results over as soon as they are asked for, not in the order
 * in which they once came. With two of them under way, what follows from each could change places, and one block get
 * the other's result.
 */
export class LogicLane {
  private queue: Queued[] = [];
  private busy = false;
  /** Local results since the last workflow task was ended on purpose. */
  private locals = { count: 0, bytes: 0 };

  add(queued: Queued): void {
    this.queue.push(queued);
    this.next();
  }

  /** The one under way has ended; `bytes` of its result, null where there is none. */
  free(bytes: number | null): void {
    this.busy = false;
    if (bytes === null) return;
    this.locals.count += 1;
    this.locals.bytes += bytes;
  }

  /** Ends what has not begun, where it is meant. */
  drop(isMeant: (queued: Queued) => boolean, error: unknown): void {
    const dropped = this.queue.filter(isMeant);
    this.queue = this.queue.filter((queued) => !dropped.includes(queued));
    for (const queued of dropped) queued.drop(error);
  }

  next(): void {
    if (this.busy) return;
    const [first, ...others] = this.queue;
    if (first === undefined) return;
    this.busy = true;
    const { count, bytes } = this.locals;
    const large = bytes > LOCAL_MOST_BYTES;
    const enough = large || count >= LOCAL_MOST;
    if (enough && (first.isMany || (large && patched(PATCH)))) {
      this.pause();
      return;
    }
    this.queue = others;
    first.begin();
  }

  private pause(): void {
    const goOn = (): void => {
      this.locals = { count: 0, bytes: 0 };
      this.busy = false;
      this.next();
    };
    sleep(1).then(goOn, goOn);
  }
}
