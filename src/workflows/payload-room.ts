import { CancellationScope, CancelledFailure, patched } from '@temporalio/workflow';
import { utf8Bytes } from '../contracts/blocks-size';

/**
 * What a workflow task asks for goes to Temporal in one message of at most 4 MB; a larger one ends the workflow on the
 * spot, with nothing committed or closed. Up to 1.5 MB of it are local results (see `LogicLane`). Whatever a task asks for
 * is under way when it ends: so of what is under way, inputs may have this much together.
 */
const UNDER_WAY_MOST_BYTES = 2 * 1024 * 1024;
/** Runs that began before there was a bound go on without. */
const PATCH = 'flow-credits.payload-room';

interface Queued {
  readonly bytes: number;
  readonly begin: () => void;
}

/** How much input the activities of one run may have under way together: those beyond it wait, in turn. */
export class PayloadRoom {
  private bytes = 0;
  private queue: readonly Queued[] = [];

  /** Calls an activity, at once where there is room for its input. One that is larger than the room goes alone. */
  run<I, T>(input: I, activity: (input: I) => Promise<T>): Promise<T> {
    const bytes = utf8Bytes(JSON.stringify(input));
    if ((this.queue.length === 0 && this.fits(bytes)) || !patched(PATCH))
      return this.begin(bytes, () => activity(input));
    // It begins where something else ends: not there it belongs, but here.
    const scope = CancellationScope.current();
    return new Promise<T>((resolve, reject) => {
      const queued: Queued = {
        bytes,
        begin: () => {
          this.begin(bytes, () => scope.run(() => activity(input))).then(resolve, reject);
        },
      };
      this.queue = [...this.queue, queued];
      scope.cancelRequested.catch(() => {
        if (!this.queue.includes(queued)) return;
        this.queue = this.queue.filter((each) => each !== queued);
        reject(new CancelledFailure('it had not begun'));
        this.next();
      });
    });
  }

  private begin<T>(bytes: number, begin: () => Promise<T>): Promise<T> {
    this.bytes += bytes;
    const running = begin();
    const over = (): void => {
      this.bytes -= bytes;
      this.next();
    };
    running.then(over, over);
    return running;
  }

  private next(): void {
    for (;;) {
      const [first, ...others] = this.queue;
      if (first === undefined || !this.fits(first.bytes)) return;
      this.queue = others;
      first.begin();
    }
  }

  private fits(bytes: number): boolean {
    return this.bytes === 0 || this.bytes + bytes <= UNDER_WAY_MOST_BYTES;
  }
}
