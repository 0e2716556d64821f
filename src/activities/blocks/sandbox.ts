import { LOGIC_TIMEOUT_MS } from '../../contracts/blocks-types';
import { type Json } from '../../contracts/json';
import { draftOf } from '../../contracts/blocks-schema';
import { type ValidateConfig } from '../../contracts/blocks-config';
import { isObject } from './json';
import { SandboxThread, type Job, type JobName } from './sandbox-worker';
import { type Scope } from './scope';

export interface Validation {
  readonly valid: boolean;
  readonly value: Json;
  /** `[{path, message}]`; paths are JSON pointers into the value. */
  readonly errors: Json;
}

export interface SandboxOptions {
  /** How many threads evaluate at the same time. Default 2: one runaway does not hold up the rest. */
  readonly threads?: number;
  /** Milliseconds one job may take. Default `LOGIC_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Megabytes of heap of one thread. */
  readonly heapMb?: number;
}

/**
 * Evaluates what flow authors wrote in threads of their own, one job at a time each. A job that takes too long (an endless
 * recursion, a regular expression that backtracks for ever) or too much memory ends with its thread, and nothing else
 * does: the worker's event loop, with its polls and heartbeats, goes on.
 */
export class Sandbox {
  private readonly threads: SandboxThread[] = [];
  private readonly queue: Job[] = [];
  private readonly limits: Required<SandboxOptions>;
  private nextId = 1;
  private closed = false;

  constructor(options: SandboxOptions = {}) {
    this.limits = { threads: 2, timeoutMs: LOGIC_TIMEOUT_MS, heapMb: 128, ...options };
  }

  /** Values of JSONata expressions, in order. Throws `BlockError`, or the signal's reason. */
  async evaluate(
    expressions: readonly string[],
    scope: Scope,
    signal: AbortSignal,
  ): Promise<readonly Json[]> {
    const values = await this.submit('evaluate', { expressions: [...expressions], scope }, signal);
    return Array.isArray(values) ? values : [];
  }

  /** The place of the first expression that is true, or -1. Later ones are not evaluated. */
  async firstTrue(expressions: readonly string[], scope: Scope, signal: AbortSignal): Promise<number> {
    const place = await this.submit('firstTrue', { expressions: [...expressions], scope }, signal);
    return typeof place === 'number' ? place : -1;
  }

  /** Applies a JSON Schema to the expression's value, or to the input. */
  async validate(
    schema: ValidateConfig['schema'],
    expression: string | undefined,
    scope: Scope,
    signal: AbortSignal,
  ): Promise<Validation> {
    const job = { schema, draft: draftOf(schema), expression, scope };
    const answer = await this.submit('validate', job, signal);
    if (!isObject(answer)) throw new TypeError('the sandbox answered no validation');
    return {
      valid: answer['valid'] === true,
      value: answer['value'] ?? null,
      errors: answer['errors'] ?? [],
    };
  }

  private async submit(name: JobName, argument: object, signal: AbortSignal): Promise<Json> {
    signal.throwIfAborted();
    if (this.closed) throw new Error('the sandbox is closed');
    let abort = (): void => undefined;
    const result = new Promise<Json>((resolve, reject) => {
      const job: Job = { id: this.nextId++, name, argument: JSON.stringify(argument), resolve, reject };
      abort = () => {
        const place = this.queue.indexOf(job);
        if (place >= 0) this.queue.splice(place, 1);
        reject(signal.reason as Error);
      };
      this.queue.push(job);
    });
    signal.addEventListener('abort', abort, { once: true });
    this.pump();
    try {
      return await result;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  private pump(): void {
    while (this.queue.length > 0) {
      const idle = this.threads.find((thread) => thread.idle) ?? this.grow();
      const job = idle === null ? undefined : this.queue.shift();
      if (idle === null || job === undefined) return;
      idle.run(job);
    }
  }

  private grow(): SandboxThread | null {
    if (this.threads.length >= this.limits.threads) return null;
    const thread = new SandboxThread(this.limits, (gone) => {
      if (gone) this.threads.splice(this.threads.indexOf(thread), 1);
      this.pump();
    });
    this.threads.push(thread);
    return thread;
  }

  /** Stops the threads. What is still queued is refused. */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0)) job.reject(new Error('the sandbox is closed'));
    await Promise.all(this.threads.map((thread) => thread.stop()));
  }
}
