import { applyBatch } from '../core';
import { type Operation } from '../core/operations';
import { type BatchOutcome, type Outcome, type Rules } from '../core/types';
import { type Connection } from './connection';
import { ConnectionLost } from './errors';
import { allOrFirstError, lockAndLoad } from './load';
import { sendWrites, writesOf } from './write';

export interface Applied {
  /** One per operation, in order. */
  readonly outcomes: readonly Outcome[];
  /** Teams that this transaction changed, and for which somebody must act. */
  readonly wake: readonly string[];
}

/**
 * Applies operations in one transaction of two round trips: lock and load, then write and commit. Throws when nothing
 * is known to have been committed; the connection is then out of the transaction, or not usable any more.
 */
export async function applyInTransaction(
  connection: Connection,
  operations: readonly Operation[],
  rules: Rules,
): Promise<Applied> {
  try {
    const { now, books } = await lockAndLoad(connection, operations);
    const { outcomes, changes } = applyBatch(books, operations, now, rules);
    const writes = writesOf(changes, books);
    if (writes.length === 0) {
      await connection.command('ROLLBACK');
      return { outcomes, wake: [] };
    }
    const [committed] = await connection.together(() => {
      const sent = sendWrites(connection, writes);
      return allOrFirstError([connection.command('COMMIT'), ...sent] as const);
    });
    // A write that failed has thrown already; this is a server that gave the transaction up by itself.
    if (committed !== 'COMMIT') throw new ConnectionLost('Postgres rolled the transaction back');
    return { outcomes, wake: teamsToWake(changes) };
  } catch (error) {
    if (connection.usable)
      await connection.command('ROLLBACK').catch(() => {
        connection.destroy();
      });
    throw error;
  }
}

function teamsToWake(changes: BatchOutcome['changes']): readonly string[] {
  return [...changes].flatMap(([team, { team: row }]) => (row?.wake === true ? [team] : []));
}
