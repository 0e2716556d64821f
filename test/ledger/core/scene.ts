import { expect } from '@jest/globals';
import { credits, formatCredits, type Millicredits } from '../../../src/contracts/millicredits';
import { microUsd } from '../../../src/contracts/money';
import { type Instant } from '../../../src/contracts/time';
import { checkInvariants, MemoryLedger, type TeamRows } from '../../../src/ledger/core';
import {
  type Admit,
  type DiscardWaiting,
  type Operation,
  type ReleaseWindow,
  type ResultOf,
  type Results,
  type UpsertTeam,
} from '../../../src/ledger/core/operations';
import { sumOf } from '../../../src/ledger/core/parts';
import { available } from '../../../src/ledger/core/spendable';
import {
  type Backlog,
  type BacklogRule,
  type Part,
  type Run,
  type Statement,
} from '../../../src/ledger/core/types';
import { detailOf } from './arbitrary-operations';
import { TEST_RULES } from './rules';

/** One team and its ledger, told in whole credits. Every operation is followed by a check of all invariants. */
export class Scene {
  readonly ledger = new MemoryLedger(TEST_RULES);
  private requests = 0;

  constructor(
    public now: Instant,
    team: Partial<UpsertTeam> = {},
  ) {
    const created = this.do({
      kind: 'upsertTeam',
      team: 'acme',
      plan: 'solo',
      anchor: '2026-04-01T00:00:00',
      timeZone: 'UTC',
      ...team,
    });
    expect(created).toEqual({ status: 'created' });
  }

  do<O extends Operation>(op: O): ResultOf<O> {
    const result = this.ledger.submit(op, this.now);
    expect(checkInvariants(this.rows, this.rows.entries, TEST_RULES)).toEqual([]);
    return result;
  }

  get rows(): TeamRows {
    const rows = this.ledger.team('acme');
    if (rows === undefined) throw new Error('the team was not created');
    return rows;
  }

  /** Moves the clock and rolls the team over. */
  at(iso: string): this {
    this.now = Date.parse(iso);
    this.do({ kind: 'touch', team: 'acme' });
    return this;
  }

  admit(runId: string, least = 1, more: Partial<Admit> = {}): Results['admit'] {
    return this.do({
      kind: 'admit',
      team: 'acme',
      runId,
      workflowId: `w-${runId}`,
      executionId: 'e',
      flow: 'flow',
      flowHash: 'hash',
      context: { trigger: 'api', location: 'cloud' },
      mode: 'enforce',
      quotes: [
        {
          rateCard: 'card',
          inForceFrom: 0,
          requiresCredits: true,
          least: credits(least),
          likely: credits(least),
        },
      ],
      limit: null,
      ...more,
    });
  }

  /** Admits a run that must be admitted. */
  start(runId: string, least = 1, more: Partial<Admit> = {}): void {
    expect(this.admit(runId, least, more)).toMatchObject({ status: 'admitted' });
  }

  reserve(runId: string, key: string, amount: number): Results['reserve'] {
    return this.do({ kind: 'reserve', team: 'acme', runId, key, amount: credits(amount) });
  }

  commit(runId: string, key: string, amount: number): Results['commit'] {
    const used = credits(amount);
    return this.do({ kind: 'commit', team: 'acme', runId, key, amount: used, detail: detailOf(used) });
  }

  /** Commits and tells where the credits came from, as `{ 'grant:1': '5' }`. */
  charge(runId: string, key: string, amount: number): Record<string, string> {
    const result = this.commit(runId, key, amount);
    if (result.status === 'refused') throw new Error(result.message);
    return inCredits(result.parts);
  }

  unreserve(runId: string, key: string): Results['unreserve'] {
    return this.do({ kind: 'unreserve', team: 'acme', runId, key });
  }

  close(runId: string): Results['close'] {
    return this.do({ kind: 'close', team: 'acme', runId, reason: 'completed' });
  }

  release(most = 100, window?: ReleaseWindow): Results['release'] {
    return this.do({ kind: 'release', team: 'acme', most, ...(window === undefined ? {} : { window }) });
  }

  /** Sets what becomes of runs that would have to wait. */
  backlog(rules: Partial<Record<keyof Backlog, Partial<BacklogRule>>>): void {
    const wait = { policy: 'wait', longestWaitMs: null, mostWaiting: null } as const;
    const backlog = Object.fromEntries(
      Object.entries(rules).map(([key, rule]) => [key, { ...wait, ...rule }]),
    );
    const { plan, anchor, timeZone } = this.rows.team;
    expect(this.do({ kind: 'upsertTeam', team: 'acme', plan, anchor, timeZone, backlog })).toEqual({
      status: 'updated',
    });
  }

  /** Puts waiting runs out of the line. */
  discard(which: Partial<DiscardWaiting>): Results['discardWaiting'] {
    const all = { flow: null, trigger: null, before: null, runIds: null, most: 100 };
    return this.do({
      kind: 'discardWaiting',
      team: 'acme',
      ...all,
      reason: 'old',
      ...which,
      ...this.command(),
    });
  }

  /** Ids of the runs in the line. */
  get line(): readonly string[] {
    return this.rows.line;
  }

  /** Ids of the runs a release lets go. */
  released(most = 100): string[] {
    const result = this.release(most);
    if (result.status === 'refused') throw new Error(result.message);
    return result.runs.map(({ runId }) => runId);
  }

  /** `cap` in dollars, null for uncapped. */
  payg(enabled: boolean, cap: number | null = null): Results['setPayg'] {
    const inMicroUsd = cap === null ? null : microUsd(Math.round(cap * 1_000_000));
    return this.do({ kind: 'setPayg', team: 'acme', enabled, cap: inMicroUsd, ...this.command() });
  }

  plan(plan: string): Results['changePlan'] {
    return this.do({ kind: 'changePlan', team: 'acme', plan, ...this.command() });
  }

  pack(amount: number, expiresAt: string | null = null): Results['addCredits'] {
    const until = expiresAt === null ? null : Date.parse(expiresAt);
    return this.do({
      kind: 'addCredits',
      team: 'acme',
      amount: credits(amount),
      expiresAt: until,
      note: null,
      ...this.command(),
    });
  }

  adjust(amount: number, expiresAt?: string): Results['adjustCredits'] {
    return this.do({
      kind: 'adjustCredits',
      team: 'acme',
      amount: credits(amount),
      reason: 'goodwill',
      ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
      ...this.command(),
    });
  }

  reverse(runId: string, key: string, line?: number): Results['reverseCharge'] {
    return this.do({
      kind: 'reverseCharge',
      team: 'acme',
      runId,
      key,
      ...(line === undefined ? {} : { line }),
      reason: 'wrong',
      ...this.command(),
    });
  }

  reverseRun(runId: string): Results['reverseRun'] {
    return this.do({ kind: 'reverseRun', team: 'acme', runId, reason: 'wrong', ...this.command() });
  }

  voidPack(grant: number): Results['voidPack'] {
    return this.do({ kind: 'voidPack', team: 'acme', grant, reason: 'a mistake', ...this.command() });
  }

  /** Where the credits of a reversal went, as `{ payg: '5' }`. */
  reversed(runId: string, key: string, line?: number): Record<string, string> {
    const result = this.reverse(runId, key, line);
    if (result.status === 'refused') throw new Error(result.message);
    return inCredits(result.parts);
  }

  status(status: 'active' | 'suspended' | 'closed'): Results['setTeamStatus'] {
    return this.do({ kind: 'setTeamStatus', team: 'acme', status, ...this.command() });
  }

  command(): { requestId: string; actor: string } {
    this.requests += 1;
    return { requestId: `q${this.requests}`, actor: 'olga' };
  }

  run(runId: string): Run {
    const run = this.rows.runs.get(runId);
    if (run === undefined) throw new Error(`run ${runId} is unknown`);
    return run;
  }

  /** What a run holds, by source, in credits. */
  holds(runId: string): Record<string, string> {
    return inCredits(this.run(runId).holds);
  }

  held(runId: string): string {
    return formatCredits(sumOf(this.run(runId).holds));
  }

  /** What is available of a grant, in credits. */
  available(grant: number): string {
    const row = this.rows.grants.get(grant);
    if (row === undefined) throw new Error(`grant ${grant} is unknown`);
    return formatCredits(available(row));
  }

  statement(index: number): Statement {
    const statement = this.rows.statements.find(({ period }) => period.index === index);
    if (statement === undefined) throw new Error(`period ${index} has no statement`);
    return statement;
  }
}

export function inCredits(parts: readonly Part[]): Record<string, string> {
  return Object.fromEntries(parts.map(({ source, amount }) => [source, formatCredits(amount)]));
}

export function c(amount: number): Millicredits {
  return credits(amount);
}

/** 1 April 2026, the first day of the scene's first period. */
export const APRIL = Date.parse('2026-04-01T10:00:00Z');
