import { applyBatch, chargeKey, chargeOf, needs } from '../core';
import { keepsLatest } from '../core/backlog';
import { type Admit, type Operation } from '../core/operations';
import { type BatchOutcome, type Needs, type PastCharge, type Rules, type Team } from '../core/types';
import { LoadedBooks } from './books';
import { type Connection } from './connection';
import { load, type Loaded } from './load';
import { type BatchNumber, type Memory } from './memory';
import { appliedOf, committedBy, type Applied } from './transaction';
import { Wanted } from './wanted';
import { writeOf, type Write } from './write';

/** The batch has to be carried out under lock: nothing is wrong with it. */
export class NotOptimistic extends Error {
  override readonly name = 'NotOptimistic';
}

/** Operations that need no more of a team than its row, its grants, and named runs and charges. */
export function mayBeOptimistic({ kind }: Operation): boolean {
  return (
    kind === 'reserve' || kind === 'commit' || kind === 'admit' || kind === 'close' || kind === 'unreserve'
  );
}

/** Whom it would put out of the line only a look under lock tells. */
function mayPutOthersOut({ waiting, backlog }: Team, { context }: Admit): boolean {
  return waiting > 0 && keepsLatest(backlog, context.trigger);
}

/**
 * A batch that is computed before its turn: on what is remembered of its teams, which includes what batches before it
 * have sent and not yet seen committed. It reads only what is not remembered, on a connection of its own, and is sent
 * right behind its predecessor. Its transaction fails if any of its teams is at another version by then.
 */
export class OptimisticBatch {
  /** Ends, without error, when it was computed and sent, or will not be. */
  readonly sent: Promise<void>;
  private markSent: () => void = () => undefined;
  private failed = false;
  private changes: BatchOutcome['changes'] = new Map();
  private charges: Map<string, PastCharge> | null = null;
  private readonly needs: readonly Needs[];

  constructor(
    private readonly number: BatchNumber,
    private readonly operations: readonly Operation[],
    /** Under way when this one reads: it does not see what they write. */
    private predecessors: readonly OptimisticBatch[],
    private readonly memory: Memory,
    private readonly rules: Rules,
  ) {
    this.needs = operations.map(needs);
    this.sent = new Promise((resolve) => {
      this.markSent = resolve;
    });
  }

  /** Throws if nothing is known to have been committed. */
  async run(reader: Connection, writer: Connection): Promise<Applied> {
    try {
      const loaded = await this.load(reader);
      for (const predecessor of this.predecessors) await predecessor.sent;
      if (this.predecessors.some(({ failed }) => failed)) throw new NotOptimistic('a batch before it failed');
      const { books, outcome, write } = this.compute(loaded);
      this.predecessors = []; // their turn is over, and they have predecessors in turn
      // One statement is a transaction by itself.
      const committed = write === null ? null : writer.query(write.statement, write.values);
      this.markSent();
      const applied = appliedOf(this.operations, loaded.now, books, outcome);
      if (committed !== null) await committedBy(committed, applied);
      return applied;
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      this.markSent();
    }
  }

  /** What is not remembered, the time included. Where nothing is missing, nothing is read. */
  private async load(reader: Connection): Promise<Loaded> {
    const wanted = this.wanted();
    const { now } = this.memory.time;
    if (now !== null && wanted.nothing) return { now, found: new Map() };
    const told = this.memory.time.ask();
    const loaded = await load(reader, wanted, 'no lock');
    told(loaded.now);
    return loaded;
  }

  private wanted(): Wanted {
    const wanted = new Wanted();
    for (const { team, runs, charges } of this.needs) {
      const known = this.memory.team(team, this.number);
      if (known === undefined) wanted.teams.add(team);
      for (const runId of runs) {
        if (known?.run(runId, this.number) === undefined) wanted.runs.add(team, runId);
      }
      for (const { runId, key } of charges) {
        // What is still reserved was not charged: a charge takes its reservation with it.
        const reserved = known?.run(runId, this.number)?.reservations ?? {};
        if (Object.hasOwn(reserved, key) || known?.mayBeCharged(runId, key) === false) continue;
        wanted.charges.add(team, runId, key);
      }
    }
    return wanted;
  }

  private compute(loaded: Loaded): {
    readonly books: ReadonlyMap<string, LoadedBooks>;
    readonly outcome: BatchOutcome;
    readonly write: Write | null;
  } {
    const books = this.booksFrom(loaded);
    const outcome = applyBatch(books, this.operations, loaded.now, this.rules);
    const write = writeOf(outcome.changes, books, this.memory.writer);
    this.memory.change(outcome.changes, books, this.number);
    this.changes = outcome.changes;
    return { books, outcome, write };
  }

  private booksFrom({ found }: Loaded): ReadonlyMap<string, LoadedBooks> {
    const all = new Map<string, LoadedBooks>();
    for (const [at, { team, runs, charges }] of this.needs.entries()) {
      const operation = this.operations[at];
      const of = found.get(team);
      const row = of?.row ?? null;
      const known =
        this.memory.team(team, this.number) ??
        (row === null ? undefined : this.memory.add(row, of?.grants ?? new Map(), this.number));
      if (known === undefined) continue;
      if (operation?.kind === 'admit' && mayPutOthersOut(known.team, operation)) {
        throw new NotOptimistic(`run "${operation.runId}" may take the places of others`);
      }
      let books = all.get(team);
      if (books === undefined) {
        books = new LoadedBooks(known.team, known.version, known.grants);
        all.set(team, books);
      }
      for (const runId of runs) {
        const remembered = known.run(runId, this.number);
        const run = remembered ?? of?.runs.get(runId);
        if (run === undefined) continue;
        // It asks for its place in the line, which only a look under lock tells.
        if (run.status === 'waiting') throw new NotOptimistic(`run "${runId}" waits`);
        if (remembered === undefined) known.keepRun(run, this.number);
        books.runs.set(runId, run);
      }
      for (const { runId, key } of charges) {
        if (!known.mayBeCharged(runId, key)) continue;
        const id = chargeKey(runId, key);
        const charge = of?.charges.get(id) ?? this.chargeOfPredecessors(team, id);
        if (charge !== undefined) books.charges.set(id, charge);
      }
    }
    return all;
  }

  private chargeOfPredecessors(team: string, id: string): PastCharge | undefined {
    for (const predecessor of this.predecessors) {
      const charge = predecessor.chargesMade().get(`${team}\n${id}`);
      if (charge !== undefined) return charge;
    }
    return undefined;
  }

  private chargesMade(): ReadonlyMap<string, PastCharge> {
    if (this.charges !== null) return this.charges;
    const made = new Map<string, PastCharge>();
    for (const [team, { entries }] of this.changes) {
      for (const entry of entries) {
        const charge = chargeOf(entry);
        if (charge !== null) made.set(`${team}\n${chargeKey(charge.runId, charge.key)}`, charge);
      }
    }
    this.charges = made;
    return made;
  }
}
