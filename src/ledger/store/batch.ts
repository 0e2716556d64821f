import { type Rules } from '../core/types';
import { type Connection } from './connection';
import { failureOf } from './errors';
import { type News } from './news';
import { type Pending } from './pending';
import { applyInTransaction, CommitUnknown } from './transaction';

/** What could not be done now and must be tried again, with the reason. Everything else has its answer. */
export interface Remainder {
  readonly pending: readonly Pending[];
  readonly cause: unknown;
  readonly connectionLost: boolean;
}

/**
 * Carries out a batch and answers its callers. When the transaction fails because of one of the operations the batch is
 * halved, and halved again, until the culprit stands alone: its neighbours go on. Returns null when all is done.
 */
export async function runBatch(
  connection: Connection,
  batch: readonly Pending[],
  rules: Rules,
  writer: number,
  news: News,
): Promise<Remainder | null> {
  const operations = batch.map(({ operation }) => operation);
  try {
    const applied = await applyInTransaction(connection, operations, rules, writer);
    for (const [index, outcome] of applied.outcomes.entries()) batch[index]?.answer(outcome);
    news.committed(applied);
    return null;
  } catch (error) {
    if (error instanceof CommitUnknown) news.mayBeCommitted(error.applied);
    const failure = connection.usable ? failureOf(error) : 'connection';
    if (failure !== 'operation') {
      return { pending: batch, cause: error, connectionLost: failure === 'connection' };
    }
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      only.fault(error);
      return null;
    }
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await runBatch(connection, batch.slice(0, middle), rules, writer, news);
  if (first !== null) return { ...first, pending: [...first.pending, ...batch.slice(middle)] };
  return runBatch(connection, batch.slice(middle), rules, writer, news);
}
