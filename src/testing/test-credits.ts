import { randomUUID } from 'node:crypto';
import {
  formatCredits,
  parseCredits,
  parseMillicredits,
  subtract,
  ZERO,
  type Millicredits,
} from '../contracts/millicredits';
import { parseUsd } from '../contracts/money';
import { toIso, type Instant } from '../contracts/time';
import { checkInvariants, type Violation } from '../ledger/core';
import { Draft } from '../ledger/core/draft';
import { type PastCharge, type Run, type Statement } from '../ledger/core/types';
import { overviewOf, type TeamOverview } from '../ledger/read/teams';
import { FlowCreditsPlugin, type FlowCreditsPluginOptions } from '../plugin/flow-credits-plugin';
import { type Pricing } from '../pricing';
import { keeperOf } from './keeper';
import { TestLedger } from './memory';

/** What {@link TestCredits} takes. */
export interface TestCreditsOptions {
  /** By `loadPricing({ cardFiles: [...] })`. */
  readonly pricing: Pricing;
  /** The ledger's time at the beginning, ISO 8601. Default: now. */
  readonly now?: string;
}

/** A team of a test. */
export interface TestTeam {
  /** Default `solo`. */
  readonly plan?: string;
  /** What it has to spend, `"12.5"`. Left out: what its plan includes. */
  readonly credits?: string;
  /** Where its months begin, as a local date and time. Default: now, in UTC. */
  readonly anchor?: string;
  /** Default `UTC`. */
  readonly timeZone?: string;
  /** The most one workflow may be charged, in credits. */
  readonly runLimit?: string;
}

/** One charge: credits as text, and what they were for. */
export interface TestCharge {
  readonly workflowId: string;
  /** The activity's type. */
  readonly type: string;
  readonly credits: string;
  readonly lines: readonly { readonly what: string; readonly quantity: string; readonly credits: string }[];
  /** It came after its workflow had ended. */
  readonly late: boolean;
}

const actor = 'test';

/** Credits for a platform's tests: teams, plugins, and a look into the books. Amounts are text, `"12.5"` credits. */
export class TestCredits {
  readonly ledger: TestLedger;
  private readonly pricing: Pricing;
  private readonly faults: string[] = [];

  constructor({ pricing, now }: TestCreditsOptions) {
    this.pricing = pricing;
    this.ledger = new TestLedger(pricing, now === undefined ? Date.now() : Date.parse(now));
  }

  /** A plugin on this ledger: for workers, bundles and clients of the test, as `new FlowCreditsPlugin` is anywhere. */
  plugin(
    options: Omit<FlowCreditsPluginOptions, 'ledger' | 'reader' | 'pricing' | 'keeper'>,
  ): FlowCreditsPlugin {
    const { ledger, pricing } = this;
    const keeper = keeperOf(ledger, (team, error) =>
      this.faults.push(`team "${team}" was not released: ${String(error)}`),
    );
    return new FlowCreditsPlugin({ ...options, ledger, reader: ledger.reader, pricing, keeper });
  }

  /** Throws where the ledger refuses: a plan that nobody knows, a name that is no team's. */
  createTeam(team: string, options: TestTeam = {}): void {
    const { plan = 'solo', timeZone = 'UTC', runLimit, credits } = options;
    const anchor = options.anchor ?? toIso(this.ledger.time).slice(0, 19);
    const limit = runLimit === undefined ? {} : { runLimit: parseCredits(runLimit) };
    done(this.ledger.apply({ kind: 'upsertTeam', team, plan, anchor, timeZone, ...limit }));
    if (credits === undefined) return;
    const has = this.team(team).spendable ?? ZERO;
    this.adjust(team, subtract(parseCredits(credits), has));
  }

  /** Gives credits, or with a `-` takes some of what is left; they last until the month's end. */
  giveCredits(team: string, credits: string): void {
    this.adjust(team, parseCredits(credits));
  }

  /** Turns pay-as-you-go on, up to a cap where one is named; `false` turns it off. */
  payAsYouGo(team: string, to: { readonly capUsd?: string } | false = {}): void {
    const cap = to !== false && to.capUsd !== undefined ? parseUsd(to.capUsd) : null;
    const command = { requestId: randomUUID(), actor, enabled: to !== false, cap };
    done(this.ledger.apply({ kind: 'setPayg', team, ...command }));
  }

  /** The ledger's time, ISO 8601. */
  now(): string {
    return toIso(this.ledger.time);
  }

  /** Moves the ledger's time on; teams meet what has become due with their next operation, as in life. */
  moveTo(time: string): void {
    const at: Instant = Date.parse(time);
    if (!(at >= this.ledger.time)) throw new RangeError(`"${time}" is not after ${this.now()}`);
    this.ledger.time = at;
  }

  /** Moves on to the end of the team's month, and rolls it over: its statement is made, and waiting workflows go. */
  rollMonth(team: string): void {
    this.moveTo(toIso(this.ledger.rows(team).team.period.end));
    done(this.ledger.apply({ kind: 'touch', team }));
  }

  /** What the team has, used and may still use, in millicredits. */
  team(team: string): TeamOverview {
    const { grants, runs, line, charges, requests, team: row } = this.ledger.rows(team);
    const books = { team: row, grants, runs, line, charges, requests, ahead: new Map<string, number>() };
    return overviewOf(new Draft(books, this.pricing, false));
  }

  /** What the team may still spend, `"12.5"`; null: pay-as-you-go without a cap. */
  spendable(team: string): string | null {
    const { spendable } = this.team(team);
    return spendable === null ? null : formatCredits(spendable);
  }

  /** Its runs, oldest first. */
  runs(team: string): readonly Run[] {
    return [...this.ledger.rows(team).runs.values()].sort((a, b) => a.askedAt - b.askedAt);
  }

  /** What the team was charged, in order; of one workflow where it is named. */
  charges(team: string, workflowId?: string): readonly TestCharge[] {
    const { charges, runs, entries } = this.ledger.rows(team);
    const types = new Map(entries.map(({ seq, detail }) => [seq, detail]));
    return [...charges.values()]
      .map((charge): PastCharge & { readonly workflowId: string } => {
        return { ...charge, workflowId: runs.get(charge.runId)?.workflowId ?? '' };
      })
      .filter((charge) => workflowId === undefined || charge.workflowId === workflowId)
      .sort((a, b) => a.seq - b.seq)
      .map(({ workflowId: of, amount, seq, late }) => {
        const detail = types.get(seq);
        const lines = (detail?.lines ?? []).map(({ what, quantity, millicredits }) => {
          return { what, quantity, credits: formatCredits(parseMillicredits(millicredits)) };
        });
        return { workflowId: of, type: detail?.type ?? '', credits: formatCredits(amount), lines, late };
      });
  }

  /** The statements of its closed months, oldest first. */
  statements(team: string): readonly Statement[] {
    return this.ledger.rows(team).statements;
  }

  /** Broken invariants of the team's books, and what went wrong when waiting workflows were told: none, or it is our bug. */
  violations(team: string): readonly (Violation | { readonly message: string })[] {
    const rows = this.ledger.rows(team);
    const untold = this.faults.map((message) => ({ message }));
    return [...checkInvariants(rows, rows.entries, this.pricing), ...untold];
  }

  private adjust(team: string, amount: Millicredits): void {
    if (amount === ZERO) return;
    const command = { requestId: randomUUID(), actor, amount, reason: 'test' };
    done(this.ledger.apply({ kind: 'adjustCredits', team, ...command }));
  }
}

/** A test that asks for what is refused is at fault: the message says the way out. */
function done(answer: { readonly status: string; readonly message?: string }): void {
  if (answer.status === 'refused') throw new RangeError(answer.message ?? 'refused');
}
