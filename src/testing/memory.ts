import { type ActivityReader, type Submitter } from '../activities';
import { type Instant } from '../contracts/time';
import { MemoryLedger, type TeamRows } from '../ledger/core';
import { type Operation, type ResultOf } from '../ledger/core/operations';
import { type Rules, type Run } from '../ledger/core/types';
import { type WakeSource } from '../plugin/wake-on-release';

/** The ledger in memory, as the plugin takes one: the rules of the real one, and a clock that a test moves. */
export class TestLedger implements Submitter, WakeSource {
  private readonly books: MemoryLedger;
  private readonly listeners = new Set<(teams: readonly string[]) => void>();

  /** `now` is the ledger's time: it stands until {@link TestLedger.time} is set. */
  constructor(
    rules: Rules,
    private now: Instant,
  ) {
    this.books = new MemoryLedger(rules);
  }

  get time(): Instant {
    return this.now;
  }

  set time(now: Instant) {
    this.now = now;
  }

  submit<O extends Operation>(operation: O): Promise<ResultOf<O>> {
    // What it throws is the promise's failure.
    return new Promise((resolve) => {
      resolve(this.apply(operation));
    });
  }

  /** {@link TestLedger.submit}, at once. */
  apply<O extends Operation>(operation: O): ResultOf<O> {
    const answer = this.books.submit(operation, this.now);
    if (this.hasNews(operation.team)) for (const listener of this.listeners) listener([operation.team]);
    return answer;
  }

  onWake(listener: (teams: readonly string[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** All rows of a team. Throws for one that is not there. */
  rows(team: string): TeamRows {
    const rows = this.books.team(team);
    if (rows === undefined)
      throw new RangeError(`team "${team}" is unknown; there are: ${this.names() || 'none'}`);
    return rows;
  }

  /** As the plugin reads it. */
  readonly reader: ActivityReader = {
    run: (team, runId) => Promise.resolve(this.books.team(team)?.runs.get(runId) ?? null),
    now: () => Promise.resolve(this.now),
    dueTeams: ({ until }) => {
      const due = this.books.teams().filter(({ team }) => team.period.end <= until);
      return Promise.resolve({ teams: due.map(({ team }) => team.team), next: null });
    },
    openRuns: ({ after, limit, olderThanMs }) => {
      const open = this.books
        .teams()
        .flatMap(({ team: { team }, runs }) =>
          [...runs.values()]
            .filter(({ status, askedAt }) => isOpen(status) && askedAt <= this.now - olderThanMs)
            .map((run) => ({ ...run, team })),
        );
      return Promise.resolve(pageOf(open, ({ runId }) => runId, after, limit));
    },
    untold: (team, limit) => {
      const runs = [...(this.books.team(team)?.runs.values() ?? [])].filter(({ tell }) => tell);
      return Promise.resolve(runs.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).slice(0, limit));
    },
    teamsToWake: ({ after, limit }) => {
      const names = this.books.teams().map(({ team: { team } }) => team);
      const news = names.filter((team) => this.hasNews(team));
      return Promise.resolve(pageOf(news, (team) => team, after, limit));
    },
  };

  private hasNews(team: string): boolean {
    const rows = this.books.team(team);
    return rows !== undefined && (rows.team.wake || [...rows.runs.values()].some(({ tell }) => tell));
  }

  private names(): string {
    return this.books
      .teams()
      .map(({ team: { team } }) => team)
      .join(', ');
  }
}

function isOpen(status: Run['status']): boolean {
  return status === 'waiting' || status === 'admitted';
}

function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  after: string | null,
  limit: number,
): readonly T[] {
  const later = items.filter((item) => after === null || keyOf(item) > after);
  return later.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, limit);
}
