import { type TeamRows } from '../../../src/ledger/core';
import { type Entry, type Outcome } from '../../../src/ledger/core/types';

/** What random histories must come across, so that the properties mean something. */
const WANTED: readonly string[] = [
  ...['charge', 'reversal', 'reallot'].flatMap((kind) =>
    ['grant', 'payg', 'overdraft'].map((source) => `${kind} of ${source}`),
  ),
  ...['grant', 'hold', 'release', 'expire', 'withdraw', 'repay'].map((kind) => `${kind} of grant`),
  'hold of payg',
  'release of payg',
  'release moves grant.expired',
  'reversal moves grant.expired',
  'reversal moves payg.reversed',
  'late',
  'unreserved',
  'would have waited',
  'reopened',
  'held over',
  'held over and charged',
  'held over and returned',
  'window full',
  'voidPack done',
  'reverseRun reversed',
  'discarded some',
  ...['superseded', 'discarded', 'team-closed', 'not-on-plan'].map((reason) => `left: ${reason}`),
  ...[
    'run.waiting',
    'run.released',
    'payg.enabled',
    'payg.disabled',
    'payg.usage',
    'payg.refund',
    'payg.threshold',
    'period.reset',
    'statement.closed',
    'usage.threshold',
  ].map((kind) => `event ${kind}`),
  'reversal of a line',
  'PAYG reversed',
  'PAYG billed',
  'owed',
  ...['admitted', 'waiting', 'closed', 'left'].map((status) => `admit ${status}`),
  ...['charged', 'reserved'].map((status) => `reserve ${status}`),
  ...[
    'limit-reached',
    'not-metered',
    'not-admitted',
    'request-conflict',
    'already-reversed',
    'below-available',
    'not-on-plan',
    'unknown-plan',
    'team-suspended',
    'no-credits',
    'line-full',
    'unknown-line',
    'unknown-pack',
    'pack-used',
  ].map((reason) => `refused ${reason}`),
];

/** Counts what histories came across. */
export class Reached {
  private readonly counts = new Map<string, number>();

  outcome(kind: string, outcome: Outcome): void {
    if (outcome instanceof Error) return;
    if (outcome.status === 'refused') this.count(`refused ${outcome.reason}`);
    else this.count(`${kind} ${outcome.status}`);
    if ('windowFull' in outcome && outcome.windowFull) this.count('window full');
    if ('discarded' in outcome && outcome.discarded > 0) this.count('discarded some');
  }

  rows({ entries, runs, statements, events }: TeamRows): void {
    for (const entry of entries) this.entry(entry);
    for (const event of events) {
      this.count(`event ${event.kind}`);
      if (event.kind === 'run.left') this.count(`left: ${event.data.reason}`);
    }
    for (const run of runs.values()) {
      if (run.wouldHaveWaited) this.count('would have waited');
      // A reserve took the run up again after it was closed and charged late.
      const own = entries.filter((one) => one.kind === 'charge' && one.runId === run.runId);
      if (own.some((one, i) => one.late && own[i + 1]?.late === false)) this.count('reopened');
    }
    for (const one of statements) {
      if (one.heldOverOut > 0n) this.count('held over');
      if (one.heldOverCharged > 0n) this.count('held over and charged');
      if (one.heldOverReturned > 0n) this.count('held over and returned');
      if (one.paygReversed > 0n) this.count('PAYG reversed');
      if (one.paygCents > 0n) this.count('PAYG billed');
      if (one.owed > 0n) this.count('owed');
    }
  }

  /** For people: how often each was met. */
  summary(): string {
    return [...this.counts]
      .sort()
      .map(([what, count]) => `${count} ${what}`)
      .join('\n');
  }

  missing(): readonly string[] {
    return WANTED.filter((what) => !this.counts.has(what));
  }

  private entry({ kind, parts, moves, late, unreserved, line }: Entry): void {
    if (line !== null) this.count('reversal of a line');
    for (const { source } of parts) this.count(`${kind} of ${source.replace(/:\d+/, '')}`);
    for (const { account } of moves) this.count(`${kind} moves ${account.replace(/:\d+/, '')}`);
    if (late) this.count('late');
    if (unreserved) this.count('unreserved');
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
