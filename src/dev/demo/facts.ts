import { type ChargeLine } from '../../contracts/charge';
import { formatCredits, parseMillicredits, type MillicreditsText } from '../../contracts/millicredits';
import { type AdmissionAnswer } from '../../contracts/run';

/** Something the demo announces did not happen. The message says what, and what was found instead. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';
}

type Comparable = string | number | bigint | boolean | null;

/** What the story claims is checked against the system as it is told; the first claim that fails ends the demo. */
export class Checks {
  private count = 0;

  /** How many claims held. */
  get held(): number {
    return this.count;
  }

  that(claim: string, holds: boolean, found: string): void {
    if (!holds) throw new DemoFailed(`this did not happen: ${claim}. Found: ${found}`);
    this.count += 1;
  }

  equal(claim: string, found: Comparable, wanted: Comparable): void {
    this.that(claim, found === wanted, `${String(found)}, not ${String(wanted)}`);
  }

  sameOrder(claim: string, found: readonly string[], wanted: readonly string[]): void {
    this.equal(claim, found.join(', '), wanted.join(', '));
  }
}

/** One run, as the system told of it. Amounts are millicredits in text. */
export interface RunFacts {
  readonly workflowId: string;
  readonly flow: string;
  readonly admission: AdmissionAnswer;
  readonly charged: MillicreditsText;
  /** The sources its charges were drawn from: `grant:1`, `payg`, `overdraft`. */
  readonly sources: Readonly<Record<string, MillicreditsText>>;
  readonly status: string;
}

/** A closed period. Amounts are millicredits in text. */
export interface StatementFacts {
  readonly team: string;
  readonly plan: string;
  readonly from: string;
  readonly to: string;
  readonly opening: MillicreditsText;
  readonly granted: MillicreditsText;
  readonly charged: MillicreditsText;
  readonly expired: MillicreditsText;
  readonly withdrawn: MillicreditsText;
  readonly closing: MillicreditsText;
  readonly payg: MillicreditsText;
  readonly paygCents: string;
  readonly overdraft: MillicreditsText;
}

/** An agent's run, or why there was none. */
export type AgentFacts =
  | { readonly status: 'skipped'; readonly missing: readonly string[] }
  | {
      readonly status: 'played';
      readonly runs: readonly RunFacts[];
      readonly answer: string;
      readonly modelCalls: number;
      /** How often each tool was called, by its name at its server. */
      readonly toolCalls: Readonly<Record<string, number>>;
      /** What its charges are for, from the ledger. */
      readonly lines: readonly ChargeLine[];
    };

/** What the demo found, for `--json`. */
export interface DemoFacts {
  readonly temporalUi: string | null;
  readonly rateCard: string;
  readonly free: {
    readonly runs: readonly RunFacts[];
    readonly inFlight: number;
    readonly localRun: RunFacts;
    readonly paygRefusal: { readonly reason: string; readonly message: string };
    /** Waiting runs when the act ends, in the line's order. */
    readonly line: readonly string[];
    /** After its own reset, at the end: in order of admission. */
    readonly releasedByReset: readonly string[];
  };
  readonly solo: {
    readonly runs: readonly RunFacts[];
    readonly line: readonly string[];
    readonly preview: { readonly least: MillicreditsText; readonly most: MillicreditsText | null };
    readonly released: readonly string[];
  };
  readonly reset: {
    readonly runs: readonly RunFacts[];
    readonly line: readonly string[];
    readonly clockMovedTo: string;
    readonly released: readonly string[];
    /** Opening of the new period, and what was granted in it: nothing rolled over. */
    readonly available: MillicreditsText;
  };
  readonly agent: AgentFacts;
  readonly statements: readonly StatementFacts[];
  readonly requestsServed: number;
  /** What `verify` found, and over how much. */
  readonly verify: { readonly clean: boolean } & Readonly<
    Record<'violations' | 'teams' | 'grants' | 'runs' | 'entries' | 'statements', number>
  >;
  readonly checksHeld: number;
}

/** Credits from their text on the wire, for people. */
export function inCredits(text: MillicreditsText): string {
  return formatCredits(parseMillicredits(text));
}
