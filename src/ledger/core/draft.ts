import { toText, ZERO } from '../../contracts/millicredits';
import { type PlanRules } from '../../contracts/plan';
import { type Instant } from '../../contracts/time';
import { Overlay } from './overlay';
import {
  type Books,
  type Entry,
  type EventBody,
  type Grant,
  type LedgerEvent,
  type Move,
  type PastCharge,
  type RequestRecord,
  type Rules,
  type Run,
  type Statement,
  type Team,
  type TeamChanges,
} from './types';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What an entry says beside its number, time and period. */
export type EntryFacts = Pick<Entry, 'kind' | 'amount'> & Partial<Omit<Entry, 'seq' | 'at' | 'period'>>;

/**
 * The private working copy of one team's books within one batch. Rows are replaced, never mutated, but for the team
 * row, which an operation edits through {@link edit}. What an operation did since {@link mark} can be taken back.
 */
export class Draft {
  readonly grants: Overlay<number, Grant>;
  readonly runs: Overlay<string, Run>;
  readonly charges: Overlay<string, PastCharge>;
  readonly requests: Overlay<string, RequestRecord>;
  /** Ids of waiting runs from the head of the line; complete iff as long as `team.waiting`. */
  line: readonly string[];
  /** The ledger's time of the operation at hand; while rolling over, that of the event. */
  time: Instant;

  private row: Team;
  private rowAtMark: Team;
  private editing: Mutable<Team> | null = null;
  private lineAtMark: readonly string[];
  private readonly ahead: Overlay<string, number>;
  private readonly leftPlaces: number[] = [];
  private leftAtMark = 0;
  private readonly entries: Entry[] = [];
  private entriesAtMark = 0;
  private readonly statements: Statement[] = [];
  private statementsAtMark = 0;
  private readonly events: LedgerEvent[] = [];
  private eventsAtMark = 0;
  private order: { readonly ids: readonly number[]; readonly from: Instant; readonly until: Instant } | null =
    null;

  constructor(
    private readonly base: Books,
    readonly rules: Rules,
    private readonly created: boolean,
  ) {
    this.row = this.rowAtMark = base.team;
    this.time = base.team.lastTime;
    this.grants = new Overlay(base.grants);
    this.runs = new Overlay(base.runs);
    this.charges = new Overlay(base.charges);
    this.requests = new Overlay(base.requests);
    this.ahead = new Overlay(base.ahead);
    this.line = this.lineAtMark = base.line;
  }

  get team(): Team {
    return this.row;
  }

  /** The team's row to change; a copy of the operation's own. */
  edit(): Mutable<Team> {
    if (this.editing === null) this.row = this.editing = { ...this.row };
    return this.editing;
  }

  /** True if the operation changed something since the last mark. */
  get touched(): boolean {
    return (
      this.row !== this.rowAtMark ||
      this.entries.length > this.entriesAtMark ||
      this.runs.touched ||
      this.grants.touched ||
      this.requests.touched
    );
  }

  /** What happened so far stands. */
  mark(): void {
    this.grants.mark();
    this.runs.mark();
    this.charges.mark();
    this.requests.mark();
    this.ahead.mark();
    this.rowAtMark = this.row;
    this.editing = null;
    this.lineAtMark = this.line;
    this.leftAtMark = this.leftPlaces.length;
    this.entriesAtMark = this.entries.length;
    this.statementsAtMark = this.statements.length;
    this.eventsAtMark = this.events.length;
  }

  /** Takes back what happened since the last mark. */
  rollback(): void {
    this.grants.rollback();
    this.runs.rollback();
    this.charges.rollback();
    this.requests.rollback();
    this.ahead.rollback();
    this.row = this.rowAtMark;
    this.editing = null;
    this.line = this.lineAtMark;
    this.leftPlaces.length = this.leftAtMark;
    this.entries.length = this.entriesAtMark;
    this.statements.length = this.statementsAtMark;
    this.events.length = this.eventsAtMark;
    this.order = null;
  }

  /** Appends an entry at the draft's time and returns its number. */
  record(facts: EntryFacts): number {
    const team = this.edit();
    const seq = team.nextEntry;
    team.nextEntry = seq + 1;
    this.entries.push({
      seq,
      at: this.time,
      period: team.period.index,
      kind: facts.kind,
      runId: facts.runId ?? null,
      key: facts.key ?? null,
      amount: facts.amount,
      parts: facts.parts ?? [],
      moves: facts.moves ?? [],
      detail: facts.detail ?? null,
      late: facts.late ?? false,
      unreserved: facts.unreserved ?? false,
      reverses: facts.reverses ?? null,
      line: facts.line ?? null,
      requestId: facts.requestId ?? null,
      actor: facts.actor ?? null,
      reason: facts.reason ?? null,
      setting: facts.setting ?? null,
    });
    for (const move of facts.moves ?? []) this.tellOfPayg(seq, move);
    return seq;
  }

  /** Whatever moves PAYG, a charge, a reversal, or the close that allots anew: who bills it hears of it. */
  private tellOfPayg(entry: number, { account, delta }: Move): void {
    if (account !== 'payg.charged' && account !== 'payg.reversed') return;
    const data = { period: this.row.period.index, entry, millicredits: toText(delta) };
    this.emit({ kind: account === 'payg.charged' ? 'payg.usage' : 'payg.refund', data });
  }

  /** Stores an event of the draft's time: it leaves with the transaction. */
  emit(body: EventBody): void {
    const team = this.edit();
    const seq = team.nextEvent;
    team.nextEvent = seq + 1;
    this.events.push({ ...body, seq, at: this.time });
  }

  addStatement(statement: Statement): void {
    this.statements.push(statement);
  }

  grant(id: number): Grant {
    const grant = this.grants.get(id);
    if (grant === undefined) throw new Error(`team "${this.row.team}": grant ${id} was not loaded`);
    return grant;
  }

  setGrant(grant: Grant): void {
    this.grants.set(grant.id, grant);
  }

  setRun(run: Run): void {
    this.runs.set(run.runId, run);
  }

  /** Adds a row and forgets the order of use. */
  addGrant(facts: Pick<Grant, 'kind' | 'expiresAt' | 'granted' | 'note' | 'paid'>): Grant {
    const team = this.edit();
    const grant: Grant = {
      id: team.nextGrant,
      kind: facts.kind,
      period: team.period.index,
      grantedAt: this.time,
      expiresAt: facts.expiresAt,
      granted: facts.granted,
      charged: ZERO,
      held: ZERO,
      expired: ZERO,
      withdrawn: ZERO,
      chargedInPeriod: ZERO,
      afterClose: [],
      note: facts.note,
      paid: facts.paid,
    };
    team.nextGrant += 1;
    this.setGrant(grant);
    this.order = null;
    return grant;
  }

  /** Memory for {@link orderOfUse}: `make` is asked again when a grant came or the next expiry has passed. */
  orderedGrants(make: () => { ids: readonly number[]; until: Instant }): readonly number[] {
    if (this.order === null || this.time < this.order.from || this.time >= this.order.until) {
      this.order = { ...make(), from: this.time };
    }
    return this.order.ids;
  }

  /** Puts a run at the end of the line. */
  join({ runId, context: { trigger } }: Run): number {
    const team = this.edit();
    const place = team.nextPlace;
    team.nextPlace = place + 1;
    if (this.line.length === team.waiting) this.line = [...this.line, runId];
    // All who left the line so far stood before this place: they are counted out again in `placeInLine`.
    this.ahead.set(runId, team.waiting + this.leftPlaces.length);
    team.waiting += 1;
    team.waitingBy = { ...team.waitingBy, [trigger]: (team.waitingBy[trigger] ?? 0) + 1 };
    return place;
  }

  /** Takes a waiting run out of the line. */
  leave(run: Run): void {
    const team = this.edit();
    team.waiting -= 1;
    const { [run.context.trigger]: ofTrigger = 0, ...others } = team.waitingBy;
    team.waitingBy = ofTrigger > 1 ? { ...others, [run.context.trigger]: ofTrigger - 1 } : others;
    if (this.line[0] === run.runId) this.line = this.line.slice(1);
    else if (this.line.includes(run.runId)) this.line = this.line.filter((id) => id !== run.runId);
    if (run.place !== null) this.leftPlaces.push(run.place);
  }

  /** How many wait before a waiting run, plus one. */
  placeInLine(run: Run): number {
    const ahead = this.ahead.get(run.runId);
    const place = run.place;
    if (ahead === undefined || place === null) {
      throw new Error(`team "${this.row.team}": the place of run "${run.runId}" was not loaded`);
    }
    return ahead + 1 - this.leftPlaces.reduce((before, left) => (left < place ? before + 1 : before), 0);
  }

  /** The team's plan at the draft's time. A plan that vanished is a fault of the installation, not of the caller. */
  plan(name = this.row.plan, at = this.time): PlanRules {
    const plan = this.rules.plan(name, at);
    if (plan === null) {
      throw new Error(`team "${this.row.team}": plan "${name}" is in no plan file; put it back`);
    }
    return plan;
  }

  changes(): TeamChanges | null {
    const changes: TeamChanges = {
      created: this.created,
      team: this.row === this.base.team && !this.created ? null : this.row,
      grants: this.grants.changes(),
      runs: this.runs.changes(),
      entries: this.entries,
      statements: this.statements,
      requests: this.requests.changes(),
      events: this.events,
    };
    return changes.team === null && changes.runs.length === 0 && changes.entries.length === 0
      ? null
      : changes;
  }
}
