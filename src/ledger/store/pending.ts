import { answerTo } from '../core';
import { type Operation, type ResultOf } from '../core/operations';
import { type Outcome } from '../core/types';
import { type OperationEnded } from './observer';
import { messageOf } from '../../contracts/error-text';
import { LedgerFault, LedgerUnavailable } from './errors';

/** An operation whose caller waits. */
export interface Pending {
  readonly operation: Operation;
  /** On the clock of this process, in milliseconds. */
  readonly deadline: number;
  /** True once the caller has an answer; a transaction may still be under way with it. */
  readonly answered: boolean;
  answer(outcome: Outcome): void;
  /** The operation itself is at fault. */
  fault(cause: unknown): void;
  /** The deadline has passed, or the ledger was closed. */
  giveUp(why: string, cause: unknown): void;
}

export class PendingOperation<O extends Operation> implements Pending {
  answered = false;
  readonly result: Promise<ResultOf<O>>;
  private resolve!: (result: ResultOf<O>) => void;
  private reject!: (error: Error) => void;

  constructor(
    readonly operation: O,
    readonly deadline: number,
    private readonly timeoutMs: number,
    /** Null where nobody looks. */
    private readonly ended: OperationEnded | null = null,
  ) {
    this.result = new Promise<ResultOf<O>>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  answer(outcome: Outcome): void {
    if (this.answered) return;
    if (outcome instanceof Error) {
      this.fault(outcome);
      return;
    }
    try {
      const result = answerTo(this.operation, outcome);
      this.answered = true;
      this.resolve(result);
      this.ended?.({ result, error: null });
    } catch (error) {
      this.fault(error);
    }
  }

  fault(cause: unknown): void {
    this.fail(new LedgerFault(`${describe(this.operation)} failed: ${messageOf(cause)}`, { cause }));
  }

  giveUp(why: string, cause: unknown): void {
    const detail = cause === null ? '' : ` (${messageOf(cause)})`;
    this.fail(
      new LedgerUnavailable(
        `${describe(this.operation)}: ${why} within ${this.timeoutMs} ms${detail}; repeating it is safe`,
        { cause },
      ),
    );
  }

  private fail(error: Error): void {
    if (this.answered) return;
    this.answered = true;
    this.reject(error);
    this.ended?.({ result: null, error });
  }
}

function describe(operation: Operation): string {
  const run = 'runId' in operation ? ` of run "${operation.runId}"` : '';
  const key = 'key' in operation ? ` key "${operation.key}"` : '';
  return `ledger operation "${operation.kind}" of team "${operation.team}"${run}${key}`;
}
