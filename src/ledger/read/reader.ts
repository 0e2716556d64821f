import { type Pool } from 'pg';
import { type Instant } from '../../contracts/time';
import { type EventKind, type LedgerRunStatus, type Rules, type Run, type Statement } from '../core/types';
import { ledgerTime } from './current';
import { deadEvents, eventById, eventCounts, eventsOf, type EventCounts, type StoredEvent } from './events';
import { lineOf, placeOf, untoldOf, type InLine, type UntoldRun } from './line';
import { queryOn, readOnlyPool, type Query } from './rows';
import { admissionOrder, chargesOf, openRuns, runOf, runsOf, type ChargeRow } from './runs';
import {
  dueTeams,
  teamIds,
  teamOverview,
  teamsToWake,
  type DuePage,
  type DueTeams,
  type Page,
  type TeamOverview,
} from './teams';
import { statementsOf, usageOf, type UsageRow } from './usage';
import { verify, type Verdict, type VerifyOptions } from './verify';

/** Reads the ledger and changes nothing. All amounts are exact; all moments are the ledger's. */
export class LedgerReader {
  private readonly query: Query;

  constructor(
    private readonly pool: Pool,
    private readonly rules: Rules,
    private readonly ownsPool: boolean,
  ) {
    this.query = queryOn(pool);
  }

  /** The ledger's time. */
  now(): Promise<Instant> {
    return ledgerTime(this.query);
  }

  /** What the team has, used and may still use; null for an unknown team. */
  team(team: string): Promise<TeamOverview | null> {
    return teamOverview(this.query, this.rules, team);
  }

  /** Ids of teams, in order. */
  teams(page: Page): Promise<readonly string[]> {
    return teamIds(this.query, page);
  }

  line(team: string, page: { readonly after: number; readonly limit: number }): Promise<readonly InLine[]> {
    return lineOf(this.query, team, page);
  }

  place(team: string, runId: string): Promise<number | null> {
    return placeOf(this.query, team, runId);
  }

  /** Runs that were admitted from the line, or put out of it, and not told so; in the line's order. */
  untold(team: string, limit: number): Promise<readonly UntoldRun[]> {
    return untoldOf(this.query, team, limit);
  }

  run(team: string, runId: string): Promise<Run | null> {
    return runOf(this.query, team, runId);
  }

  runs(
    team: string,
    page: { readonly status?: LedgerRunStatus; readonly limit: number },
  ): Promise<readonly Run[]> {
    return runsOf(this.query, team, page);
  }

  charges(team: string, runId: string): Promise<readonly ChargeRow[]> {
    return chargesOf(this.query, team, runId);
  }

  /** Run ids in the order of their admission; those that never held anything are left out. */
  admissionOrder(team: string, runIds: readonly string[]): Promise<readonly string[]> {
    return admissionOrder(this.query, team, runIds);
  }

  statements(team: string): Promise<readonly Statement[]> {
    return statementsOf(this.query, team);
  }

  usage(team: string, period: number): Promise<readonly UsageRow[]> {
    return usageOf(this.query, team, period);
  }

  /** Teams whose period has ended by a moment. */
  dueTeams(page: DuePage): Promise<DueTeams> {
    return dueTeams(this.query, page);
  }

  /** Runs that wait or hold, of any team. */
  openRuns(
    page: Page & { readonly olderThanMs: number },
  ): Promise<readonly (Run & { readonly team: string })[]> {
    return openRuns(this.query, page);
  }

  /** Teams for which somebody must act. */
  teamsToWake(page: Page): Promise<readonly string[]> {
    return teamsToWake(this.query, page);
  }

  /** The feed: events of a team after one of them, in order. */
  events(
    team: string,
    page: { readonly after: number; readonly limit: number; readonly kind?: EventKind },
  ): Promise<readonly StoredEvent[]> {
    return eventsOf(this.query, team, page);
  }

  event(team: string, seq: number): Promise<StoredEvent | null> {
    return eventById(this.query, team, seq);
  }

  /** Events that were given up, of one team or of all, by id. */
  deadEvents(page: { readonly team?: string; readonly limit: number }): Promise<readonly StoredEvent[]> {
    return deadEvents(this.query, page);
  }

  /** How the delivery goes, over all teams. */
  eventCounts(): Promise<EventCounts> {
    return eventCounts(this.query);
  }

  /** Checks the invariants on the live database without holding anybody up. */
  verify(options: VerifyOptions = {}): Promise<Verdict> {
    return verify(this.pool, this.rules, options);
  }

  async close(): Promise<void> {
    if (this.ownsPool) await this.pool.end();
  }
}

/** Opens a reader on a database, by its address (then it owns its connections) or on a pool of the caller's. */
export function openReader(target: string | Pool, rules: Rules): LedgerReader {
  const owns = typeof target === 'string';
  return new LedgerReader(owns ? readOnlyPool(target) : target, rules, owns);
}
