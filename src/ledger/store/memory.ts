import { isLive } from '../core';
import { type BatchOutcome, type Grant, type Run, type Team, type TeamChanges } from '../core/types';
import { type LoadedBooks } from './books';
import { LedgerTime } from './ledger-time';
import { Lives, type Life } from './lives';
import { type Version, type VersionedTeam } from './rows/teams';

/** A batch's number; a later batch has a higher one. */
export type BatchNumber = number;

/** So many batches are under way at most; what one of them touched is not forgotten. */
const UNDER_WAY = 4;
const MOST_TEAMS = 5_000;
const MOST_RUNS_OF_A_TEAM = 5_000;

interface RememberedRun {
  run: Run;
  touched: BatchNumber;
  /** Null if the run was there before this process knew of it. */
  readonly life: Life | null;
}

/** A team as it is once every batch that was sent is committed. */
export class RememberedTeam {
  team: Team;
  version: Version;
  touched: BatchNumber = 0;
  private readonly liveGrants: Map<number, Grant>;
  private readonly runs = new Map<string, RememberedRun>();

  constructor({ team, version }: VersionedTeam, grants: ReadonlyMap<number, Grant>) {
    this.team = team;
    this.version = version;
    this.liveGrants = new Map(grants);
  }

  get grants(): ReadonlyMap<number, Grant> {
    return this.liveGrants;
  }

  run(runId: string, batch: BatchNumber): Run | undefined {
    const known = this.runs.get(runId);
    if (known === undefined) return undefined;
    known.touched = batch;
    return known.run;
  }

  /** False if it is known that the run was not charged for the key. */
  mayBeCharged(runId: string, key: string): boolean {
    return this.runs.get(runId)?.life?.mayHave(key) ?? true;
  }

  keepRun(run: Run, batch: BatchNumber, life: Life | null = null): void {
    const known = this.runs.get(run.runId);
    if (known === undefined) {
      this.runs.set(run.runId, { run, touched: batch, life });
      return;
    }
    known.run = run;
    known.touched = batch;
  }

  /** `books` are those that the changes were computed on. */
  change(
    { team, grants, runs, entries }: TeamChanges,
    books: LoadedBooks | undefined,
    lives: Lives,
    batch: BatchNumber,
    writer: number,
  ): void {
    if (team !== null) this.team = team;
    this.version = { count: this.version.count + 1, writer };
    for (const grant of grants) {
      if (isLive(grant)) this.liveGrants.set(grant.id, grant);
      else this.liveGrants.delete(grant.id);
    }
    for (const run of runs) {
      // What was looked for and not found was not there before.
      const isNew = books !== undefined && !books.runs.has(run.runId);
      this.keepRun(run, batch, isNew ? lives.begin() : null);
    }
    for (const { kind, runId, key } of entries) {
      if (kind === 'charge' && runId !== null && key !== null) this.runs.get(runId)?.life?.add(key);
    }
    if (this.runs.size > MOST_RUNS_OF_A_TEAM) forgetSome(this.runs, MOST_RUNS_OF_A_TEAM, batch);
  }

  /** False if a batch that may be under way needs it. */
  forgetRun(runId: string, batch: BatchNumber): boolean {
    const known = this.runs.get(runId);
    if (known !== undefined && known.touched >= batch - UNDER_WAY) return false;
    this.runs.delete(runId);
    return true;
  }
}

/**
 * What this process knows of teams and their open runs from having read and written them: most batches then read
 * nothing of them again. It may be wrong as soon as another process writes; the version of the team's row tells, in the
 * transaction that relies on it, and then everything is forgotten.
 */
export class Memory {
  readonly time = new LedgerTime();

  /** `writer` signs what this process writes. */
  constructor(readonly writer: number) {}

  private readonly teams = new Map<string, RememberedTeam>();
  private lives = new Lives();
  private ended: { readonly team: string; readonly runId: string; readonly batch: BatchNumber }[] = [];

  team(team: string, batch: BatchNumber): RememberedTeam | undefined {
    const known = this.teams.get(team);
    if (known !== undefined) known.touched = batch;
    return known;
  }

  add(row: VersionedTeam, grants: ReadonlyMap<number, Grant>, batch: BatchNumber): RememberedTeam {
    const made = new RememberedTeam(row, grants);
    made.touched = batch;
    this.teams.set(row.team.team, made);
    return made;
  }

  /** Takes over what a batch changed of its books. Runs that have ended are forgotten some batches later. */
  change(
    changes: BatchOutcome['changes'],
    books: ReadonlyMap<string, LoadedBooks>,
    batch: BatchNumber,
  ): void {
    for (const [team, changed] of changes) {
      this.teams.get(team)?.change(changed, books.get(team), this.lives, batch, this.writer);
      for (const { runId, status } of changed.runs) {
        if (status !== 'admitted') this.ended.push({ team, runId, batch });
      }
    }
    if (this.teams.size > MOST_TEAMS) forgetSome(this.teams, MOST_TEAMS, batch);
    this.forgetEnded(batch);
  }

  /** Forgets teams that somebody else changes. */
  forget(teams: Iterable<string>): void {
    for (const team of teams) this.teams.delete(team);
  }

  clear(): void {
    this.teams.clear();
    this.ended = [];
    this.lives = new Lives();
    this.time.forget();
  }

  private forgetEnded(batch: BatchNumber): void {
    const [first] = this.ended;
    if (first === undefined || first.batch >= batch - 2 * UNDER_WAY) return;
    const kept: typeof this.ended = [];
    for (const one of this.ended) {
      const due = one.batch < batch - UNDER_WAY;
      if (due && this.teams.get(one.team)?.forgetRun(one.runId, batch) !== false) continue;
      kept.push(due ? { ...one, batch } : one);
    }
    this.ended = kept.sort((a, b) => a.batch - b.batch);
  }
}

/** Makes a tenth of the room free, of what no batch under way needs, the longest remembered first. */
function forgetSome(
  from: Map<string, { readonly touched: BatchNumber }>,
  most: number,
  batch: BatchNumber,
): void {
  for (const [key, { touched }] of from) {
    if (from.size <= most * 0.9) return;
    if (touched < batch - UNDER_WAY) from.delete(key);
  }
}
