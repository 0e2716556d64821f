import { type Instant } from '../../contracts/time';
import { answerTo } from './answer';
import { applyBatch } from './apply-batch';
import { chargeKey } from './charge-key';
import { amountsOf } from './commit';
import { type Operation, type ResultOf } from './operations';
import {
  type Books,
  type Entry,
  type Grant,
  type LedgerEvent,
  type Outcome,
  type PastCharge,
  type RequestRecord,
  type Rules,
  type Run,
  type Statement,
  type Team,
  type TeamChanges,
} from './types';

/** Everything of one team, as a database would hold it. */
export interface TeamRows {
  team: Team;
  readonly grants: Map<number, Grant>;
  readonly runs: Map<string, Run>;
  readonly charges: Map<string, PastCharge>;
  readonly requests: Map<string, RequestRecord>;
  readonly entries: Entry[];
  readonly statements: Statement[];
  readonly events: LedgerEvent[];
  /** Waiting runs in order. */
  line: readonly string[];
}

/** A ledger in memory: full books, batches applied one after the other. For tests and for trying flows out. */
export class MemoryLedger {
  private readonly rows = new Map<string, TeamRows>();

  constructor(private readonly rules: Rules) {}

  /** Applies a batch at `now` and keeps what it changed. */
  apply(operations: readonly Operation[], now: Instant): readonly Outcome[] {
    const books = new Map<string, Books>();
    for (const { team } of operations) {
      const rows = books.has(team) ? undefined : this.rows.get(team);
      if (rows !== undefined) books.set(team, this.books(rows, operations));
    }
    const { outcomes, changes } = applyBatch(books, operations, now, this.rules);
    for (const [team, changed] of changes) this.write(team, changed);
    return outcomes;
  }

  /** Applies one operation. Throws what it threw. */
  submit<O extends Operation>(op: O, now: Instant): ResultOf<O> {
    return answerTo(op, this.apply([op], now)[0]);
  }

  team(team: string): TeamRows | undefined {
    return this.rows.get(team);
  }

  teams(): readonly TeamRows[] {
    return [...this.rows.values()];
  }

  /** What a batch sees of a team: everything. */
  protected books(rows: TeamRows, _operations: readonly Operation[]): Books {
    const { team, grants, runs, line, charges, requests } = rows;
    return { team, grants, runs, line, ahead: new Map(line.map((id, i) => [id, i])), charges, requests };
  }

  private write(name: string, changed: TeamChanges): void {
    const rows = this.rows.get(name) ?? emptyRows(changed.team);
    this.rows.set(name, rows);
    if (changed.team !== null) rows.team = changed.team;
    for (const grant of changed.grants) rows.grants.set(grant.id, grant);
    for (const run of changed.runs) rows.runs.set(run.runId, run);
    for (const request of changed.requests) rows.requests.set(request.requestId, request);
    rows.entries.push(...changed.entries);
    rows.statements.push(...changed.statements);
    rows.events.push(...changed.events);
    for (const entry of changed.entries) {
      const key = chargeKey(entry.runId ?? '', entry.key ?? '');
      const charge = chargeOf(entry) ?? chargeWith(rows.charges.get(key), entry);
      if (charge !== null) rows.charges.set(key, charge);
    }
    if (changed.runs.length > 0) rows.line = lineAfter(rows, changed.runs);
  }
}

/** A past charge as its entry says; null for other entries. */
export function chargeOf(entry: Entry): PastCharge | null {
  if (entry.kind !== 'charge' || entry.runId === null || entry.key === null) return null;
  const { seq, runId, key, period, amount, parts, detail, late, unreserved } = entry;
  const lines = detail === null ? [] : amountsOf(detail);
  return { seq, runId, key, period, amount, parts, lines, late, unreserved, reversals: [] };
}

/** A charge with one more reversal, if the entry is one of it. */
export function chargeWith(charge: PastCharge | undefined, entry: Entry): PastCharge | null {
  if (entry.kind !== 'reversal' || charge?.seq !== entry.reverses) return null;
  const { seq, line, amount } = entry;
  return { ...charge, reversals: [...charge.reversals, { seq, line, amount }] };
}

/** The line after some runs changed: those that wait no more are gone, those that came stand at its end. */
function lineAfter(rows: TeamRows, changed: readonly Run[]): readonly string[] {
  const gone = new Set<string>();
  const come: Run[] = [];
  const known = new Set(rows.line);
  for (const run of changed) {
    if (run.status === 'waiting' && !known.has(run.runId)) come.push(run);
    if (run.status !== 'waiting' && known.has(run.runId)) gone.add(run.runId);
  }
  if (gone.size === 0 && come.length === 0) return rows.line;
  come.sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  return [...rows.line.filter((id) => !gone.has(id)), ...come.map(({ runId }) => runId)];
}

function emptyRows(team: Team | null): TeamRows {
  if (team === null) throw new Error('a new team comes with its row');
  return {
    team,
    grants: new Map(),
    runs: new Map(),
    charges: new Map(),
    requests: new Map(),
    entries: [],
    statements: [],
    events: [],
    line: [],
  };
}
