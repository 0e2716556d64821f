import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AJV_ANNOTATIONS, AJV_OPTIONS } from '../../contracts/blocks-schema';
import { VALUE_MOST_BYTES } from '../../contracts/blocks-size';
import { type Json } from '../../contracts/json';
import { BlockError } from './errors';
import { parseJson } from './json';

export type JobName = 'evaluate' | 'firstTrue' | 'validate';

export interface Job {
  readonly id: number;
  readonly name: JobName;
  /** JSON. */
  readonly argument: string;
  readonly resolve: (result: Json) => void;
  readonly reject: (reason: Error) => void;
}

/** What the thread says. `ready` once, then one answer a job. */
type Said =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly result: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly tooLong: boolean };

export interface ThreadLimits {
  readonly timeoutMs: number;
  readonly heapMb: number;
}

const DEPTH_MOST = 500;
const SEQUENCE_MOST = 100_000;
const ERRORS_MOST = 50;
/** JSONata stops itself between two steps, with a good message, before the thread is stopped from outside. */
const OWN_SHARE = 0.75;
const START_TIMEOUT_MS = 30_000;

/** One thread and the job it is at. A thread that had to be stopped is not used again. */
export class SandboxThread {
  private readonly worker: Worker;
  private job: Job | null = null;
  private ready = false;
  private timer: NodeJS.Timeout | null = null;

  /** `onIdle` is told after each job; `gone` says that this thread takes no more. */
  constructor(
    private readonly limits: ThreadLimits,
    private readonly onIdle: (gone: boolean) => void,
  ) {
    this.worker = new Worker(join(__dirname, 'sandbox-thread.js'), {
      workerData: {
        limits: {
          jsonata: { timeout: limits.timeoutMs * OWN_SHARE, stack: DEPTH_MOST, sequence: SEQUENCE_MOST },
          resultBytes: VALUE_MOST_BYTES,
          errors: ERRORS_MOST,
        },
        ajv: { options: { ...AJV_OPTIONS }, annotations: AJV_ANNOTATIONS },
      },
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
      // Nothing of the process is the flow author's business.
      env: {},
      argv: [],
      execArgv: [],
    });
    this.worker.on('message', (said: Said) => {
      this.hear(said);
    });
    this.worker.on('error', (error: Error) => {
      this.end(crashed(error, limits));
    });
    this.worker.on('exit', () => {
      this.end(new BlockError('ExpressionFailed', 'the evaluation was stopped', { retryable: true }));
    });
    this.worker.unref();
  }

  get idle(): boolean {
    return this.job === null;
  }

  run(job: Job): void {
    this.job = job;
    // A thread that is at work keeps the process up; an idle one does not.
    this.worker.ref();
    this.worker.postMessage({ id: job.id, job: job.name, argument: job.argument });
    this.limit(this.ready ? this.limits.timeoutMs : START_TIMEOUT_MS);
  }

  /** Stops the thread; a job it is at fails. */
  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  private hear(said: Said): void {
    if (said.kind === 'ready') {
      this.ready = true;
      if (this.job !== null) this.limit(this.limits.timeoutMs);
      return;
    }
    const { job } = this;
    if (job?.id !== said.id) return;
    this.rest();
    if (said.kind === 'done') job.resolve(parseJson(said.result));
    else if (said.tooLong) job.reject(tooLong(this.limits));
    else job.reject(new BlockError('ExpressionFailed', said.message));
    this.onIdle(false);
  }

  private limit(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.end(tooLong(this.limits));
      void this.worker.terminate();
    }, milliseconds);
  }

  private rest(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.job = null;
    this.worker.unref();
  }

  private ended = false;

  private end(reason: Error): void {
    if (this.ended) return;
    this.ended = true;
    const { job } = this;
    this.rest();
    job?.reject(reason);
    this.onIdle(true);
  }
}

function tooLong({ timeoutMs }: ThreadLimits): BlockError {
  // The machine may just have been busy: worth another attempt.
  return new BlockError(
    'ExpressionTooLong',
    `the evaluation took longer than ${timeoutMs} ms; look for an endless recursion or a costly regular expression`,
    { retryable: true },
  );
}

function crashed(error: Error, { heapMb }: ThreadLimits): BlockError {
  const full = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new BlockError(
    'ExpressionFailed',
    full
      ? `the evaluation took more than ${heapMb} MB of memory; work on less data at a time`
      : `the evaluation broke: ${error.message}`,
  );
}
