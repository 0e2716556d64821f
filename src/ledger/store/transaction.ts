import { messageOf } from '../../contracts/error-text';
import { type Instant } from '../../contracts/time';
import { applyBatch } from '../core';
import { type Operation } from '../core/operations';
import { type BatchOutcome, type EventKind, type Outcome, type Rules } from '../core/types';
import { type LoadedBooks } from './books';
import { type Connection } from './connection';
import { ConnectionLost, failureOf } from './errors';
import { allOrFirstError, booksOf, load } from './load';
import { wantedBy } from './wanted';
import { writeOf, type Write } from './write';

/** A batch as it was committed: the same operations at the same time, in the order of versions, give the same books. */
export interface CommittedBatch {
  readonly operations: readonly Operation[];
  readonly now: Instant;
  /** Of each team that exists; equal where the batch changed nothing of the team. */
  readonly versions: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
}

export interface Applied {
  readonly batch: CommittedBatch;
  /** One per operation, in order. */
  readonly outcomes: readonly Outcome[];
  /** Teams that this transaction changed, and for which somebody must act. */
  readonly wake: readonly string[];
  /** How many events of each kind it wrote. */
  readonly events: ReadonlyMap<EventKind, number>;
}

/** The connection was lost after this was sent to be committed: it may be, and nobody knows. */
export class CommitUnknown extends ConnectionLost {
  constructor(
    readonly applied: Applied,
    cause: unknown,
  ) {
    super(messageOf(cause), { cause });
  }
}

/** Waits for the answer to what was sent to be committed. Throws {@link CommitUnknown} where it is lost. */
export async function committedBy<T>(answer: Promise<T>, applied: Applied): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error) === 'connection' ? new CommitUnknown(applied, error) : error;
  }
}

/**
 * Applies operations in one transaction of two round trips: lock and load, then write and commit. Throws when nothing
 * is known to have been committed; the connection is then out of the transaction, or not usable any more.
 */
export async function applyInTransaction(
  connection: Connection,
  operations: readonly Operation[],
  rules: Rules,
  writer: number,
): Promise<Applied> {
  try {
    const loaded = await load(connection, wantedBy(operations), 'lock');
    const { now } = loaded;
    const books = booksOf(loaded);
    const outcome = applyBatch(books, operations, now, rules);
    const { changes } = outcome;
    const write = changes.size === 0 ? null : writeOf(changes, books, writer);
    const applied = appliedOf(operations, now, books, outcome);
    if (write === null) await connection.command('ROLLBACK');
    else await writeAndCommit(connection, write, applied);
    return applied;
  } catch (error) {
    if (connection.usable)
      await connection.command('ROLLBACK').catch(() => {
        connection.destroy();
      });
    throw error;
  }
}

/** Within the transaction that was begun. Throws what the first failing statement says. */
async function writeAndCommit(
  connection: Connection,
  { statement, values }: Write,
  applied: Applied,
): Promise<void> {
  const answers = connection.together(() =>
    allOrFirstError([connection.query(statement, values), connection.command('COMMIT')] as const),
  );
  const [, tag] = await committedBy(answers, applied);
  // A write that failed has thrown already; this is a server that gave the transaction up by itself.
  if (tag !== 'COMMIT') throw new ConnectionLost('Postgres rolled the transaction back');
}

/** What a batch comes to when it is committed. */
export function appliedOf(
  operations: readonly Operation[],
  now: Instant,
  books: ReadonlyMap<string, LoadedBooks>,
  { outcomes, changes }: BatchOutcome,
): Applied {
  return {
    batch: { operations, now, versions: versionsOf(books, changes) },
    outcomes,
    wake: teamsToWake(changes),
    events: eventsByKind(changes),
  };
}

function versionsOf(
  books: ReadonlyMap<string, LoadedBooks>,
  changes: BatchOutcome['changes'],
): CommittedBatch['versions'] {
  const versions = new Map<string, { before: number; after: number }>();
  for (const [team, { version }] of books) {
    const { count } = version;
    versions.set(team, { before: count, after: changes.has(team) ? count + 1 : count });
  }
  for (const team of changes.keys()) if (!books.has(team)) versions.set(team, { before: 0, after: 1 });
  return versions;
}

/** Teams of which runs may be released, or were put out of the line and must be told. */
function teamsToWake(changes: BatchOutcome['changes']): readonly string[] {
  return [...changes].flatMap(([team, { team: row, runs }]) => {
    const news = row?.wake === true || runs.some(({ status, tell }) => tell && status === 'left');
    return news ? [team] : [];
  });
}

function eventsByKind(changes: BatchOutcome['changes']): ReadonlyMap<EventKind, number> {
  const kinds = new Map<EventKind, number>();
  for (const { events } of changes.values()) {
    for (const { kind } of events) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}
