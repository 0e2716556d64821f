import { type Trigger } from '../../contracts/context';
import { type Instant } from '../../contracts/time';
import { type LedgerEvent } from './event-types';
import { type Result } from './operations';
import {
  type Entry,
  type Grant,
  type PastCharge,
  type RequestRecord,
  type Run,
  type Statement,
  type Team,
} from './types';

/** What a batch is given, and what comes of it. */

export interface Books {
  readonly team: Team;
  /**
   * All live grants (available, held or chargedInPeriod is not 0), those a loaded charge came from, and the included
   * grant of a loaded charge's period. More is harmless.
   */
  readonly grants: ReadonlyMap<number, Grant>;
  readonly runs: ReadonlyMap<string, Run>;
  /** Ids of waiting runs in order, a prefix of the line; each is in `runs`. */
  readonly line: readonly string[];
  /** How many waiting runs stand before a waiting run that asks again. */
  readonly ahead: ReadonlyMap<string, number>;
  /** By `chargeKey(runId, key)`. */
  readonly charges: ReadonlyMap<string, PastCharge>;
  readonly requests: ReadonlyMap<string, RequestRecord>;
}

/** What a batch did to one team: the rows to write. Objects are whole rows, not differences. */
export interface TeamChanges {
  /** The team did not exist before the batch. */
  readonly created: boolean;
  /** Null if the row is as it was. */
  readonly team: Team | null;
  /** New and changed rows. */
  readonly grants: readonly Grant[];
  readonly runs: readonly Run[];
  /** New rows, in order of `seq`. */
  readonly entries: readonly Entry[];
  readonly statements: readonly Statement[];
  readonly requests: readonly RequestRecord[];
  /** New rows, in order of `seq`. */
  readonly events: readonly LedgerEvent[];
}

/** What the store must have loaded before an operation, beside their team's row and all its live grants. */
export interface Needs {
  readonly team: string;
  /** Runs by id, where they exist. */
  readonly runs: readonly string[];
  /** Waiting runs among `runs` whose place is asked for: fill `ahead`. */
  readonly ahead: readonly string[];
  /**
   * So many runs from the head of the line, in `line` and `runs`. Loading fewer than a batch takes from the line is no
   * fault: its last release then does less and says `more`.
   */
  readonly line: number;
  /** Admitted runs that are `starting`, all of them, in `runs`. */
  readonly starting: boolean;
  /** Waiting runs of the same flow and trigger, where the team's backlog keeps the latest alone; the first of the line. */
  readonly sameFlow: readonly { readonly flow: string; readonly trigger: Trigger }[];
  /** The batch may change that rule before it comes to them: then whatever the team's row says. */
  readonly newBacklog: boolean;
  /** Waiting runs to put out of the line, the first of those that match. */
  readonly matching: readonly WaitingFilter[];
  /** Charges by run and key, where they exist. */
  readonly charges: readonly { readonly runId: string; readonly key: string }[];
  /** All charges of these runs. */
  readonly chargesOfRuns: readonly string[];
  /** Also the grants those charges came from and the included grant of their periods, live or not. */
  readonly grantsOfCharges: boolean;
  readonly requests: readonly string[];
}

/** Which waiting runs are meant: all conditions hold. */
export interface WaitingFilter {
  readonly flow: string | null;
  readonly trigger: Trigger | null;
  /** Asked before this moment. */
  readonly before: Instant | null;
  readonly runIds: readonly string[] | null;
  readonly most: number;
}

/** One operation's outcome: its result, or the fault that undid it (a bug or broken books; nobody else is touched). */
export type Outcome = Result | Error;

export interface BatchOutcome {
  /** One per operation, in the same order. */
  readonly outcomes: readonly Outcome[];
  /** Only teams of which a row changed. */
  readonly changes: ReadonlyMap<string, TeamChanges>;
}
