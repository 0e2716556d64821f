import { type Pool } from 'pg';
import { type Instant } from '../../contracts/time';
import { type MicroUsd } from '../../contracts/money';
import { type EventKind, type GrantKind, type Rules, type Run, type Statement } from '../core/types';
import { auditOf, type AuditRow } from './audit';
import {
  chargePages,
  runsWithoutCharge,
  type ChargePages,
  type PastUsage,
  type UnchargedRuns,
} from './charges';
import { ledgerTime } from './current';
import { deadEvents, eventById, eventCounts, eventsOf, type EventCounts, type StoredEvent } from './events';
import { grantKindsOf, grantsOf, type GrantRow, type GrantsPage } from './grants';
import { lineOf, placeOf, untoldOf, type InLine, type LinePage, type UntoldRun } from './line';
import { observedOf, type ObservedReport, type ObservedRequest } from './observed';
import { previewPayg, type PaygPreview } from './payg-preview';
import { queryOn, readOnlyPool, type Query, type ReaderPatience } from './rows';
import {
  admissionOrder,
  chargesOf,
  findRun,
  openRuns,
  runOf,
  runsOf,
  totalsOf,
  type ChargeRow,
  type RunChargesPage,
  type RunsPage,
  type RunTotals,
} from './runs';
import { newestStatements, statementsOf } from './statements';
import {
  dueTeams,
  teamIds,
  teamOverview,
  teamVersion,
  teamsToWake,
  type DuePage,
  type DueTeams,
  type Page,
  type TeamsPage,
  type TeamOverview,
} from './teams';
import { ledgerTotals, type LedgerTotals } from './totals';
import { usageOf, type UsageReport, type UsageRequest } from './usage';
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

  /** Another text after each transaction that changed anything of a team; null for an unknown team. */
  version(team: string): Promise<string | null> {
    return teamVersion(this.query, team);
  }

  /** Ids of teams, in order: all, or those that a search finds. */
  teams(page: TeamsPage): Promise<readonly string[]> {
    return teamIds(this.query, page);
  }

  /** Who waits, in order: since when, for how much, why, and when it goes if nothing changes. */
  line(team: string, page: LinePage): Promise<readonly InLine[]> {
    return lineOf(this.query, this.rules, team, page);
  }

  /** What turning pay-as-you-go on would do. `cap` null is uncapped; null for an unknown team. */
  previewPayg(team: string, cap?: MicroUsd | null): Promise<PaygPreview | null> {
    return previewPayg(this.query, this.rules, team, cap);
  }

  /** A team's grants of one kind, newest first, and what became of each: all, or a page. */
  grants(team: string, kind: GrantKind, page: GrantsPage = {}): Promise<readonly GrantRow[]> {
    return grantsOf(this.query, this.rules, team, kind, page);
  }

  /** What somebody did to the team, by name, newest first. */
  audit(
    team: string,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly AuditRow[]> {
    return auditOf(this.query, team, page);
  }

  /** The present place of a waiting run, counted from 1; null if it does not wait. */
  place(team: string, runId: string): Promise<number | null> {
    return placeOf(this.query, team, runId);
  }

  /** Runs that were admitted from the line, or put out of it, and not told so; in the line's order. */
  untold(team: string, limit: number): Promise<readonly UntoldRun[]> {
    return untoldOf(this.query, team, limit);
  }

  /** A run by the ledger's id; null for one the ledger does not know. */
  run(team: string, runId: string): Promise<Run | null> {
    return runOf(this.query, team, runId);
  }

  /** A run by the ledger's id, or the latest of a workflow id. */
  findRun(team: string, id: string): Promise<Run | null> {
    return findRun(this.query, team, id);
  }

  /** Newest first. */
  runs(team: string, page: RunsPage): Promise<readonly Run[]> {
    return runsOf(this.query, team, page);
  }

  /** The charges of a run with their lines, sources and reversals, in the order they were made: all, or a page. */
  charges(team: string, runId: string, page: RunChargesPage = {}): Promise<readonly ChargeRow[]> {
    return chargesOf(this.query, team, runId, page);
  }

  /** How many charges a run has, and how much of them was reversed. */
  runTotals(team: string, runId: string): Promise<RunTotals> {
    return totalsOf(this.query, team, runId);
  }

  /** What kinds of credits grants are, by their numbers. */
  grantKinds(team: string, grants: readonly number[]): Promise<ReadonlyMap<number, GrantKind>> {
    return grantKindsOf(this.query, team, grants);
  }

  /** Run ids in the order of their admission; those that never held anything are left out. */
  admissionOrder(team: string, runIds: readonly string[]): Promise<readonly string[]> {
    return admissionOrder(this.query, team, runIds);
  }

  /** The statements of closed periods, oldest first. */
  statements(team: string): Promise<readonly Statement[]> {
    return statementsOf(this.query, team);
  }

  /** The same, newest first, page by page. */
  newestStatements(
    team: string,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly Statement[]> {
    return newestStatements(this.query, team, page);
  }

  /** By flow, type, day or run; null for an unknown team. */
  usage(team: string, request: UsageRequest): Promise<UsageReport | null> {
    return usageOf(this.query, this.rules, team, request);
  }

  /** What runs in mode `observe` came to, and which of them would have waited; null for an unknown team. */
  observed(team: string, request: ObservedRequest = {}): Promise<ObservedReport | null> {
    return observedOf(this.query, this.rules, team, request);
  }

  /** Past charges of a team with what they were for, page by page. */
  pastUsage(team: string, pages: ChargePages): AsyncGenerator<readonly PastUsage[]> {
    return chargePages(this.query, team, pages);
  }

  /** Flow runs that ended from a moment on without a charge under a key. */
  runsWithoutCharge(
    team: string,
    page: { readonly since: Instant; readonly key: string },
  ): Promise<readonly UnchargedRuns[]> {
    return runsWithoutCharge(this.query, team, page);
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

  /** An event by its number; null for one that is not there (any more). */
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

  /** What the whole ledger amounts to at present. */
  totals(): Promise<LedgerTotals> {
    return ledgerTotals(this.pool);
  }

  /** Checks the invariants on the live database without holding anybody up. */
  verify(options: VerifyOptions = {}): Promise<Verdict> {
    return verify(this.pool, this.rules, options);
  }

  /** Ends the connections it opened; a pool that it was given stays open. */
  async close(): Promise<void> {
    if (this.ownsPool) await this.pool.end();
  }
}

/**
 * Opens a reader on a database, by its address (then it owns its connections, and waits as `patience` says) or on a pool
 * of the caller's.
 */
export function openReader(target: string | Pool, rules: Rules, patience?: ReaderPatience): LedgerReader {
  const owns = typeof target === 'string';
  return new LedgerReader(owns ? readOnlyPool(target, patience) : target, rules, owns);
}
