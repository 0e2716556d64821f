import {
  type EntryKind,
  type EventKind,
  type GrantKind,
  type LedgerRunStatus,
  type OverdraftPolicy,
  type Run,
  type TeamStatus,
} from '../../core/types';

/** The words of columns that hold one of a few. The compiler misses here what the core adds. */
function wordsOf<T extends string>(words: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(words) as T[];
}

export const TEAM_STATUSES = wordsOf<TeamStatus>({ active: true, suspended: true, closed: true });
export const OVERDRAFT_POLICIES = wordsOf<OverdraftPolicy>({ forgive: true, carry: true });
export const GRANT_KINDS = wordsOf<GrantKind>({ included: true, purchased: true, adjustment: true });
export const RUN_STATUSES = wordsOf<LedgerRunStatus>({
  waiting: true,
  admitted: true,
  closed: true,
  left: true,
});
export const RUN_MODES = wordsOf<Run['mode']>({ enforce: true, observe: true });
export const ENTRY_KINDS = wordsOf<EntryKind>({
  grant: true,
  hold: true,
  release: true,
  charge: true,
  reversal: true,
  expire: true,
  withdraw: true,
  reallot: true,
  'close-period': true,
  'open-period': true,
  repay: true,
  discard: true,
  setting: true,
});
/** The kinds of events, as they are stored and sent. */
export const EVENT_KINDS = wordsOf<EventKind>({
  'run.waiting': true,
  'run.released': true,
  'run.left': true,
  'payg.enabled': true,
  'payg.disabled': true,
  'payg.usage': true,
  'payg.refund': true,
  'payg.threshold': true,
  'period.reset': true,
  'statement.closed': true,
  'usage.threshold': true,
});
/** How the delivery of an event goes; `kept`: it is for who reads the feed alone. */
export const EVENT_STATUSES = ['pending', 'delivered', 'dead', 'kept'] as const;
