import { Fold } from './fold';
import { periodAt } from './periods';
import { DrawCheck } from './check/draws';
import { EntryCheck } from './check/entries';
import { checkGrants } from './check/grants';
import { checkRuns } from './check/runs';
import { checkStatements, type ClosedPeriod } from './check/statements';
import { checkTeam } from './check/team';
import { type Violation } from './check/violation';
import { type Entry, type Grant, type Rules, type Run, type Statement, type Team } from './types';

export { type Violation } from './check/violation';

/** All rows of one team but its entries, which are fed one by one. */
export interface CheckedRows {
  readonly team: Team;
  readonly grants: ReadonlyMap<number, Grant>;
  readonly runs: ReadonlyMap<string, Run>;
  readonly statements: readonly Statement[];
}

/**
 * Checks the invariants of the design's section 8 on one team's rows. Entries are fed in order, so that `verify` can
 * stream them; `finish` compares every row with them.
 */
export class TeamCheck {
  private readonly violations: Violation[] = [];
  private readonly fold = new Fold((grant, period) => this.outlived(grant, period));
  private readonly entries = new EntryCheck(this.report.bind(this));
  private readonly draws: DrawCheck;
  private readonly closed: ClosedPeriod[] = [];

  constructor(
    private readonly rows: CheckedRows,
    private readonly rules: Rules,
  ) {
    this.draws = new DrawCheck(rows.grants, rules, this.report.bind(this));
  }

  entry(entry: Entry): void {
    this.entries.entry(entry);
    this.fold.entry(entry);
    this.draws.entry(entry, this.fold);
    if (entry.kind === 'close-period') this.close(entry);
  }

  /** The highest number of an event of the team that is there; null if there is none. Those before it may be pruned. */
  lastEvent(seq: number | null): void {
    const { nextEvent } = this.rows.team;
    if (seq !== null && seq >= nextEvent) {
      this.report(10, [`events ${seq}`], `is not given yet: the next event is ${nextEvent}`);
    }
  }

  /** Compares the rows with the entries. Empty if all holds. */
  finish(): readonly Violation[] {
    const { team, grants, runs, statements } = this.rows;
    const report = this.report.bind(this);
    const { setting, bestIncluded } = this.draws;
    checkTeam(team, grants, this.fold, setting, this.entries.lastSeq, this.rules, report);
    checkGrants(team, grants, runs.values(), this.fold, bestIncluded, report);
    checkRuns(team, runs, this.fold, this.entries.chargedToRuns, report);
    checkStatements(team, statements, this.closed, report);
    return this.violations;
  }

  private close(entry: Entry): void {
    const { held, all } = this.fold.inGrants();
    this.closed.push({
      ...this.fold.period,
      index: entry.period,
      closing: all,
      heldOverOut: held,
      paygHeldOverOut: this.fold.paygHeld,
      owed: this.fold.owed,
    });
  }

  /** Whether a grant had expired when a period began. */
  private outlived(id: number, period: number): boolean {
    const { team, grants } = this.rows;
    const expiresAt = grants.get(id)?.expiresAt ?? null;
    return expiresAt !== null && expiresAt <= periodAt(team.anchor, team.timeZone, period).start;
  }

  private report(invariant: number, rows: readonly string[], message: string): void {
    this.violations.push({ invariant, rows, message });
  }
}

/** {@link TeamCheck} over entries that are at hand. */
export function checkInvariants(
  rows: CheckedRows,
  entries: Iterable<Entry>,
  rules: Rules,
): readonly Violation[] {
  const check = new TeamCheck(rows, rules);
  for (const entry of entries) check.entry(entry);
  return check.finish();
}
